//! `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3).

use domain::Timestamp;
use http::{HeaderMap, header::RETRY_AFTER};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

/// Milliseconds to wait, 0 for a date that has passed; `None` when nothing readable is said.
pub fn read(headers: &HeaderMap, now: Timestamp) -> Option<i64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(secs) = text.parse::<u32>() {
        return Some(i64::from(secs) * 1000);
    }
    let date = OffsetDateTime::parse(text, &Rfc2822).ok()?;
    Some(Timestamp::from_secs(date.unix_timestamp()).ms_since(now).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn wait(text: &'static str) -> Option<i64> {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(text))]);
        read(&headers, Timestamp::from_secs(1_445_412_480))
    }

    #[test]
    fn seconds_and_dates_are_read_and_rubbish_is_not() {
        assert_eq!(wait("120"), Some(120_000));
        assert_eq!(wait(" 0 "), Some(0));
        assert_eq!(wait("Wed, 21 Oct 2015 07:30:00 GMT"), Some(120_000));
        assert_eq!(wait("Wed, 21 Oct 2015 07:00:00 GMT"), Some(0), "a date that has passed");
        for rubbish in [
            "",
            "-5",
            "soon",
            "1e9",
            "99999999999999999999",
            "Wed, 99 Oct 2015 07:30:00 GMT",
        ] {
            assert_eq!(wait(rubbish), None, "{rubbish}");
        }
        assert_eq!(read(&HeaderMap::new(), Timestamp(0)), None);
    }
}
