//! The head of a page: its title, where it stands, and its main actions.

use super::raw_text::raw_text;
use crate::{erased::view, frame::locale, i18n::frame as t};
use leptos::prelude::*;
use leptos_meta::Title;

/// A step on the way to the page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Breadcrumb {
    /// What it says.
    pub label: String,
    /// Where it leads; the page itself has none.
    pub href: Option<String>,
}

impl Breadcrumb {
    /// A page above this one.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: Some(href.into()),
        }
    }

    /// This page.
    pub fn here(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: None,
        }
    }
}

/// The way from the top to this page; the last one is plain text.
#[component]
pub fn Breadcrumbs(
    /// The steps.
    path: Vec<Breadcrumb>,
) -> impl IntoView {
    let l = locale();
    let steps: Vec<_> = path
        .into_iter()
        .map(|step| match step.href {
            Some(href) => view! { <li><a href=href>{step.label}</a></li> }.into_any(),
            None => view! { <li aria-current="page">{step.label}</li> }.into_any(),
        })
        .collect();
    view! { <nav class="breadcrumbs" aria-label=t::breadcrumbs(l)><ol>{steps}</ol></nav> }.into_any()
}

/// The only `h1` of a page, the document's title, breadcrumbs and actions.
#[component]
pub fn PageHeader(
    /// The title.
    #[prop(into)]
    title: String,
    /// The thing the page is about, for the document's title ("Page – Product – Homing").
    #[prop(optional, into)]
    about: Option<String>,
    /// The way to this page.
    #[prop(optional)]
    path: Vec<Breadcrumb>,
    /// A sentence under the title.
    #[prop(optional, into)]
    lead: Option<String>,
    /// Badges and actions at its side.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let brand = t::brand(locale());
    let document = match about {
        Some(about) => format!("{title} – {about} – {brand}"),
        None => format!("{title} – {brand}"),
    };
    view! {
        <Title text=raw_text(&document) />
        {(!path.is_empty()).then(|| view! { <Breadcrumbs path=path /> })}
        <div class="page-head">
            <div class="page-head-text">
                <h1>{title}</h1>
                {lead.map(|lead| view! { <p class="lead">{lead}</p> })}
            </div>
            {children.map(|children| view! { <div class="page-actions">{children()}</div> })}
        </div>
    }
    .into_any()
}
