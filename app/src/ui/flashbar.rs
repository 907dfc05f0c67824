//! Messages after an action, on top of the page that followed it.

use super::icon::{Icon, Sign};
use crate::{
    erased::{effect, view},
    frame::console,
    i18n::{done, frame as t},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The messages of the page. They go when they are dismissed, or when the reader moves on.
#[component]
pub fn Flashbar() -> impl IntoView {
    let console = console();
    let l = console.locale;
    let path = use_location().pathname;
    effect(move || {
        let here = path.get();
        console
            .notices
            .update(|notices| notices.retain(|shown| shown.path == here));
    });
    let dismiss = move |event: web_sys::MouseEvent, index: usize| {
        event.prevent_default();
        console.notices.update(|notices| {
            if index < notices.len() {
                notices.remove(index);
            }
        });
    };
    view! {
        <div class="flashbar" role="status" aria-live="polite">
            {move || {
                let notices = console.notices.get();
                notices
                    .into_iter()
                    .enumerate()
                    .map(|(index, shown)| {
                        let (class, sign) = if shown.notice.done.went_well() {
                            ("alert alert-good", Sign::Check)
                        } else {
                            ("alert alert-bad", Sign::Warning)
                        };
                        view! {
                            <div class=class>
                                <Icon sign=sign />
                                <p class="alert-body">{done::text(l, &shown.notice)}</p>
                                // Without script the link loads the page anew, and the message is gone.
                                <a
                                    class="button button-quiet button-icon"
                                    href=shown.path
                                    aria-label=t::dismiss(l)
                                    on:click=move |event| dismiss(event, index)
                                >
                                    <Icon sign=Sign::Cross />
                                </a>
                            </div>
                        }
                    })
                    .collect_view()
            }}
        </div>
    }
    .into_any()
}
