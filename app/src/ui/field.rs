//! What all fields of a form share: label, hint, fault, and the value that was typed before.

use crate::{
    erased::{effect, view},
    flash::Typed,
    frame::locale,
    i18n::{faults, forms},
};
use domain::{Problem, field::FieldFault};
use leptos::prelude::*;

/// The form around a field, from context.
#[derive(Clone, Copy)]
pub struct FormContext {
    /// The form's name with dashes, the beginning of its fields' ids.
    pub prefix: StoredValue<String>,
    /// Why the form was refused.
    pub problem: Signal<Option<Problem>>,
    /// What was typed into it before the page was made.
    pub typed: StoredValue<Typed>,
    /// Whether an answer is awaited.
    pub pending: Signal<bool>,
    /// Whether something was typed since.
    pub dirty: RwSignal<bool>,
    /// Field names and labels, for the summary.
    pub labels: StoredValue<Vec<(String, String)>>,
}

/// A field as its control sees it.
///
/// What it shows is read with `try_…`: after a success the router ends the old page's signals before it takes the page
/// down, and an answer that arrives in between would find them gone.
#[derive(Clone)]
pub struct FieldState {
    /// The id of the control.
    pub id: String,
    /// What is wrong with it now.
    pub fault: Signal<Option<FieldFault>>,
    /// The browser's own check; it holds until the server answers again.
    #[expect(clippy::option_option, reason = "not asked yet, or asked with this outcome")]
    checked: RwSignal<Option<Option<FieldFault>>>,
    /// What was typed before, or what the caller gave.
    pub values: Vec<String>,
    dirty: Option<RwSignal<bool>>,
}

impl FieldState {
    /// Joins the field to its form. `given` is the value that stands there at first.
    pub fn new(name: &str, label: &str, given: Vec<String>) -> Self {
        let checked = RwSignal::new(None);
        let Some(form) = use_context::<FormContext>() else {
            return Self {
                id: name.to_owned(),
                fault: Signal::derive(move || checked.get().flatten()),
                checked,
                values: given,
                dirty: None,
            };
        };
        form.labels
            .update_value(|labels| labels.push((name.to_owned(), label.to_owned())));
        let typed = form
            .typed
            .with_value(|typed| (!typed.0.is_empty()).then(|| typed.all(name)));
        let of_form = name.to_owned();
        let fault = Signal::derive(move || match checked.get() {
            Some(own) => own,
            None => form.problem.with(|problem| fault_of(problem.as_ref(), &of_form)),
        });
        effect(move || {
            form.problem.track();
            if checked.with_untracked(Option::is_some) {
                checked.set(None);
            }
        });
        Self {
            id: form.prefix.with_value(|prefix| format!("{prefix}-{name}")),
            fault,
            checked,
            values: typed.unwrap_or(given),
            dirty: Some(form.dirty),
        }
    }

    /// The first value.
    pub fn value(&self) -> String {
        self.values.first().cloned().unwrap_or_default()
    }

    /// Shows the outcome of the browser's own check.
    pub fn check(&self, outcome: Option<FieldFault>) {
        _ = self.checked.try_set(Some(outcome));
    }

    /// Notes that something was typed.
    pub fn touch(&self) {
        if let Some(dirty) = self.dirty {
            dirty.set(true);
        }
    }

    /// The ids of hint and fault, for `aria-describedby`.
    pub fn described_by(&self, has_hint: bool) -> impl Fn() -> Option<String> + Send + 'static + use<> {
        let (id, fault) = (self.id.clone(), self.fault);
        move || match (has_hint, is_some(fault)) {
            (true, true) => Some(format!("{id}-hint {id}-fault")),
            (true, false) => Some(format!("{id}-hint")),
            (false, true) => Some(format!("{id}-fault")),
            (false, false) => None,
        }
    }

    /// For `aria-invalid`.
    pub fn invalid(&self) -> impl Fn() -> Option<&'static str> + Send + 'static + use<> {
        let fault = self.fault;
        move || is_some(fault).then_some("true")
    }
}

fn is_some(fault: Signal<Option<FieldFault>>) -> bool {
    fault.try_with(Option::is_some).unwrap_or_default()
}

fn fault_of(problem: Option<&Problem>, name: &str) -> Option<FieldFault> {
    match problem {
        Some(Problem::Invalid(fields)) => fields.iter().find(|field| field.field == name).map(|field| field.fault),
        _ => None,
    }
}

/// The mark behind a label: whether the field must be filled in.
#[component]
pub fn Mark(
    /// Whether it must.
    required: bool,
) -> impl IntoView {
    let l = locale();
    let text = if required {
        forms::required(l)
    } else {
        forms::optional(l)
    };
    view! { <span class="mark">" "{text}</span> }.into_any()
}

/// Hint and fault under a control.
#[component]
pub fn Notes(
    /// The field.
    state: FieldState,
    /// The hint.
    #[prop(optional_no_strip)]
    hint: Option<String>,
) -> impl IntoView {
    let l = locale();
    let FieldState { id, fault, .. } = state;
    let fault_id = format!("{id}-fault");
    view! {
        {hint.map(|hint| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
        {move || {
            let fault_id = fault_id.clone();
            fault.try_get().flatten().map(|fault| view! { <p class="fault" id=fault_id>{faults::field(l, fault)}</p> })
        }}
    }
    .into_any()
}
