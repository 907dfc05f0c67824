//! Selects, check boxes, radio cards and switches.

use super::field::{FieldState, Mark, Notes};
use crate::erased::view;
use leptos::prelude::*;

/// An entry of a list to choose from.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Choice {
    /// The value in the form.
    pub value: String,
    /// What the reader sees.
    pub label: String,
    /// A second line.
    pub note: Option<String>,
    /// Why it cannot be chosen, if so.
    pub unavailable: Option<String>,
    /// The heading under which it stands, for [`Select`].
    pub group: Option<String>,
}

impl Choice {
    /// An entry with a label.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            ..Self::default()
        }
    }

    /// The label, with the reason behind it where it cannot be chosen.
    fn text(&self) -> String {
        match &self.unavailable {
            Some(reason) => format!("{} ({reason})", self.label),
            None => self.label.clone(),
        }
    }
}

/// A list that opens. What cannot be chosen is listed with the reason.
#[component]
pub fn Select(
    /// The name in the form.
    name: &'static str,
    /// The label.
    #[prop(into)]
    label: String,
    /// The entries; a signal, since one list may depend on another.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The value at first.
    #[prop(optional, into)]
    value: String,
    /// An entry without value that asks to choose.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// What to know before choosing.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Whether something must be chosen.
    #[prop(optional)]
    required: bool,
    /// Told what is chosen.
    #[prop(optional, into)]
    on_choose: Option<Callback<String>>,
) -> impl IntoView {
    let state = FieldState::new(name, &label, vec![value]);
    let chosen = RwSignal::new(state.value());
    let touched = state.clone();
    let choose = move |event: web_sys::Event| {
        let value = event_target_value(&event);
        touched.touch();
        if let Some(told) = on_choose {
            told.run(value.clone());
        }
        chosen.set(value);
    };
    let (id, described, invalid) = (state.id.clone(), state.described_by(hint.is_some()), state.invalid());
    view! {
        <div class="field">
            <label for=id.clone()>{label}<Mark required=required /></label>
            <select
                id=id
                class="input"
                name=name
                required=required
                aria-invalid=invalid
                aria-describedby=described
                on:change=choose
            >
                {placeholder.map(|text| view! { <option value="">{text}</option> })}
                {move || grouped(choices.get(), &chosen.get_untracked())}
            </select>
            <Notes state=state hint=hint />
        </div>
    }
    .into_any()
}

fn grouped(choices: Vec<Choice>, chosen: &str) -> Vec<AnyView> {
    let mut views = Vec::new();
    for run in choices.chunk_by(|a, b| a.group == b.group) {
        let options: Vec<_> = run
            .iter()
            .map(|choice| {
                let selected = choice.value == chosen;
                let disabled = choice.unavailable.is_some();
                view! {
                    <option value=choice.value.clone() selected=selected disabled=disabled>{choice.text()}</option>
                }
            })
            .collect();
        views.push(match run.first().and_then(|first| first.group.clone()) {
            Some(group) => view! { <optgroup label=group>{options}</optgroup> }.into_any(),
            None => options.into_any(),
        });
    }
    views
}

/// Several check boxes under one name; the form sends `name[]` once for each that is ticked.
#[component]
pub fn CheckboxGroup(
    /// The name in the form, without brackets.
    name: &'static str,
    /// The heading.
    #[prop(into)]
    label: String,
    /// The boxes.
    choices: Vec<Choice>,
    /// The values ticked at first.
    #[prop(optional)]
    values: Vec<String>,
    /// What to know before choosing.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Whether one must be ticked.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let state = FieldState::new(name, &label, values);
    let boxes: Vec<_> = choices
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            let ticked = state.values.contains(&choice.value);
            let touched = state.clone();
            // The first box bears the field's own id, so that the summary can lead there.
            let id = if index == 0 { state.id.clone() } else { format!("{}-{index}", state.id) };
            let (target, off) = (id.clone(), choice.unavailable.is_some());
            view! {
                <label class="tick" class:tick-off=off for=target>
                    <input
                        id=id
                        type="checkbox"
                        name=format!("{name}[]")
                        value=choice.value.clone()
                        checked=ticked
                        disabled=choice.unavailable.is_some()
                        aria-invalid=state.invalid()
                        on:change=move |_| touched.touch()
                    />
                    <span>{choice.text()}{choice.note.clone().map(|note| view! { <span class="hint">{note}</span> })}</span>
                </label>
            }
        })
        .collect();
    let described = state.described_by(hint.is_some());
    view! {
        <fieldset class="field" aria-describedby=described>
            <legend>{label}<Mark required=required /></legend>
            <div class="ticks">{boxes}</div>
            <Notes state=state hint=hint />
        </fieldset>
    }
    .into_any()
}

/// One of a few, each on a card with a second line.
#[component]
pub fn RadioCards(
    /// The name in the form.
    name: &'static str,
    /// The heading.
    #[prop(into)]
    label: String,
    /// The cards.
    choices: Vec<Choice>,
    /// The value at first.
    #[prop(optional, into)]
    value: String,
    /// What to know before choosing.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Whether one must be chosen.
    #[prop(optional)]
    required: bool,
    /// Told what is chosen.
    #[prop(optional, into)]
    on_choose: Option<Callback<String>>,
) -> impl IntoView {
    let state = FieldState::new(name, &label, vec![value]);
    let chosen = state.value();
    let cards: Vec<_> = choices
        .into_iter()
        .enumerate()
        .map(|(index, choice)| {
            let touched = state.clone();
            let value = choice.value.clone();
            let id = if index == 0 {
                state.id.clone()
            } else {
                format!("{}-{index}", state.id)
            };
            let (target, off) = (id.clone(), choice.unavailable.is_some());
            let note = choice.unavailable.clone().or_else(|| choice.note.clone());
            view! {
                <label class="card-choice" class:card-choice-off=off for=target>
                    <input
                        id=id
                        type="radio"
                        name=name
                        value=choice.value.clone()
                        checked=choice.value == chosen
                        disabled=choice.unavailable.is_some()
                        required=required
                        on:change=move |_| {
                            touched.touch();
                            if let Some(told) = on_choose {
                                told.run(value.clone());
                            }
                        }
                    />
                    <span class="card-choice-text">
                        <span class="card-choice-label">{choice.label.clone()}</span>
                        {note.map(|note| view! { <span class="hint">{note}</span> })}
                    </span>
                </label>
            }
        })
        .collect();
    let described = state.described_by(hint.is_some());
    view! {
        <fieldset class="field" aria-describedby=described>
            <legend>{label}<Mark required=required /></legend>
            <div class="card-choices">{cards}</div>
            <Notes state=state hint=hint />
        </fieldset>
    }
    .into_any()
}

/// A switch; the form sends `name=on` when it is on, and nothing when it is off (give the argument `#[server(default)]`).
#[component]
pub fn Switch(
    /// The name in the form.
    name: &'static str,
    /// The label.
    #[prop(into)]
    label: String,
    /// Whether it is on at first.
    #[prop(optional)]
    on: bool,
    /// What it does.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    let given = if on { vec!["on".to_owned()] } else { Vec::new() };
    let state = FieldState::new(name, &label, given);
    let ticked = state.values.iter().any(|value| value == "on");
    let touched = state.clone();
    let (id, described) = (state.id.clone(), state.described_by(hint.is_some()));
    let target = id.clone();
    view! {
        <div class="field field-switch">
            <label class="switch" for=target>
                <input
                    id=id
                    type="checkbox"
                    role="switch"
                    name=name
                    value="on"
                    checked=ticked
                    aria-describedby=described
                    on:change=move |_| touched.touch()
                />
                <span class="switch-track" aria-hidden="true"></span>
                <span>{label}</span>
            </label>
            <Notes state=state hint=hint />
        </div>
    }
    .into_any()
}
