//! Goes from one application to another and stays on the same kind of page.

use super::menu::Menu;
use crate::{
    browser,
    erased::view,
    frame::{FrameApplication, console},
    i18n::{frame as t, names},
    paths::{Place, Section, place},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The application switcher; not there while there is nothing to switch to.
#[component]
pub fn ApplicationSwitcher() -> impl IntoView {
    let console = console();
    let l = console.locale;
    let path = use_location().pathname;
    let place = Memo::new(move |_| place(&path.get()));
    let label = move || match place.get() {
        Place::Application(id, _) => console.applications.with(|all| {
            let current = all.iter().find(|one| one.access_id == id);
            current.map_or_else(|| t::choose_application(l).to_owned(), full_name)
        }),
        _ => t::choose_application(l).to_owned(),
    };
    let links = move || {
        let (current, section) = match place.get() {
            Place::Application(id, section) => (Some(id), section),
            _ => (None, Section::Information),
        };
        let link = move |one: FrameApplication| {
            let here = current == Some(one.access_id);
            view! {
                <li>
                    <a
                        class="menu-item"
                        href=section.of(one.access_id)
                        aria-current=here.then_some("true")
                        on:click=|_| browser::close_menus()
                    >
                        <span>{full_name(&one)}</span>
                        <span class="hint mono">{one.access_id.to_string()}</span>
                    </a>
                </li>
            }
        };
        console.applications.get().into_iter().map(link).collect_view()
    };
    view! {
        <Show when=move || console.applications.with(|all| !all.is_empty())>
            <Menu label=move || view! { <span class="switcher-label">{label}</span> } says=t::switch_application(l) class="switcher">
                <ul class="menu-list">{links}</ul>
            </Menu>
        </Show>
    }
    .into_any()
}

fn full_name(one: &FrameApplication) -> String {
    format!(
        "{} / {}",
        one.product_name,
        names::with_platform(&one.name, one.platform)
    )
}
