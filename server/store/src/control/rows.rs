//! Reading stored names back into the words of `domain`, and the search pattern.

use crate::{Fault, Result};
use domain::{
    account::Action,
    certificate::CertificateKind,
    channel::Channel,
    plan::PlanSource,
    product::{ApplicationStatus, Category, Platform, ServiceDetails},
};
use sea_orm::sea_query::LikeExpr;

macro_rules! readers {
    ($($function:ident: $type:ident from $column:literal;)+) => {$(
        pub(super) fn $function(name: &str) -> Result<$type> {
            $type::from_name(name).ok_or(Fault::damaged($column))
        }
    )+};
}

readers! {
    action: Action from "grants.action";
    category: Category from "products.category";
    platform: Platform from "applications.platform";
    status: ApplicationStatus from "applications.status";
    service_details: ServiceDetails from "applications.service_details";
    channel: Channel from "vendor_channels.channel";
    certificate_kind: CertificateKind from "certificates.kind";
    plan_source: PlanSource from "plans.source";
}

/// `%text%` with the wildcards inside the text taken literally.
pub(super) fn containing(text: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('\\')
}
