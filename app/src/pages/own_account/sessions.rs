//! Where somebody is signed in, and ending that.

use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{frame, own_account as t},
    ui::{DataTable, Form, Look, Sending, Time},
};
use domain::sign_in::{SessionMark, SessionView};
use leptos::{prelude::*, server_fn::ServerFn};

/// The section.
#[component]
pub fn Sessions(sessions: Vec<SessionView>, this: SessionMark) -> impl IntoView {
    let l = locale();
    let action = Sending::to::<api::account::EndOtherSessions>();
    let alone = sessions.len() < 2;
    let rows: Vec<_> = sessions
        .into_iter()
        .map(|session| {
            let is_this = session.mark == this;
            view! { <Row session=session is_this=is_this /> }
        })
        .collect();
    let all = (!alone).then(|| {
        view! {
            <Form
                action=action
                name="account/end-other-sessions"
                submit=t::end_others(l)
                busy=t::ending(l)
                look=Look::Danger
            >
                ""
            </Form>
        }
    });
    view! {
        <section class="panel" aria-labelledby="sessions">
            <h2 id="sessions">{t::sessions_title(l)}</h2>
            <p class="lead">{t::sessions_lead(l)}</p>
            <DataTable id="open-sessions" caption=t::sessions_table(l)>
                <thead>
                    <tr>
                        <th scope="col">{t::column_browser(l)}</th>
                        <th scope="col">{t::column_address(l)}</th>
                        <th scope="col">{t::column_begun(l)}</th>
                        <th scope="col">{t::column_seen(l)}</th>
                        <th scope="col">{frame::operations(l)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
            {all}
        </section>
    }
    .into_any()
}

#[component]
fn Row(session: SessionView, is_this: bool) -> impl IntoView {
    let l = locale();
    let known = !session.browser.is_empty();
    let browser = if known {
        session.browser
    } else {
        t::unknown_browser(l).to_owned()
    };
    let says = t::end_session(l, &format!("{browser}, {}", session.address));
    let end = if is_this {
        view! { <span class="hint">{t::this_one(l)}</span> }.into_any()
    } else {
        view! {
            <form method="post" action=api::account::EndSession::PATH>
                <input type="hidden" name="session" value=session.mark.0 />
                <button type="submit" class="button button-quiet" aria-label=says>{t::end(l)}</button>
            </form>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row"><span lang=known.then_some("en")>{browser}</span></th>
            <td><code class="mono">{session.address}</code></td>
            <td><Time at=session.begun_at /></td>
            <td><Time at=session.seen_at /></td>
            <td>{end}</td>
        </tr>
    }
    .into_any()
}
