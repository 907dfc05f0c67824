//! The console's own components, on semantic HTML. Each works without script; script only makes it quicker.
//!
//! Ids are derived from names that the caller passes, never drawn at random: server and browser must agree.

pub mod alert;
pub mod badge;
pub mod button;
#[cfg(feature = "ssr")]
pub mod chart;
pub mod choices;
pub mod copy;
pub mod dialog;
pub mod field;
pub mod flashbar;
pub mod form;
pub mod header;
pub mod icon;
pub mod inputs;
pub mod keyvalue;
pub mod loaded;
pub mod menu;
pub mod paging;
#[cfg(feature = "ssr")]
pub mod plain_copy;
mod raw_text;
pub mod secret;
pub mod shell;
pub mod sidenav;
pub mod switcher;
pub mod table;
pub mod textarea;
pub mod time;
pub mod topbar;
pub mod unsaved;

#[cfg(feature = "ssr")]
pub use self::plain_copy::PlainCopy;
pub use self::{
    alert::{Alert, Tone},
    badge::StatusBadge,
    button::{Button, LinkButton, Look},
    choices::{CheckboxGroup, Choice, RadioCards, Select, Switch},
    copy::CopyButton,
    dialog::{Dialog, DialogLink},
    flashbar::Flashbar,
    form::{Form, PlainForm, Sending, TypeToConfirm},
    header::{Breadcrumb, Breadcrumbs, PageHeader},
    icon::{Icon, Sign},
    inputs::{FileInput, TextInput},
    keyvalue::{KeyValue, KeyValues},
    loaded::{Guarded, Loaded, PageData, ProblemView, live_data, page_data},
    menu::Menu,
    paging::Pagination,
    secret::{Reveal, RevealPage, SecretField, revealing},
    table::{DataTable, EmptyState, FilterBar, SortHeader},
    textarea::TextArea,
    time::Time,
    unsaved::UnsavedGuard,
};
