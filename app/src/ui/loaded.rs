//! Data of a page: fetched on the server before the page is sent, and again whenever something was changed.

use super::{
    alert::{Alert, Tone},
    header::PageHeader,
};
use crate::{
    erased::view,
    error::UiError,
    frame::{console, locale},
    i18n::{frame as t, problems},
    wire,
};
use domain::{Problem, account::Action};
use leptos::{prelude::*, server_fn::ServerFn, tachys::reactive_graph::OwnedView};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::{marker::PhantomData, sync::Arc};

/// Data of a page, to be shown in [`Loaded`].
pub struct PageData<T> {
    answer: Resource<wire::Answer, wire::Json>,
    reads: PhantomData<fn() -> T>,
}

impl<T> Clone for PageData<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for PageData<T> {}

/// What a server function answers, by the arguments it is called with. Create it in the component, never inside
/// [`Loaded`].
pub fn page_data<S>(call: impl Fn() -> S + Send + Sync + 'static) -> PageData<S::Output>
where
    S: ServerFn<Error = UiError, Output: Serialize> + Serialize + 'static,
{
    live_data(|| 0, call)
}

/// As [`page_data`], fetched again whenever `news` changes.
pub fn live_data<S>(
    news: impl Fn() -> u32 + Send + Sync + 'static,
    call: impl Fn() -> S + Send + Sync + 'static,
) -> PageData<S::Output>
where
    S: ServerFn<Error = UiError, Output: Serialize> + Serialize + 'static,
{
    let call = Arc::new(call);
    let asked = call.clone();
    PageData {
        answer: answer(
            Box::new(news),
            Box::new(move || wire::arguments(&asked())),
            Box::new(move || wire::ask(untrack(|| call()))),
        ),
        reads: PhantomData,
    }
}

type Asked<T> = Box<dyn Fn() -> T + Send + Sync>;

fn answer(
    news: Asked<u32>,
    arguments: Asked<Result<String, UiError>>,
    ask: Asked<wire::Answering>,
) -> Resource<wire::Answer, wire::Json> {
    let changes = console().changes;
    Resource::new_with_options(move || (changes.get(), news(), arguments()), move |_| ask(), false)
}

/// Shows data when it is there. Old data stays in view while new data is fetched; a refusal becomes a page of its own.
#[component]
pub fn Loaded<T, F, V>(
    /// The data.
    data: PageData<T>,
    /// Whether the page has its header already, so that a refusal needs none.
    #[prop(optional)]
    inner: bool,
    /// What to show with it: `let:name`.
    children: F,
) -> impl IntoView
where
    T: DeserializeOwned + 'static,
    F: Fn(T) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let show = move |answer: &Value| wire::read(answer).map(|data| children(data).into_any());
    shown(data.answer, inner, Arc::new(show))
}

type Show = Arc<dyn Fn(&Value) -> Result<AnyView, UiError> + Send + Sync>;

fn shown(data: Resource<wire::Answer, wire::Json>, inner: bool, show: Show) -> AnyView {
    let l = locale();
    // Data fetched again ends what the last run of the closure below made, while its view is still shown. So each view
    // gets an owner of its own, which lives as long as the view.
    let parent = Owner::current().unwrap_or_default();
    view! {
        <Transition fallback=move || view! { <p class="loading" role="status">{t::loading(l)}</p> }>
            {move || {
                let show = show.clone();
                let parent = parent.clone();
                Suspend::new(async move {
                    let answer = data.await;
                    let owner = parent.child();
                    let shown = owner.with(|| match answer.and_then(|answer| show(&answer)) {
                        Ok(shown) => shown,
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
