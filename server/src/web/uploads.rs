//! Upload of a push certificate, the one form that is multipart. Plain axum: the file goes to the service as bytes,
//! nothing is written to disk, and the password is neither logged nor kept.
//!
//! The answer is always 303: to Basic Config with a message, or back to the form with what was wrong (`app::flash`).

use super::{WebState, gate::see_other};
use app::{
    backend::CurrentActor,
    flash::{self, Done, Typed},
};
use axum::{
    Extension,
    extract::{FromRequest, Multipart, Path, Request, State, multipart::Field},
    response::Response,
};
use domain::{
    AccessId, Problem, Secret,
    certificate::{CertificateFault, CertificateKind, CertificateView, Environment, Upload},
    field::FieldFault,
};
use tower_sessions::Session;

/// The largest certificate file.
const MAX_FILE: usize = 64 * 1024;
/// What is read of a larger one before giving up, so that its sender hears why instead of a broken connection.
pub const MAX_BODY: usize = 8 * 1024 * 1024;
/// The largest of the other fields.
const MAX_TEXT: usize = 1024;
/// The name of the form in the flash.
pub const FORM: &str = "certificates";

/// `POST /applications/{access_id}/basic-config/certificates`
pub async fn upload_certificate(
    State(web): State<WebState>,
    Path(access_id): Path<AccessId>,
    session: Session,
    Extension(actor): Extension<CurrentActor>,
    request: Request,
) -> Response {
    let mut form = CertificateForm::default();
    let outcome = run(&web, access_id, actor, &mut form, request).await;
    let page = format!("/applications/{access_id}/basic-config");
    match outcome {
        Ok(certificate) => {
            flash::notify(&session, Done::CertificateUploaded, &certificate.facts.subject).await;
            see_other(&page)
        }
        Err(Problem::Unauthenticated) => see_other("/login"),
        Err(problem) => {
            flash::keep_form(&session, FORM, form.typed(), problem).await;
            see_other(&format!("{page}/certificates/new"))
        }
    }
}

async fn run(
    web: &WebState,
    access_id: AccessId,
    actor: CurrentActor,
    form: &mut CertificateForm,
    request: Request,
) -> domain::Result<CertificateView> {
    let actor = actor.0.ok_or(Problem::Unauthenticated)?;
    let multipart = Multipart::from_request(request, &()).await;
    form.read(multipart.map_err(|_| Problem::field("file", FieldFault::Required))?)
        .await?;
    web.backend
        .basic_configs
        .upload(&actor, access_id, form.upload()?)
        .await
}

/// The form as far as it was read.
#[derive(Default)]
struct CertificateForm {
    file: Vec<u8>,
    password: Secret,
    kind: String,
    key_id: String,
    team_id: String,
    environments: Vec<String>,
}

impl CertificateForm {
    async fn read(&mut self, mut multipart: Multipart) -> domain::Result<()> {
        while let Some(mut field) = multipart.next_field().await.map_err(|_| cut_off())? {
            match field.name().unwrap_or_default() {
                "file" => self.file = file_bytes(&mut field).await?,
                "password" => self.password = Secret::new(text(&mut field).await?),
                "kind" => self.kind = text(&mut field).await?,
                "key_id" => self.key_id = text(&mut field).await?,
                "team_id" => self.team_id = text(&mut field).await?,
                // The console's check boxes send a list, a client of somebody's own may repeat the name.
                "environments" | "environments[]" => self.environments.push(text(&mut field).await?),
                _ => {}
            }
        }
        Ok(())
    }

    fn upload(&mut self) -> domain::Result<Upload> {
        let kind = CertificateKind::from_name(&self.kind);
        let kind = kind.ok_or_else(|| Problem::field("kind", FieldFault::NotAChoice))?;
        let chosen = self.environments.iter().map(|name| Environment::from_name(name));
        let environments: Option<Vec<_>> = chosen.collect();
        let environments = environments.ok_or_else(|| Problem::field("environments", FieldFault::NotAChoice))?;
        let file = std::mem::take(&mut self.file);
        if file.is_empty() {
            return Err(Problem::Certificate(CertificateFault::Empty));
        }
        Ok(match kind {
            CertificateKind::P12 => Upload::P12 {
                file,
                password: self.password.clone(),
                environments,
            },
            CertificateKind::P8 => Upload::P8 {
                file,
                key_id: self.key_id.trim().to_owned(),
                team_id: self.team_id.trim().to_owned(),
                environments,
            },
        })
    }

    /// What may be shown again: neither file nor password.
    fn typed(&self) -> Typed {
        let shown = [
            ("kind", &self.kind),
            ("key_id", &self.key_id),
            ("team_id", &self.team_id),
        ];
        let mut typed = Typed::from_pairs(shown.map(|(name, value)| (name, value.as_str())));
        typed.add_all("environments", &self.environments);
        typed
    }
}

/// Reads a part to its end, but keeps no more than allowed.
async fn bytes(field: &mut Field<'_>, limit: usize) -> domain::Result<Vec<u8>> {
    let mut kept = Vec::new();
    let mut too_large = false;
    while let Some(chunk) = field.chunk().await.map_err(|_| cut_off())? {
        too_large |= kept.len() + chunk.len() > limit;
        if !too_large {
            kept.extend_from_slice(&chunk);
        }
    }
    if too_large {
        Err(Problem::TooLarge { limit: limit as u64 })
    } else {
        Ok(kept)
    }
}

async fn text(field: &mut Field<'_>) -> domain::Result<String> {
    String::from_utf8(bytes(field, MAX_TEXT).await?).map_err(|_| Problem::field("kind", FieldFault::ControlCharacters))
}

/// The file of a form.
pub(super) async fn file_bytes(field: &mut Field<'_>) -> domain::Result<Vec<u8>> {
    bytes(field, MAX_FILE).await
}

/// The body ended early, or went on past everything that is read.
pub(super) const fn cut_off() -> Problem {
    Problem::TooLarge { limit: MAX_FILE as u64 }
}
