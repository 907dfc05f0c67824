//! What a sub-account may do with each application: a preset, or rights ticked one by one.
//!
//! Without script both are sent and the preset decides, unless it says that the ticks do. With script they follow each
//! other.

use crate::{
    api::sub_accounts::{CUSTOM, Shareable, preset_field, right_field},
    erased::view,
    frame::locale,
    i18n::{Locale, names, sub_accounts as t},
    ui::{DataTable, field::FieldState},
};
use domain::account::{Action, Grants, Preset};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The table of choices.
#[component]
pub fn Access(applications: Vec<Shareable>, grants: Grants) -> impl IntoView {
    let l = locale();
    let body = if applications.is_empty() {
        view! { <p>{t::no_applications(l)}</p> }
    } else {
        let rows: Vec<_> = applications
            .into_iter()
            .map(|application| {
                let granted = grants.applications().get(&application.id).cloned().unwrap_or_default();
                view! { <Row application=application granted=granted /> }
            })
            .collect();
        view! {
            <DataTable id="access" caption=t::access_table(l)>
                <thead>
                    <tr>
                        <th scope="col">{t::application(l)}</th>
                        <th scope="col">{t::rights(l)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        }
    };
    view! {
        <fieldset class="field">
            <legend>{t::access(l)}</legend>
            <p class="hint">{t::access_hint(l)}</p>
            {body}
        </fieldset>
    }
}

/// The rights that are ticked one by one; to see an application is part of each.
fn single() -> impl Iterator<Item = Action> {
    Action::ON_APPLICATIONS
        .into_iter()
        .filter(|action| *action != Action::View)
}

fn preset_of(granted: &BTreeSet<Action>) -> &'static str {
    match Preset::of(granted) {
        Some(preset) => preset.name(),
        None if granted.is_empty() => "",
        None => CUSTOM,
    }
}

/// What one row's choices share.
#[derive(Clone, Copy)]
struct Chosen {
    preset: RwSignal<String>,
    ticked: RwSignal<BTreeSet<Action>>,
}

impl Chosen {
    fn by_preset(self, name: String) {
        if name != CUSTOM {
            let rights = Preset::from_name(&name).map(Preset::actions).unwrap_or_default();
            self.ticked.set(rights.iter().copied().collect());
        }
        self.preset.set(name);
    }

    fn by_tick(self, action: Action, on: bool) {
        self.ticked.update(|ticked| {
            ticked.insert(Action::View);
            if on {
                ticked.insert(action);
            } else {
                ticked.remove(&action);
            }
        });
        self.preset.set(self.ticked.with_untracked(preset_of).to_owned());
    }
}

#[component]
fn Row(application: Shareable, granted: BTreeSet<Action>) -> impl IntoView {
    let l = locale();
    let (product, own) = (&application.product_name, &application.name);
    let name = format!("{product} / {own} ({})", names::platform(application.platform));
    let field = preset_field(application.id);
    let state = FieldState::new(&field, &name, vec![preset_of(&granted).to_owned()]);
    let boxes: Vec<_> = single()
        .map(|action| {
            let given = if granted.contains(&action) {
                vec!["on".into()]
            } else {
                vec![]
            };
            let label = format!("{name}: {}", names::action(l, action));
            let of_box = FieldState::new(&right_field(application.id, action), &label, given);
            let on = of_box.values.iter().any(|value| value == "on");
            (action, of_box, on)
        })
        .collect();
    let ticked = boxes.iter().filter(|(.., on)| *on).map(|(action, ..)| *action);
    let chosen = Chosen {
        preset: RwSignal::new(state.value()),
        ticked: RwSignal::new(ticked.collect()),
    };
    let boxes: Vec<_> = boxes
        .into_iter()
        .map(|(action, state, on)| tick(l, &application, action, state, on, chosen))
        .collect();
    let at_first = state.value();
    let options = options(l, &application.rights, &at_first);
    let open = at_first == CUSTOM;
    let id = state.id.clone();
    view! {
        <tr>
            <th scope="row">{name.clone()}</th>
            <td>
                <select
                    id=id
                    class="input"
                    name=field
                    aria-label=name
                    prop:value=move || chosen.preset.get()
                    on:change=move |event| {
                        state.touch();
                        chosen.by_preset(event_target_value(&event));
                    }
                >
                    {options}
                </select>
                <details class="disclosure" open=open>
                    <summary>{t::one_by_one(l)}</summary>
                    <div class="ticks">{boxes}</div>
                </details>
            </td>
        </tr>
    }
}

/// The presets, of which only those can be chosen that the giver has whole.
fn options(l: Locale, own: &BTreeSet<Action>, at_first: &str) -> Vec<AnyView> {
    let presets = Preset::ALL.into_iter().map(|preset| {
        let within = preset.actions().iter().all(|action| own.contains(action));
        (preset.name(), names::preset(l, preset), within)
    });
    let all = [("", t::level_none(l), true)].into_iter().chain(presets);
    all.chain([(CUSTOM, t::custom(l), true)])
        .map(|(value, label, within)| {
            view! { <option value=value selected=value == at_first disabled=!within>{label}</option> }
        })
        .collect()
}

fn tick(l: Locale, application: &Shareable, action: Action, state: FieldState, on: bool, chosen: Chosen) -> AnyView {
    let within = application.rights.contains(&action);
    let id = state.id.clone();
    let target = id.clone();
    view! {
        <label class="tick" class:tick-off=!within for=target>
            <input
                id=id
                type="checkbox"
                name=right_field(application.id, action)
                value="on"
                checked=on
                disabled=!within
                prop:checked=move || chosen.ticked.with(|ticked| ticked.contains(&action))
                on:change=move |event| {
                    state.touch();
                    chosen.by_tick(action, event_target_checked(&event));
                }
            />
            <span>{names::action(l, action)}</span>
        </label>
    }
}

/// The applications with their presets, for a row of the list.
pub fn summary(l: Locale, grants: &Grants) -> String {
    let of = |wanted: &'static str| {
        let count = grants
            .applications()
            .values()
            .filter(|rights| preset_of(rights) == wanted)
            .count();
        u32::try_from(count).unwrap_or(u32::MAX)
    };
    let presets = Preset::ALL
        .into_iter()
        .map(|preset| (of(preset.name()), names::preset(l, preset)));
    let parts: Vec<_> = presets
        .chain([(of(CUSTOM), t::custom_short(l))])
        .filter(|(count, _)| *count > 0)
        .map(|(count, label)| t::count_of(l, label, count))
        .collect();
    if parts.is_empty() {
        t::level_none(l).to_owned()
    } else {
        parts.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ApplicationId;

    #[test]
    fn a_preset_and_its_ticks_say_the_same() {
        let owner = Owner::new();
        owner.with(|| {
            let chosen = Chosen {
                preset: RwSignal::new(String::new()),
                ticked: RwSignal::new(BTreeSet::new()),
            };
            for preset in Preset::ALL {
                chosen.by_preset(preset.name().to_owned());
                assert_eq!(chosen.ticked.with(preset_of), preset.name());
            }
            chosen.by_tick(Action::RevealSecrets, false);
            assert_eq!(chosen.preset.get(), CUSTOM);
            chosen.by_tick(Action::RevealSecrets, true);
            assert_eq!(chosen.preset.get(), Preset::FullAccess.name());
            for action in single() {
                chosen.by_tick(action, false);
            }
            assert_eq!(chosen.preset.get(), Preset::ReadOnly.name());
            chosen.by_preset(String::new());
            assert!(chosen.ticked.with(BTreeSet::is_empty));
        });
    }

    #[test]
    fn the_list_counts_applications_by_preset() {
        let grants = Grants::of(
            [
                (ApplicationId(1), vec![Action::View]),
                (ApplicationId(2), vec![Action::View]),
                (ApplicationId(3), vec![Action::Configure]),
            ],
            [],
        );
        assert_eq!(summary(Locale::En, &grants), "Read only: 2, Other rights: 1");
        assert_eq!(summary(Locale::En, &Grants::default()), "No access");
    }
}
