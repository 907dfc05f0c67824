//! Remove certificate: what stops with it.

use super::{
    certificate::{Facts, environments},
    way,
};
use crate::{
    api::{self, basic_configs::StoredCertificate},
    erased::view,
    frame::locale,
    i18n::basic_config as t,
    pages::path_id,
    paths::Section,
    ui::{Alert, Form, Loaded, Look, PageHeader, Sending, Tone, page_data},
};
use domain::{AccessId, CertificateId};
use leptos::prelude::*;

/// The page.
#[component]
pub fn RemoveCertificatePage() -> impl IntoView {
    let id = path_id("access_id", AccessId(0));
    let certificate = path_id("certificate", CertificateId(0));
    let action = Sending::to::<api::basic_configs::RemoveCertificate>();
    let data = page_data(move || api::basic_configs::Certificate {
        access_id: id.get(),
        certificate: certificate.get(),
    });
    view! {
        <Loaded data=data let:stored>
            <Remove action=action stored=stored />
        </Loaded>
    }
}

#[component]
fn Remove(action: Sending, stored: StoredCertificate) -> impl IntoView {
    let l = locale();
    let StoredCertificate {
        application,
        certificate,
    } = stored;
    let facts = certificate.facts;
    let served = environments(l, &facts);
    view! {
        <PageHeader
            title=t::remove_title(l)
            about=application.name.clone()
            path=way(l, &application, Some(t::remove_title(l).into()))
        />
        <div class="panel panel-form">
            <Alert tone=Tone::Warning title=t::remove_question(l, &facts.subject)>
                <ul>
                    <li>{t::remove_loses(l, &served)}</li>
                    <li>{t::remove_deletes(l)}</li>
                </ul>
            </Alert>
            <Facts facts=facts />
            <Form
                action=action
                name="basic-configs/remove-certificate"
                submit=t::remove_title(l)
                busy=t::removing(l)
                look=Look::Danger
                cancel=Section::BasicConfig.of(application.access_id)
            >
                <input type="hidden" name="access_id" value=application.access_id.to_string() />
                <input type="hidden" name="certificate" value=certificate.id.to_string() />
            </Form>
        </div>
    }
    .into_any()
}
