//! `md5hex` of the parameters, sorted and joined with nothing, and the secret (section 0.2).

use crate::vendors::desk::{Form, md5_hex};

/// The signature of a form; values as they are before they are encoded, `sign` left out.
pub(super) fn of(form: &Form, secret: &str) -> String {
    let mut pairs: Vec<String> = form
        .iter()
        .filter(|(name, _)| *name != "sign")
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.sort_unstable();
    md5_hex(&(pairs.concat() + secret))
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::vendors::desk::Form;

    /// Section 0.2, printed by Meizu.
    #[test]
    fn the_signature_is_meizus() {
        let message = r#"{"title":"title","content":"content","pushTimeInfo":{"offLine":1,"validTime":24}}"#;
        let body: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("pushIds", "RA50c6348036344485d01776773577c64740465480a6b")
            .append_pair("appId", "10000")
            .append_pair("sign", "left out")
            .append_pair("messageJson", message)
            .finish();
        let form = Form::read(body.as_bytes());
        assert_eq!(of(&form, "<APP_SECRET>"), "ac076ff25d9900015a681cb5172aa53b");
    }
}
