//! The zone whose days are counted.

use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::statistics as t,
    ui::{Choice, Form, Loaded, PageHeader, Select, Sending, page_data},
};
use domain::statistics::ZoneSetting;
use leptos::prelude::*;

/// The page.
#[component]
pub fn TimeZonePage() -> impl IntoView {
    let data = page_data(|| api::statistics::ReadTimeZone {});
    view! {
        <Loaded data=data let:setting>
            <Setting setting=setting />
        </Loaded>
    }
}

#[component]
fn Setting(setting: ZoneSetting) -> impl IntoView {
    let l = locale();
    let action = Sending::to::<api::statistics::SetTimeZone>();
    let choices: Vec<Choice> = setting
        .choices
        .into_iter()
        .map(|zone| Choice::new(zone.clone(), zone))
        .collect();
    view! {
        <PageHeader title=t::zone_title(l) lead=t::zone_lead(l) />
        <section class="panel panel-form">
            <Form action=action name="statistics/set-time-zone" submit=t::zone_save(l) busy=t::zone_saving(l)>
                <Select name="zone" label=t::zone_label(l) choices=choices value=setting.zone hint=t::zone_hint(l) required=true />
            </Form>
        </section>
    }
    .into_any()
}
