//! One IM application: keys, how to call, administrators, enable and disable.

use super::{AuthorisedList, StateBadge, administrators::Administrators, channels::Channels, way};
use crate::{
    api::{self, im_channels::ImPage},
    browser,
    erased::{effect, view},
    frame::locale,
    i18n::{Locale, im_applications as t, names},
    pages::path_id,
    ui::{
        CopyButton, Form, KeyValue, KeyValues, LinkButton, Loaded, Look, PageHeader, Reveal, SecretField, Sending,
        Sign, Time, page_data, revealing,
    },
};
use domain::{SdkAppId, im::ImApplicationView};
use leptos::prelude::*;

/// The server functions of the page's forms.
#[derive(Clone, Copy)]
struct Actions {
    reveal: Reveal,
    switch: Sending,
    administrators: Sending,
}

/// The page.
#[component]
pub fn ImApplicationPage() -> impl IntoView {
    let id = path_id("sdk_app_id", SdkAppId(0));
    let data = page_data(move || api::im_channels::Page { sdk_app_id: id.get() });
    let actions = Actions {
        reveal: revealing(move || api::im_applications::Reveal {
            sdk_app_id: id.get_untracked(),
        }),
        switch: Sending::to::<api::im_applications::SetEnabled>(),
        administrators: Sending::to::<api::im_applications::SetAdministrators>(),
    };
    view! {
        <Loaded data=data let:page>
            <Details page=page actions=actions />
        </Loaded>
    }
}

#[component]
fn Details(page: ImPage, actions: Actions) -> impl IntoView {
    let l = locale();
    let ImPage { application, channels } = page;
    let id = application.sdk_app_id;
    view! {
        <PageHeader title=application.name.clone() about=t::title(l) path=way(l, &application, None)>
            <StateBadge enabled=application.enabled />
            <LinkButton href=format!("/im-applications/{id}/delete") sign=Sign::Bin look=Look::Quiet>
                {t::delete_title(l)}
            </LinkButton>
        </PageHeader>
        <Basics application=application.clone() reveal=actions.reveal />
        <HowToCall application=application.clone() />
        <Channels sdk_app_id=id channels=channels />
        <Administrators action=actions.administrators application=application.clone() />
        <SwitchOnOff action=actions.switch application=application />
    }
}

#[component]
fn Basics(application: ImApplicationView, reveal: Reveal) -> impl IntoView {
    let l = locale();
    let id = application.sdk_app_id;
    let place = names::access_point(l, &application.access_point);
    view! {
        <section class="panel" aria-labelledby="basics">
            <h2 id="basics">{t::basics(l)}</h2>
            <KeyValues>
                <KeyValue name=t::SDK_APP_ID hint=t::sdk_app_id_hint(l)>
                    <code class="mono">{id.to_string()}</code>
                    <CopyButton value=id.to_string() what=t::SDK_APP_ID />
                </KeyValue>
                <KeyValue name=t::key(l) hint=t::key_hint(l)>
                    <SecretField
                        what=t::key(l)
                        hint=application.key_hint
                        href=format!("/im-applications/{id}/secret-key")
                        reveal=reveal
                    />
                </KeyValue>
                <KeyValue name=t::access_point(l) hint=t::access_point_fixed(l)>{place}</KeyValue>
                <KeyValue name=t::authorised_to(l)><AuthorisedList authorised_to=application.authorised_to /></KeyValue>
                <KeyValue name=t::created(l)><Time at=application.created_at /></KeyValue>
            </KeyValues>
        </section>
    }
    .into_any()
}

/// The call as it can be pasted into a shell. The server's own address is known only in the browser.
#[component]
fn HowToCall(application: ImApplicationView) -> impl IntoView {
    let l = locale();
    let origin = RwSignal::new(String::new());
    effect(move || origin.set(browser::origin()));
    let application = StoredValue::new(application);
    let call = move |origin: &str| application.with_value(|application| example(application, origin));
    view! {
        <section class="panel" aria-labelledby="call">
            <h2 id="call">{t::call(l)}</h2>
            <p class="lead">{t::call_lead(l)}</p>
            <pre class="code" tabindex="0"><code>{move || call(&origin.get())}</code></pre>
            <p class="hint">{t::call_other(l)}</p>
            {move || {
                let origin = origin.get();
                if origin.is_empty() {
                    view! { <p class="hint">{t::call_where(l)}</p> }.into_any()
                } else {
                    view! { <CopyButton value=call(&origin) what=t::copy_call(l) /> }.into_any()
                }
            }}
        </section>
    }
    .into_any()
}

fn example(application: &ImApplicationView, origin: &str) -> String {
    let id = application.sdk_app_id;
    let caller = application
        .administrators
        .first()
        .map_or(domain::im::DEFAULT_ADMINISTRATOR, String::as_str);
    format!(
        "curl -X POST '{origin}/v4/openim/sendmsg?sdkappid={id}&identifier={caller}&usersig=USERSIG&random=1&contenttype=json' \\\n  \
         -d '{{\"To_Account\":\"user1\",\"MsgRandom\":1,\"MsgBody\":[{{\"MsgType\":\"TIMTextElem\",\"MsgContent\":{{\"Text\":\"Hello\"}}}}]}}'"
    )
}

#[component]
fn SwitchOnOff(action: Sending, application: ImApplicationView) -> impl IntoView {
    let l = locale();
    let words = words(l, application.enabled);
    let next = !application.enabled;
    view! {
        <section class="panel" aria-labelledby="state">
            <h2 id="state">{t::switch_title(l)}</h2>
            <p class="lead">{words.hint}</p>
            <Form action=action name="im-applications/set-enabled" submit=words.submit busy=words.busy look=words.look>
                <input type="hidden" name="sdk_app_id" value=application.sdk_app_id.to_string() />
                <input type="hidden" name="enabled" value=next.to_string() />
            </Form>
        </section>
    }
    .into_any()
}

struct Words {
    hint: &'static str,
    submit: &'static str,
    busy: &'static str,
    look: Look,
}

const fn words(l: Locale, enabled: bool) -> Words {
    if enabled {
        Words {
            hint: t::disable_hint(l),
            submit: t::disable(l),
            busy: t::disabling(l),
            look: Look::Danger,
        }
    } else {
        Words {
            hint: t::enable_hint(l),
            submit: t::enable(l),
            busy: t::enabling(l),
            look: Look::Primary,
        }
    }
}
