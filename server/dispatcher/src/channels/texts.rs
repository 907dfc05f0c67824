//! The texts of a notification as the Chinese vendors take them.

use domain::message::{DEFAULT_TITLE, Notification};

/// The title, which must be there and not blank.
pub(crate) fn title(notification: &Notification) -> &str {
    match notification.title.as_str() {
        blank if blank.trim().is_empty() => DEFAULT_TITLE,
        title => title,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::sample;
    use domain::channel::Channel;

    #[test]
    fn a_blank_title_is_replaced() {
        for (given, shown) in [("Alice", "Alice"), ("", DEFAULT_TITLE), (" \n", DEFAULT_TITLE)] {
            let parcel = sample::parcel(Channel::Xiaomi, |n| n.title = given.into());
            assert_eq!(title(&parcel.notification), shown);
        }
    }
}
