//! Fuzz entry points of this crate: functions that take any bytes and panic when a promise is broken.
//!
//! `fuzz/` feeds them with libFuzzer; `server/tests/it/fuzzing` replays its corpus and runs them as property tests. They
//! are part of no binary: nothing calls them but these two.

mod credentials;

pub use crate::channels::fuzzing::{
    answer_apns, answer_fcm, answer_honor, answer_huawei, answer_meizu, answer_oauth, answer_oppo, answer_vivo,
    answer_xiaomi,
};
pub use credentials::{google_account, huawei_account, p8, p12};

/// A name and what it stands for.
pub type Target = (&'static str, fn(&[u8]));

/// All of them by name, which is also that of the folder of their corpus.
pub const TARGETS: &[Target] = &[
    ("answer_apns", answer_apns),
    ("answer_fcm", answer_fcm),
    ("answer_honor", answer_honor),
    ("answer_huawei", answer_huawei),
    ("answer_meizu", answer_meizu),
    ("answer_oauth", answer_oauth),
    ("answer_oppo", answer_oppo),
    ("answer_vivo", answer_vivo),
    ("answer_xiaomi", answer_xiaomi),
    ("google_account", google_account),
    ("huawei_account", huawei_account),
    ("p12", p12),
    ("p8", p8),
];
