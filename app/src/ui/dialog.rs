//! Dialogs: with script a modal `<dialog>` over the page, without it the page that the link leads to anyway.

use super::{
    alert::{Alert, Tone},
    button::Look,
    icon::{Icon, Sign},
};
use crate::{
    browser,
    erased::{effect, view},
    frame::locale,
    i18n::{forms, frame as t},
};
use leptos::{context::Provider, ev, prelude::*};

/// The id of the button that takes the question "Discard it?" back.
const KEEP_EDITING: &str = "keep-editing";

/// The dialog around a form, from context.
#[derive(Clone, Copy)]
pub struct DialogContext {
    /// Whether it is shown.
    pub open: RwSignal<bool>,
    /// Whether the form inside has been typed into.
    pub dirty: RwSignal<Option<RwSignal<bool>>>,
    /// Whether the question "Discard it?" is asked.
    asking: RwSignal<bool>,
}

impl DialogContext {
    /// Closes, or asks first when something was typed.
    pub fn ask_to_close(self) {
        let dirty = self.dirty.get_untracked().is_some_and(|dirty| dirty.get_untracked());
        if dirty && !self.asking.get_untracked() {
            self.asking.set(true);
            request_animation_frame(|| browser::focus(KEEP_EDITING));
        } else {
            self.close();
        }
    }

    fn close(self) {
        self.asking.set(false);
        self.dirty.set(None);
        self.open.set(false);
    }
}

/// A link that opens a [`Dialog`]; without script it leads to the page with the same form.
#[component]
pub fn DialogLink(
    /// The page.
    #[prop(into)]
    href: String,
    /// The dialog.
    open: RwSignal<bool>,
    /// The dialog's id; the focus comes back to this link when it closes.
    dialog: &'static str,
    /// How it looks.
    #[prop(optional)]
    look: Look,
    /// An icon before the label.
    #[prop(optional, into)]
    sign: Option<Sign>,
    /// The label.
    children: Children,
) -> impl IntoView {
    let show = move |event: ev::MouseEvent| {
        let plain = event.button() == 0 && !event.ctrl_key() && !event.meta_key() && !event.shift_key();
        if plain {
            event.prevent_default();
            open.set(true);
        }
    };
    view! {
        <a class=look.class() id=opener(dialog) href=href on:click=show>
            {sign.map(|sign| view! { <Icon sign=sign /> })}
            <span>{children()}</span>
        </a>
    }
    .into_any()
}

fn opener(dialog: &str) -> String {
    format!("{dialog}-open")
}

/// A modal dialog. Its content is made when it opens.
#[component]
pub fn Dialog(
    /// The id, unique in the page.
    id: &'static str,
    /// The heading.
    #[prop(into)]
    title: String,
    /// Whether it is shown.
    open: RwSignal<bool>,
    /// The content; a `Form` inside closes it on success.
    children: ChildrenFn,
) -> impl IntoView {
    let context = DialogContext {
        open,
        dirty: RwSignal::new(None),
        asking: RwSignal::new(false),
    };
    Effect::new(move |was_open: Option<bool>| {
        let open = open.get();
        if was_open == Some(true) && !open {
            browser::focus(&opener(id));
        }
        open
    });
    let title = StoredValue::new(title);
    let children = StoredValue::new(children);
    view! {
        <Show when=move || open.get()>
            <Provider value=context>
                <Modal id=id title=title.get_value()>{children.with_value(|children| children())}</Modal>
            </Provider>
        </Show>
    }
    .into_any()
}

#[component]
fn Modal(id: &'static str, title: String, children: Children) -> impl IntoView {
    let l = locale();
    let context = expect_context::<DialogContext>();
    let heading = format!("{id}-title");
    let labelled_by = heading.clone();
    effect(move || browser::show_modal(id));
    let refuse_silent_loss = move |event: ev::Event| {
        event.prevent_default();
        context.ask_to_close();
    };
    view! {
        <dialog class="dialog" id=id aria-labelledby=labelled_by on:cancel=refuse_silent_loss on:close=move |_| context.close()>
            <div class="dialog-head">
                <h2 id=heading>{title}</h2>
                <button
                    type="button"
                    class="button button-quiet button-icon"
                    aria-label=t::close(l)
                    on:click=move |_| context.ask_to_close()
                >
                    <Icon sign=Sign::Cross />
                </button>
            </div>
            <Show when=move || context.asking.get()>
                <Alert tone=Tone::Warning>
                    <p>{forms::discard_question(l)}</p>
                    <div class="form-buttons">
                        <button id=KEEP_EDITING type="button" class="button" on:click=move |_| context.asking.set(false)>
                            {forms::keep_editing(l)}
                        </button>
                        <button type="button" class="button button-danger" on:click=move |_| context.close()>
                            {forms::discard(l)}
                        </button>
                    </div>
                </Alert>
            </Show>
            {children()}
        </dialog>
    }
    .into_any()
}
