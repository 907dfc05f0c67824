//! Data of a page: fetched on the server before the page is sent, and again whenever something was changed.

use super::{
    alert::{Alert, Tone},
    header::PageHeader,
};
use crate::{
    error::UiError,
    frame::{console, locale},
    i18n::{frame as t, problems},
};
use domain::{Problem, account::Action};
use leptos::{prelude::*, tachys::reactive_graph::OwnedView};
use serde::{Serialize, de::DeserializeOwned};

/// Data for a page, by what it depends on. Create it in the component, never inside [`Loaded`].
pub fn page_data<K, T, F, Fut>(key: impl Fn() -> K + Send + Sync + 'static, fetch: F) -> Resource<Result<T, UiError>>
where
    K: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    F: Fn(K) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, UiError>> + Send + 'static,
{
    let changes = console().changes;
    Resource::new(move || (changes.get(), key()), move |(_, key)| fetch(key))
}

/// Shows data when it is there. Old data stays in view while new data is fetched; a refusal becomes a page of its own.
#[component]
pub fn Loaded<T, F, V>(
    /// The data.
    data: Resource<Result<T, UiError>>,
    /// Whether the page has its header already, so that a refusal needs none.
    #[prop(optional)]
    inner: bool,
    /// What to show with it: `let:name`.
    children: F,
) -> impl IntoView
where
    T: Serialize + DeserializeOwned + Clone + Send + Sync + 'static,
    F: Fn(T) -> V + Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let l = locale();
    // Data fetched again ends what the last run of the closure below made, while its view is still shown. So each view
    // gets an owner of its own, which lives as long as the view.
    let parent = Owner::current().unwrap_or_default();
    view! {
        <Transition fallback=move || view! { <p class="loading" role="status">{t::loading(l)}</p> }>
            {move || {
                let children = children.clone();
                let parent = parent.clone();
                Suspend::new(async move {
                    let data = data.await;
                    let owner = parent.child();
                    let shown = owner.with(|| match data {
                        Ok(data) => children(data).into_any(),
                        Err(UiError(problem)) => view! { <ProblemView problem=problem inner=inner /> }.into_any(),
                    });
                    OwnedView::new_with_owner(shown, owner)
                })
            }}
        </Transition>
    }
    .into_any()
}

/// A refusal in place of a page: what is wrong, what to do, and the status that goes with it.
#[component]
pub fn ProblemView(
    /// The refusal.
    problem: Problem,
    /// Whether the page has its header already.
    #[prop(optional)]
    inner: bool,
) -> impl IntoView {
    let l = locale();
    #[cfg(feature = "ssr")]
    crate::backend::page_status(problem.status());
    let tone = if problem.status() >= 500 {
        Tone::Bad
    } else {
        Tone::Warning
    };
    let next = problems::next_step(l, &problem);
    let retry = matches!(problem, Problem::Unavailable | Problem::Internal { .. });
    view! {
        {(!inner).then(|| view! { <PageHeader title=problems::title(l, &problem) /> })}
        <Alert tone=tone>
            <p>{problems::text(l, &problem)}</p>
        </Alert>
        <p class="form-buttons">
            {next.map(|step| view! { <a class="button button-primary" rel="external" href=step.href>{step.label}</a> })}
            {retry.then(|| view! { <a class="button" rel="external" href="">{t::retry(l)}</a> })}
            <a class="button" href="/products">{problems::step_products(l)}</a>
        </p>
    }
    .into_any()
}

/// A page for those who have a right on the tenant; others are told which right is missing and who can give it.
#[component]
pub fn Guarded(
    /// The right.
    right: Action,
    /// The page.
    children: Children,
) -> impl IntoView {
    let console = console();
    if console.may_now(right) {
        return children().into_any();
    }
    let ask = console
        .identity
        .get_untracked()
        .map(|who| who.tenant_name)
        .unwrap_or_default();
    view! { <ProblemView problem=Problem::Forbidden { missing: right, ask } /> }.into_any()
}
