//! Icons: outlines on a 16 by 16 grid, drawn in the text's colour, hidden from screen readers (the text says it).

use crate::erased::view;
use leptos::prelude::*;

/// Which icon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names say what they show")]
pub enum Sign {
    Chart,
    Check,
    Circle,
    Clock,
    Cross,
    Warning,
    Info,
    Plus,
    Pencil,
    Bin,
    Gear,
    Menu,
    Down,
    Left,
    Right,
    Up,
    Copy,
    Eye,
    EyeOff,
    Lock,
    Box,
    Phone,
    People,
    Chat,
    Link,
    Send,
    Search,
    SignOut,
    Globe,
    Sun,
    File,
}

const fn outline(sign: Sign) -> &'static str {
    match sign {
        Sign::Chart => "M3 3v10h10M6 11V8M8.5 11V5M11 11V7",
        Sign::Check => "M3 8.5 6.5 12 13 4.5",
        Sign::Circle => "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Z",
        Sign::Clock => "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM8 5v3.2l2.2 1.3",
        Sign::Cross => "m4 4 8 8M12 4l-8 8",
        Sign::Warning => "M8 2.2 14.2 13H1.8L8 2.2ZM8 6.3v3M8 11.2v.1",
        Sign::Info => "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM8 7.4v3.4M8 5.2v.1",
        Sign::Plus => "M8 3v10M3 8h10",
        Sign::Pencil => "m3 13 .6-2.8 7.2-7.2 2.2 2.2-7.2 7.2L3 13Z",
        Sign::Bin => "M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5M6.8 7v3.8M9.2 7v3.8",
        Sign::Gear => {
            "M8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4ZM8 2v2M8 12v2M2 8h2M12 8h2M3.8 3.8l1.4 1.4M10.8 10.8l1.4 1.4M3.8 12.2l1.4-1.4M10.8 5.2l1.4-1.4"
        }
        Sign::Menu => "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
        Sign::Down => "m4 6 4 4 4-4",
        Sign::Left => "m10 4-4 4 4 4",
        Sign::Right => "m6 4 4 4-4 4",
        Sign::Up => "m4 10 4-4 4 4",
        Sign::Copy => "M5.5 5.5h7v7h-7ZM10.5 5.5v-2h-7v7h2",
        Sign::Eye => {
            "M1.8 8S4 4 8 4s6.2 4 6.2 4-2.2 4-6.2 4-6.2-4-6.2-4ZM8 6.4a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2Z"
        }
        Sign::EyeOff => "M1.8 8S4 4 8 4s6.2 4 6.2 4-2.2 4-6.2 4-6.2-4-6.2-4ZM3 13 13 3",
        Sign::Lock => "M4 7.5h8v5.5H4ZM5.7 7.5V5.3a2.3 2.3 0 0 1 4.6 0v2.2",
        Sign::Box => "m8 2 5.5 3v6L8 14l-5.5-3V5L8 2ZM2.5 5 8 8l5.5-3M8 8v6",
        Sign::Phone => "M5 2h6v12H5ZM7.4 12h1.2",
        Sign::People => {
            "M6 3.5a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4ZM2 13c.3-2.4 1.9-3.6 4-3.6s3.7 1.2 4 3.6M10.5 4a2 2 0 0 1 0 3.8M11.6 9.6c1.4.4 2.2 1.6 2.4 3.4"
        }
        Sign::Chat => "M2.5 3.5h11v7.5H7L4 13.5V11H2.5Z",
        Sign::Link => {
            "M6.8 9.2 9.2 6.8M7.5 4.8l1.2-1.2a2.6 2.6 0 0 1 3.7 3.7l-1.2 1.2M8.5 11.2l-1.2 1.2a2.6 2.6 0 0 1-3.7-3.7l1.2-1.2"
        }
        Sign::Send => "M2.5 3 14 8 2.5 13l1.7-5L2.5 3ZM4.2 8h4.5",
        Sign::Search => "M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4ZM10.2 10.2 13.5 13.5",
        Sign::SignOut => "M9.5 3H3.5v10h6M7 8h6.5M11.2 5.5 13.7 8l-2.5 2.5",
        Sign::Globe => {
            "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM2.5 8h11M8 2.5c3.4 3.4 3.4 7.6 0 11M8 2.5c-3.4 3.4-3.4 7.6 0 11"
        }
        Sign::Sun => {
            "M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5ZM8 1.8v1.4M8 12.8v1.4M1.8 8h1.4M12.8 8h1.4M3.6 3.6l1 1M11.4 11.4l1 1M3.6 12.4l1-1M11.4 4.6l1-1"
        }
        Sign::File => "M4 2h5l3 3v9H4ZM9 2v3h3",
    }
}

/// An icon.
#[component]
pub fn Icon(
    /// Which.
    sign: Sign,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
            <path d=outline(sign) />
        </svg>
    }
    .into_any()
}
