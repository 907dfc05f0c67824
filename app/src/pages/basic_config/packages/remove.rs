//! Remove package name: what stops with it.

use crate::{
    api::{self, packages::REMOVE},
    erased::view,
    frame::locale,
    i18n::{Locale, packages as t},
    pages::{basic_config::way, path_id},
    paths::Section,
    ui::{Alert, Form, Loaded, Look, PageHeader, Sending, Tone, page_data},
};
use domain::{
    AccessId, PackageId,
    basic_config::{MAX_DEVICES_COUNTED, PackageUse},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn RemovePackagePage() -> impl IntoView {
    let id = path_id("access_id", AccessId(0));
    let package = path_id("package", PackageId::MAIN);
    let action = Sending::to::<api::packages::Remove>();
    let data = page_data(move || api::packages::Package {
        access_id: id.get(),
        package: package.get(),
    });
    view! {
        <Loaded data=data let:package>
            <Ask action=action package=package />
        </Loaded>
    }
}

#[component]
fn Ask(action: Sending, package: PackageUse) -> impl IntoView {
    let l = locale();
    let PackageUse {
        application,
        id,
        name,
        devices,
        channels,
    } = package;
    let (tone, who) = if devices == 0 {
        (Tone::Info, t::not_in_use(l).to_owned())
    } else {
        (Tone::Warning, t::in_use(l, &counted(l, devices)))
    };
    let keys = (!channels.is_empty()).then(|| {
        let vendors: Vec<_> = channels.iter().map(|channel| channel.label()).collect();
        let vendors = vendors.join(match l {
            Locale::En => ", ",
            Locale::Zh => "、",
        });
        view! { <li>{t::keys_go(l, &vendors)}</li> }
    });
    let title = t::remove_title(l);
    view! {
        <PageHeader title=title about=application.name.clone() path=way(l, &application, Some(title.into())) />
        <div class="panel panel-form">
            <Alert tone=tone title=t::remove_question(l, &name)>
                <ul>
                    <li>{who}</li>
                    {keys}
                </ul>
            </Alert>
            <Form
                action=action
                name=REMOVE
                submit=title
                busy=t::removing(l)
                look=Look::Danger
                cancel=Section::BasicConfig.of(application.access_id)
            >
                <input type="hidden" name="access_id" value=application.access_id.to_string() />
                <input type="hidden" name="package" value=id.to_string() />
            </Form>
        </div>
    }
    .into_any()
}

fn counted(l: Locale, devices: u32) -> String {
    match devices {
        1 => t::one_device(l).to_owned(),
        n if n >= MAX_DEVICES_COUNTED => t::many_devices(l, MAX_DEVICES_COUNTED),
        n => t::devices(l, n),
    }
}
