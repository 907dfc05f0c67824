//! The only place that writes a `<textarea>`, whose content leptos 0.8 emits unescaped on the server.

use super::{
    field::{FieldState, Mark, Notes},
    inputs::{Counter, count},
    raw_text::raw_text,
};
use crate::erased::view;
use leptos::prelude::*;

/// The content as markup. HTML drops a first line break, so one that counts is given twice.
fn content(text: &str) -> String {
    let first = if cfg!(any(feature = "ssr", test)) && text.starts_with('\n') {
        "\n"
    } else {
        ""
    };
    format!("{first}{}", raw_text(text))
}

/// A field of several lines.
#[component]
pub fn TextArea(
    /// The name in the form.
    name: &'static str,
    /// The label.
    #[prop(into)]
    label: String,
    /// The value at first.
    #[prop(optional, into)]
    value: String,
    /// What to know before typing.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Whether it must be filled in.
    #[prop(optional)]
    required: bool,
    /// The most characters; the field counts them.
    #[prop(optional, into)]
    max: Option<u32>,
    /// Lines shown.
    #[prop(default = 4)]
    rows: u32,
    /// Whether it holds keys or JSON, set in equal widths.
    #[prop(optional)]
    mono: bool,
) -> impl IntoView {
    let state = FieldState::new(name, &label, vec![value]);
    let initial = state.value();
    let length = RwSignal::new(count(&initial));
    let touched = state.clone();
    let (id, described, invalid) = (state.id.clone(), state.described_by(hint.is_some()), state.invalid());
    view! {
        <div class="field">
            <label for=id.clone()>{label}<Mark required=required /></label>
            <textarea
                id=id
                class="input"
                class:mono=mono
                name=name
                rows=rows
                required=required
                spellcheck=mono.then_some("false")
                aria-invalid=invalid
                aria-describedby=described
                on:input=move |event| {
                    length.set(count(&event_target_value(&event)));
                    touched.touch();
                }
            >
                {content(&initial)}
            </textarea>
            {max.map(|max| view! { <Counter length=length max=max /> })}
            <Notes state=state hint=hint />
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Console, Frame};

    #[test]
    fn what_was_typed_cannot_end_the_element() {
        assert_eq!(content("</textarea><script>&"), "&lt;/textarea&gt;&lt;script&gt;&amp;");
        assert_eq!(content("\na"), "\n\na");
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn the_rendered_page_holds_the_text_and_no_script() {
        let html = Owner::new().with(|| {
            provide_context(Console::new(Frame::default()));
            view! { <TextArea name="text" label="Text" value="</textarea><script>alert(1)</script>" /> }.to_html()
        });
        assert!(!html.contains("<script>"), "{html}");
        assert!(html.contains("&lt;/textarea&gt;&lt;script&gt;alert(1)"), "{html}");
    }
}
