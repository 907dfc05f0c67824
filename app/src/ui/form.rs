//! Forms: one wrapper that tells its fields what was typed and what is wrong, with a summary on top.
//!
//! With script the form is sent by fetch and the page stays; without, the browser posts it and the refused form comes
//! back through the session. Values are the browser's: a field is never written to after the page was made.

use super::{
    button::{Button, Look},
    dialog::DialogContext,
    field::FormContext,
    icon::{Icon, Sign},
};
use crate::{
    api::Outcome,
    browser,
    erased::{effect, view},
    error::UiError,
    flash::Typed,
    frame::{Console, Shown, console, locale},
    i18n::{Locale, faults, forms, problems},
    wire,
};
use domain::Problem;
use leptos::{
    context::Provider,
    ev,
    prelude::*,
    server::ServerActionError,
    server_fn::{ServerFn, error::ServerFnUrlError},
};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

/// Sends a form's fields to a server function, and keeps the answer. Made by the page, so that it outlives the form
/// when the page's data is fetched again.
#[derive(Clone, Copy)]
pub struct Sending {
    path: &'static str,
    action: Action<Result<String, UiError>, Result<Outcome, UiError>>,
}

impl Sending {
    /// To the server function of that type.
    pub fn to<S: ServerFn<Output = Outcome, Error = UiError>>() -> Self {
        Self::to_path(S::PATH)
    }

    fn to_path(path: &'static str) -> Self {
        // Leptos puts arguments that could not be read into the address where there is no script.
        let refused = use_context::<ServerActionError>().filter(|error| error.path() == path);
        let refused = refused.map(|error| Err(ServerFnUrlError::<UiError>::decode_err(error.err())));
        let action = Action::new_with_value(refused, move |fields: &Result<String, UiError>| {
            let answer = wire::post(path, fields.clone());
            async move { wire::read(&answer.await?) }
        });
        Self { path, action }
    }
}

/// A form that changes something.
#[component]
pub fn Form(
    /// The server function.
    action: Sending,
    /// Its endpoint, which is the form's name.
    name: &'static str,
    /// The label of the button.
    #[prop(into)]
    submit: String,
    /// The label while waiting.
    #[prop(into)]
    busy: String,
    /// How the button looks.
    #[prop(default = Look::Primary)]
    look: Look,
    /// Where Cancel leads, on a page.
    #[prop(optional, into)]
    cancel: Option<String>,
    /// Whether there is nothing to fill in, so that a dialog around it begins at its button.
    #[prop(optional)]
    just_ok: bool,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let Sending { path, action } = action;
    let value = action.value();
    let answer = Signal::derive(move || value.get());
    follow_success(action.version().into(), answer);
    let problem = move || answer.get().map(|answer| answer.err().map(|UiError(problem)| problem));
    let context = form_context(name, Signal::derive(problem), action.pending().into());
    ask_who_it_is(context, action.version().into(), answer);
    let send = move |event: ev::SubmitEvent| {
        if !event.default_prevented() {
            event.prevent_default();
            action.dispatch(browser::fields_of(&event));
        }
    };
    view! {
        <div class="form">
            <form action=path method="post" on:submit=send novalidate id=context.prefix.get_value()>
                <Inside context=context submit=submit busy=busy look=look cancel=cancel just_ok=just_ok>{children()}</Inside>
            </form>
        </div>
    }
    .into_any()
}

/// A form that the browser always posts by itself, such as an upload.
#[component]
pub fn PlainForm(
    /// Where to.
    #[prop(into)]
    action: String,
    /// The form's name, under which the door keeps a refusal (`flash::keep_form`).
    #[prop(into)]
    name: String,
    /// The label of the button.
    #[prop(into)]
    submit: String,
    /// Whether it carries a file.
    #[prop(optional)]
    multipart: bool,
    /// How the button looks.
    #[prop(default = Look::Primary)]
    look: Look,
    /// Where Cancel leads, on a page.
    #[prop(optional, into)]
    cancel: Option<String>,
    /// The fields.
    children: Children,
) -> impl IntoView {
    let context = form_context(&name, Signal::derive(|| None), Signal::derive(|| false));
    let kind = if multipart {
        "multipart/form-data"
    } else {
        "application/x-www-form-urlencoded"
    };
    view! {
        <form class="form" action=action method="post" enctype=kind novalidate id=context.prefix.get_value()>
            <Inside context=context busy=submit.clone() submit=submit look=look cancel=cancel>{children()}</Inside>
        </form>
    }
    .into_any()
}

/// The field for typing a thing's name before it is destroyed; its name is `confirmation`.
#[component]
pub fn TypeToConfirm(
    /// The thing's name.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    let label = forms::type_to_confirm(locale(), &name);
    view! { <super::TextInput name="confirmation" label=label required=true /> }.into_any()
}

/// `answered`: the outer `None` before any answer, the inner after success.
#[expect(
    clippy::option_option,
    reason = "no answer yet, or an answer with or without a problem"
)]
fn form_context(name: &str, answered: Signal<Option<Option<Problem>>>, pending: Signal<bool>) -> FormContext {
    let console = console();
    let refused = console.refused.get_untracked().filter(|refused| refused.form == name);
    let (typed, waiting) = refused.map_or((Typed::default(), None), |refused| {
        // Who confirmed who they are comes back to a form without a fault.
        let problem = Some(refused.problem).filter(|problem| *problem != Problem::Unconfirmed);
        (refused.typed, problem)
    });
    if waiting.is_some() && !cfg!(feature = "ssr") {
        // It was shown; coming back to the page later must not show it again. (The server makes what waits for data
        // more than once for the same page; there every time counts.)
        on_cleanup(move || _ = console.refused.try_set(None));
    }
    FormContext {
        prefix: StoredValue::new(name.replace('/', "-")),
        problem: Signal::derive(move || answered.get().unwrap_or_else(|| waiting.clone())),
        typed: StoredValue::new(typed),
        pending,
        dirty: RwSignal::new(false),
        labels: StoredValue::new(Vec::new()),
    }
}

/// Who has to prove first who they are is led there and back by posting the form as without script: the server keeps
/// what was typed.
fn ask_who_it_is(context: FormContext, version: Signal<usize>, answer: Signal<Option<Result<Outcome, UiError>>>) {
    Effect::new(move |seen: Option<usize>| {
        let now = version.get();
        let refused = matches!(answer.get_untracked(), Some(Err(UiError(Problem::Unconfirmed))));
        if refused && seen.is_some_and(|seen| seen != now) {
            context.dirty.set(false);
            browser::post(&context.prefix.get_value());
        }
        now
    });
}

/// Only an answer that comes while this form stands counts: the action may outlive it, with its last answer.
fn follow_success(version: Signal<usize>, answer: Signal<Option<Result<Outcome, UiError>>>) {
    let console = console();
    let path = use_location().pathname;
    let navigate = use_navigate();
    let dialog = use_context::<DialogContext>();
    Effect::new(move |seen: Option<usize>| {
        let now = version.get();
        let is_new = seen.is_some_and(|seen| seen != now);
        if let (true, Some(Ok(outcome))) = (is_new, answer.get_untracked()) {
            if let Some(dialog) = dialog {
                dialog.open.set(false);
            }
            follow(console, &path.get_untracked(), outcome, |to| {
                navigate(to, NavigateOptions::default());
            });
        }
        now
    });
}

fn follow(console: Console, here: &str, outcome: Outcome, navigate: impl FnOnce(&str)) {
    if outcome.reload {
        browser::load(&outcome.to);
        return;
    }
    let there = outcome.to.split('?').next().unwrap_or_default().to_owned();
    if let Some(notice) = outcome.notice {
        console.notices.set(vec![Shown {
            notice,
            path: there.clone(),
        }]);
    }
    if there == here {
        console.changed();
    } else {
        console.refresh();
        navigate(&outcome.to);
    }
}

#[component]
fn Inside(
    context: FormContext,
    submit: String,
    busy: String,
    look: Look,
    #[prop(optional_no_strip)] cancel: Option<String>,
    #[prop(optional)] just_ok: bool,
    children: Children,
) -> impl IntoView {
    let l = locale();
    let dialog = use_context::<DialogContext>();
    if let Some(dialog) = dialog {
        dialog.dirty.set(Some(context.dirty));
    }
    view! {
        <Provider value=context>
            {
                // The fields first: they tell the summary their labels.
                let fields = children();
                view! {
                    <Summary context=context />
                    <div class="fields">{fields}</div>
                }
            }
        </Provider>
        <div class="form-buttons">
            <Button look=look label=submit busy=busy pending=context.pending autofocus=just_ok && dialog.is_some() />
            {match (dialog, cancel) {
                (Some(dialog), _) => {
                    let ask = move |_| dialog.ask_to_close();
                    view! { <button type="button" class="button" on:click=ask>{forms::cancel(l)}</button> }.into_any()
                }
                (None, Some(href)) => {
                    // Enter on a page that destroys something must not do so by accident.
                    let first = look == Look::Danger;
                    view! { <a class="button" href=href autofocus=first>{forms::cancel(l)}</a> }.into_any()
                },
                (None, None) => ().into_any(),
            }}
        </div>
    }
    .into_any()
}

#[component]
fn Summary(context: FormContext) -> impl IntoView {
    let l = locale();
    let id = context.prefix.with_value(|prefix| format!("{prefix}-summary"));
    let shown = id.clone();
    effect(move || {
        if context.problem.try_with(Option::is_some) == Some(true) {
            let shown = shown.clone();
            // After the summary itself has been put into the page.
            request_animation_frame(move || browser::focus(&shown));
        }
    });
    move || {
        let id = id.clone();
        context.problem.try_get().flatten().map(|problem| {
            let next = problems::next_step(l, &problem);
            view! {
                <div class="alert alert-bad" role="alert" tabindex="-1" autofocus id=id>
                    <Icon sign=Sign::Warning />
                    <div class="alert-body">
                        <p class="alert-title">{summary_title(l, &problem)}</p>
                        {fault_links(l, context, &problem)}
                        {next.map(|step| {
                            let rel = (step.href == "/login").then_some("external");
                            view! { <p><a href=step.href rel=rel>{step.label}</a></p> }
                        })}
                    </div>
                </div>
            }
        })
    }
}

fn summary_title(l: Locale, problem: &Problem) -> String {
    match problem {
        Problem::Invalid(fields) if fields.len() == 1 => forms::needs_attention_one(l).into(),
        Problem::Invalid(fields) => forms::needs_attention(l, u32::try_from(fields.len()).unwrap_or(u32::MAX)),
        other => problems::text(l, other),
    }
}

fn fault_links(l: Locale, context: FormContext, problem: &Problem) -> Option<AnyView> {
    let Problem::Invalid(fields) = problem else {
        return None;
    };
    let prefix = context.prefix.get_value();
    let labels = context.labels.get_value();
    let links: Vec<_> = fields
        .iter()
        .map(|field| {
            let target = format!("{prefix}-{}", field.field);
            let label = labels
                .iter()
                .find(|(name, _)| *name == field.field)
                .map(|(_, label)| label.clone());
            let text = match label {
                Some(label) => format!("{label}: {}", faults::field(l, field.fault)),
                None => faults::field(l, field.fault),
            };
            let focus = {
                let target = target.clone();
                move |event: web_sys::MouseEvent| {
                    event.prevent_default();
                    browser::focus(&target);
                }
            };
            view! { <li><a href=format!("#{target}") on:click=focus>{text}</a></li> }
        })
        .collect();
    Some(view! { <ul>{links}</ul> }.into_any())
}
