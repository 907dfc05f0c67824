//! Text for the elements whose content leptos 0.8 emits unescaped on the server: `<textarea>` and `<title>` (leptos #4818).

/// Escapes what would end the element or begin an entity.
#[cfg(any(feature = "ssr", test))]
pub(super) fn raw_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// In the browser text is text.
#[cfg(not(any(feature = "ssr", test)))]
pub(super) fn raw_text(text: &str) -> String {
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::raw_text;

    #[test]
    fn nothing_typed_ends_the_element_or_begins_an_entity() {
        assert_eq!(raw_text("</title>&lt;x"), "&lt;/title&gt;&amp;lt;x");
    }
}
