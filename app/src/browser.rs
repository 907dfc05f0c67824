//! What only a browser can do. On the server every function here does nothing.

use crate::error::UiError;
use leptos::ev;

#[cfg(feature = "hydrate")]
mod real {
    use super::{UiError, ev};
    use leptos::{form::form_data_from_event, prelude::*};
    use wasm_bindgen::{JsCast, JsValue, closure::Closure};
    use web_sys::{Element, HtmlDialogElement, HtmlElement, HtmlFormElement, UrlSearchParams};

    /// Tells style sheets and tests that the page is alive: `html[data-hydrated=true]`.
    pub fn mark_hydrated() {
        if let Some(html) = document().document_element() {
            _ = html.set_attribute("data-hydrated", "true");
        }
    }

    /// The reader's offset from UTC in minutes, east positive.
    pub fn zone_minutes() -> i32 {
        #[expect(clippy::cast_possible_truncation, reason = "offsets are whole minutes below 1000")]
        let minutes = js_sys::Date::new_0().get_timezone_offset() as i32;
        -minutes
    }

    /// Keeps the zone for the next page that the server renders.
    pub fn remember_zone(minutes: i32) {
        if let Some(document) = document().dyn_ref::<web_sys::HtmlDocument>() {
            _ = document.set_cookie(&format!("zone={minutes}; Path=/; Max-Age=31536000; SameSite=Lax"));
        }
    }

    /// Scheme, host and port of the page: `https://push.example.org`.
    pub fn origin() -> String {
        window().location().origin().unwrap_or_default()
    }

    /// Loads a page anew.
    pub fn load(path: &str) {
        _ = window().location().set_href(path);
    }

    /// Moves the focus to an element.
    pub fn focus(id: &str) {
        if let Some(element) = element(id) {
            _ = element.focus();
        }
    }

    /// Moves the focus to the first field of a form that came in later than the page, unless somebody types already.
    pub fn begin_at(id: &str) {
        let busy = document()
            .active_element()
            .is_some_and(|active| matches!(active.tag_name().as_str(), "INPUT" | "SELECT" | "TEXTAREA"));
        if !busy {
            focus(id);
        }
    }

    /// Opens a `<dialog>` as a modal one: focus stays inside, Escape closes it.
    pub fn show_modal(id: &str) {
        if let Some(dialog) = element(id).and_then(|element| element.dyn_into::<HtmlDialogElement>().ok())
            && !dialog.open()
        {
            _ = dialog.show_modal();
        }
    }

    /// Hides the navigation that was opened over the page on a narrow screen.
    pub fn hide_popover(id: &str) {
        if let Some(element) = element(id) {
            // Taking the attribute away hides it, whether it was shown or not.
            _ = element.remove_attribute("popover");
            _ = element.set_attribute("popover", "auto");
        }
    }

    /// Closes a `<details>` menu when the focus has left it.
    pub fn close_when_left(event: &ev::FocusEvent) {
        let menu = event
            .current_target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let next = event
            .related_target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if let (Some(menu), Some(next)) = (menu, next)
            && !menu.contains(Some(&next))
        {
            _ = menu.remove_attribute("open");
        }
    }

    /// Closes a `<details>` menu on Escape, and gives the focus back to what opened it.
    pub fn close_on_escape(event: &ev::KeyboardEvent) {
        let menu = event
            .current_target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        if let (true, Some(menu)) = (event.key() == "Escape", menu) {
            _ = menu.remove_attribute("open");
            if let Ok(Some(summary)) = menu.query_selector("summary") {
                _ = summary.unchecked_into::<HtmlElement>().focus();
            }
        }
    }

    /// Closes every open menu of the page.
    pub fn close_menus() {
        if let Ok(open) = document().query_selector_all("details.menu[open]") {
            for index in 0..open.length() {
                if let Some(menu) = open.get(index) {
                    _ = menu.unchecked_into::<Element>().remove_attribute("open");
                }
            }
        }
    }

    /// Puts text on the clipboard; whether that worked.
    pub async fn copy(text: &str) -> bool {
        let clipboard = window().navigator().clipboard();
        // Not there on pages served without TLS from another machine.
        if JsValue::from(clipboard.clone()).is_undefined() {
            return false;
        }
        wasm_bindgen_futures::JsFuture::from(clipboard.write_text(text))
            .await
            .is_ok()
    }

    /// Has the browser post a form by itself, as without script.
    pub fn post(form: &str) {
        if let Some(form) = element(form).and_then(|element| element.dyn_into::<HtmlFormElement>().ok()) {
            _ = form.submit();
        }
    }

    /// The path of the page with its query, for coming back to it.
    pub fn here() -> String {
        let location = window().location();
        location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
    }

    /// What a form that is being sent says, as the browser itself would post it.
    pub fn fields_of(event: &ev::SubmitEvent) -> Result<String, UiError> {
        let unreadable = || UiError::from_server_fn_error(ServerFnErrorErr::Serialization("form".into()));
        let data = form_data_from_event(event).map_err(|_| unreadable())?;
        let fields = UrlSearchParams::new_with_str_sequence_sequence(&data).map_err(|_| unreadable())?;
        Ok(fields.to_string().into())
    }

    /// Asks `question` before a link leads out of the page, and has the browser ask before it is closed or reloaded,
    /// while `dirty`. Sending the form itself asks nothing. Lasts until the current owner is cleaned up.
    pub fn guard_unsaved(dirty: RwSignal<bool>, form: String, question: &'static str) {
        let is_dirty = move || dirty.try_get_untracked() == Some(true);
        let unload = window_event_listener(ev::beforeunload, move |event| {
            if is_dirty() {
                event.prevent_default();
            }
        });
        let submit = window_event_listener(ev::submit, move |event| {
            let sent = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            // With script the page stays until the answer; a refused form is as unsaved as before.
            if !event.default_prevented() && sent.is_some_and(|sent| sent.id() == form) {
                dirty.try_set(false);
            }
        });
        let ask = Closure::<dyn Fn(ev::MouseEvent)>::new(move |event: ev::MouseEvent| {
            if is_dirty() && leads_away(&event) {
                if window().confirm_with_message(question).unwrap_or(true) {
                    dirty.try_set(false);
                } else {
                    event.prevent_default();
                    event.stop_propagation();
                }
            }
        });
        // Before the router sees the click.
        _ = document().add_event_listener_with_callback_and_bool("click", ask.as_ref().unchecked_ref(), true);
        let ask = StoredValue::new_local(ask);
        on_cleanup(move || {
            unload.remove();
            submit.remove();
            ask.try_with_value(|ask| {
                document().remove_event_listener_with_callback_and_bool("click", ask.as_ref().unchecked_ref(), true)
            });
        });
    }

    /// Whether a click follows a link out of the page, in the same tab.
    fn leads_away(event: &ev::MouseEvent) -> bool {
        let plain = event.button() == 0 && !event.ctrl_key() && !event.meta_key() && !event.shift_key();
        let clicked = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let link = clicked.and_then(|clicked| clicked.closest("a[href]").ok().flatten());
        let href = link.and_then(|link| link.get_attribute("href"));
        plain && !event.default_prevented() && href.is_some_and(|href| !href.starts_with('#'))
    }

    fn element(id: &str) -> Option<HtmlElement> {
        document()
            .get_element_by_id(id)
            .and_then(|element| element.dyn_into().ok())
    }
}

#[cfg(not(feature = "hydrate"))]
#[expect(clippy::unused_async, reason = "the browser's one waits")]
mod nothing {
    use super::{UiError, ev};

    /// See the browser's one.
    pub fn mark_hydrated() {}
    /// See the browser's one.
    pub fn zone_minutes() -> i32 {
        0
    }
    /// See the browser's one.
    pub fn remember_zone(_: i32) {}
    /// See the browser's one.
    pub fn origin() -> String {
        String::new()
    }
    /// See the browser's one.
    pub fn load(_: &str) {}
    /// See the browser's one.
    pub fn post(_: &str) {}
    /// See the browser's one.
    pub fn here() -> String {
        String::new()
    }
    /// See the browser's one.
    pub fn focus(_: &str) {}
    /// See the browser's one.
    pub fn begin_at(_: &str) {}
    /// See the browser's one.
    pub fn show_modal(_: &str) {}
    /// See the browser's one.
    pub fn hide_popover(_: &str) {}
    /// See the browser's one.
    pub fn close_when_left(_: &ev::FocusEvent) {}
    /// See the browser's one.
    pub fn close_on_escape(_: &ev::KeyboardEvent) {}
    /// See the browser's one.
    pub fn close_menus() {}
    /// See the browser's one.
    pub fn guard_unsaved(_: leptos::prelude::RwSignal<bool>, _: String, _: &'static str) {}
    /// See the browser's one.
    pub fn fields_of(_: &ev::SubmitEvent) -> Result<String, UiError> {
        Err(domain::Problem::Unavailable.into())
    }
    /// See the browser's one.
    pub async fn copy(_: &str) -> bool {
        false
    }
}

#[cfg(not(feature = "hydrate"))]
pub use nothing::*;
#[cfg(feature = "hydrate")]
pub use real::*;
