//! The three selects of Add Authorization. What cannot be chosen is listed with the reason.
//!
//! With script each list follows the choices before it. Without, the applications of all products are listed under
//! their product's name, and the server compares.

use crate::{
    api::authorisations::AddForm,
    erased::{effect, view},
    frame::locale,
    i18n::{Locale, authorisation as t, forms, names},
    ui::{Choice, Select, field::FormContext},
};
use domain::authorisation::{AuthorisationChoices, ImChoice, ProductChoice, Unavailable, unavailable};
use domain::product::Platform;
use leptos::prelude::*;

/// The fields of the form; its product is chosen at first.
#[component]
pub fn Selects(form: AddForm) -> impl IntoView {
    let l = locale();
    let AddForm { product, choices } = form;
    let start = Start::new(product.id.to_string(), &choices);
    let im = RwSignal::new(start.im.clone());
    let product = RwSignal::new(start.product.clone());
    let scripted = RwSignal::new(false);
    effect(move || scripted.set(true));
    let choices = StoredValue::new(choices);
    let im_choices = choices.with_value(|choices| {
        choices
            .im_applications
            .iter()
            .map(|one| im_choice(l, one))
            .collect::<Vec<_>>()
    });
    let products = move || choices.with_value(|choices| product_choices(l, choices, &im.get()));
    let applications = move || {
        let only = scripted.get().then(|| product.get());
        choices.with_value(|choices| application_choices(l, choices, &im.get(), only.as_deref()))
    };
    view! {
        <Select
            name="im_application"
            label=t::im_application(l)
            choices=im_choices
            value=start.im
            placeholder=forms::choose(l)
            required=true
            on_choose=Callback::new(move |value| im.set(value))
        />
        <Select
            name="product"
            label=t::product(l)
            choices=Signal::derive(products)
            value=start.product
            placeholder=forms::choose(l)
            required=true
            on_choose=Callback::new(move |value| product.set(value))
        />
        <Select
            name="application"
            label=t::application(l)
            choices=Signal::derive(applications)
            placeholder=forms::choose(l)
            hint=format!("{} {}", t::application_of_product(l), t::application_hint(l))
            required=true
        />
    }
    .into_any()
}

/// What is chosen when the form is shown: what was typed before, else the page's product and the only IM application.
struct Start {
    im: String,
    product: String,
}

impl Start {
    fn new(product: String, choices: &AuthorisationChoices) -> Self {
        let typed = |name: &str| {
            let form = use_context::<FormContext>()?;
            form.typed.with_value(|typed| typed.first(name).map(str::to_owned))
        };
        let only = match choices.im_applications.as_slice() {
            [one] if one.enabled => one.sdk_app_id.to_string(),
            _ => String::new(),
        };
        Self {
            im: typed("im_application").unwrap_or(only),
            product: typed("product").unwrap_or(product),
        }
    }
}

fn place(l: Locale, name: &(String, String)) -> &str {
    match l {
        Locale::En => &name.0,
        Locale::Zh => &name.1,
    }
}

fn im_choice(l: Locale, im: &ImChoice) -> Choice {
    let every_platform = Platform::ALL
        .iter()
        .all(|platform| im.taken.iter().any(|(taken, _)| taken == platform));
    let reason = match () {
        () if !im.enabled => Some(t::im_disabled(l)),
        () if every_platform => Some(t::all_taken(l)),
        () => None,
    };
    Choice {
        unavailable: reason.map(Into::into),
        ..Choice::new(
            im.sdk_app_id.to_string(),
            format!("{} ({}) · {}", im.name, im.sdk_app_id, place(l, &im.access_point_name)),
        )
    }
}

fn chosen_im<'a>(choices: &'a AuthorisationChoices, im: &str) -> Option<&'a ImChoice> {
    choices
        .im_applications
        .iter()
        .find(|one| one.sdk_app_id.to_string() == im)
}

fn product_choices(l: Locale, choices: &AuthorisationChoices, im: &str) -> Vec<Choice> {
    let im = chosen_im(choices, im);
    let choice = |product: &ProductChoice| {
        let elsewhere = im.is_some_and(|im| im.access_point != product.access_point);
        Choice {
            unavailable: elsewhere.then(|| t::other_access_point(l).into()),
            ..Choice::new(
                product.id.to_string(),
                format!("{} · {}", product.name, place(l, &product.access_point_name)),
            )
        }
    };
    choices.products.iter().map(choice).collect()
}

/// The applications of one product, or of all under their products' names.
fn application_choices(l: Locale, choices: &AuthorisationChoices, im: &str, only: Option<&str>) -> Vec<Choice> {
    let im = chosen_im(choices, im);
    let mut listed = Vec::new();
    for product in &choices.products {
        if only.is_some_and(|only| product.id.to_string() != only) {
            continue;
        }
        listed.extend(product.applications.iter().map(|application| Choice {
            group: only.is_none().then(|| product.name.clone()),
            unavailable: unavailable(im, product, application).map(|why| reason(l, why)),
            ..Choice::new(
                application.id.to_string(),
                format!("{} ({})", application.name, names::platform(application.platform)),
            )
        }));
    }
    listed
}

fn reason(l: Locale, why: Unavailable) -> String {
    match why {
        Unavailable::AuthorisedTo(name) => t::authorised_to(l, &name),
        Unavailable::OtherAccessPoint => t::other_access_point(l).into(),
        Unavailable::PlatformTaken(name) => t::platform_taken(l, &name),
        Unavailable::Disabled => t::im_disabled(l).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{ApplicationId, ProductId, SdkAppId, authorisation::ApplicationChoice};

    fn product(id: i64, place: &str, applications: Vec<ApplicationChoice>) -> ProductChoice {
        ProductChoice {
            id: ProductId(id),
            name: format!("product {id}"),
            access_point: place.into(),
            access_point_name: (place.into(), place.into()),
            applications,
        }
    }

    fn application(id: i64, authorised_to: Option<&str>) -> ApplicationChoice {
        ApplicationChoice {
            id: ApplicationId(id),
            name: format!("app {id}"),
            platform: Platform::Android,
            authorised_to: authorised_to.map(Into::into),
        }
    }

    fn choices() -> AuthorisationChoices {
        AuthorisationChoices {
            im_applications: vec![ImChoice {
                sdk_app_id: SdkAppId(1_400_000_001),
                name: "chat".into(),
                access_point: "here".into(),
                access_point_name: ("here".into(), "here".into()),
                enabled: true,
                taken: vec![],
            }],
            products: vec![
                product(1, "here", vec![application(10, None), application(11, Some("other"))]),
                product(2, "there", vec![application(20, None)]),
            ],
        }
    }

    #[test]
    fn what_is_authorised_or_elsewhere_is_listed_with_its_reason() {
        let (all, im) = (choices(), "1400000001");
        let products = product_choices(Locale::En, &all, im);
        assert_eq!(
            products.iter().map(|one| one.unavailable.is_some()).collect::<Vec<_>>(),
            [false, true]
        );
        let of_first = application_choices(Locale::En, &all, im, Some("1"));
        assert_eq!(of_first[0].unavailable, None);
        assert_eq!(of_first[1].unavailable.as_deref(), Some("authorised to “other”"));
    }

    #[test]
    fn without_script_the_applications_of_all_products_stand_under_their_names() {
        let listed = application_choices(Locale::En, &choices(), "", None);
        let groups: Vec<_> = listed.iter().filter_map(|one| one.group.as_deref()).collect();
        assert_eq!(groups, ["product 1", "product 1", "product 2"]);
    }
}
