//! Upload of FCM's service account as a file: the other way to fill the field that takes it pasted. Everything else on
//! the card stays as it is, be it an application's, that of one of its packages or an IM application's. Answers 303, to
//! the owner's page or back to the form, as `uploads` does.

use super::{
    WebState,
    gate::see_other,
    uploads::{cut_off, file_bytes},
};
use app::{
    backend::CurrentActor,
    flash::{self, Done, Typed},
};
use axum::{
    Extension,
    extract::{FromRequest, Multipart, Path, Request, State},
    response::Response,
};
use domain::{
    AccessId, PackageId, Problem, SdkAppId, Secret,
    account::Actor,
    channel::{Card, Channel, ChannelChange, ChannelView},
    field::{FieldFault, Format},
    problem::What,
};
use tower_sessions::Session;

/// The name of the form in the flash.
pub const FORM: &str = "channels/fcm/file";
/// The file's field in this form.
const FILE: &str = "file";
/// The same in the card, under which the service tells what is wrong.
const FIELD: &str = "service_account";

/// Whose card it is.
#[derive(Clone, Copy)]
enum Owner {
    Application(AccessId, PackageId),
    Im(SdkAppId),
}

impl Owner {
    /// The page with its cards.
    fn page(self) -> String {
        match self {
            Self::Application(id, _) => format!("/applications/{id}/basic-config"),
            Self::Im(id) => format!("/im-applications/{id}"),
        }
    }

    /// The page with the card's form.
    fn form(self) -> String {
        let page = self.page();
        match self {
            Self::Application(_, package) if !package.is_main() => format!("{page}/packages/{package}/channels/fcm"),
            _ => format!("{page}/channels/fcm"),
        }
    }

    async fn cards(self, web: &WebState, actor: &Actor) -> domain::Result<Vec<ChannelView>> {
        match self {
            Self::Application(id, package) => {
                let config = web.backend.basic_configs.get(actor, id).await?;
                if package.is_main() {
                    return Ok(config.channels);
                }
                let found = config.packages.into_iter().find(|view| view.id == package);
                let found = found.ok_or(Problem::NotFound(What::PackageName))?;
                Ok(found.channels)
            }
            Self::Im(id) => {
                let channels = web.backend.im_applications.channels(actor, id).await?;
                Ok(channels.into_iter().map(|channel| channel.view).collect())
            }
        }
    }

    async fn save(self, web: &WebState, actor: &Actor, change: ChannelChange) -> domain::Result<()> {
        let (backend, channel) = (&web.backend, Channel::Fcm);
        match self {
            Self::Application(id, package) => {
                let card = Card { package, channel };
                backend.basic_configs.save_channel(actor, id, card, change).await
            }
            Self::Im(id) => backend.im_applications.save_channel(actor, id, channel, change).await,
        }
    }
}

/// `POST /applications/{access_id}/basic-config/channels/fcm/file`
pub async fn upload(
    State(web): State<WebState>,
    Path(access_id): Path<AccessId>,
    session: Session,
    Extension(actor): Extension<CurrentActor>,
    request: Request,
) -> Response {
    let owner = Owner::Application(access_id, PackageId::MAIN);
    take(&web, owner, &session, actor, request).await
}

/// `POST /applications/{access_id}/basic-config/packages/{package}/channels/fcm/file`
pub async fn upload_for_package(
    State(web): State<WebState>,
    Path((access_id, package)): Path<(AccessId, PackageId)>,
    session: Session,
    Extension(actor): Extension<CurrentActor>,
    request: Request,
) -> Response {
    let owner = Owner::Application(access_id, package);
    take(&web, owner, &session, actor, request).await
}

/// `POST /im-applications/{sdk_app_id}/channels/fcm/file`
pub async fn upload_for_im(
    State(web): State<WebState>,
    Path(sdk_app_id): Path<SdkAppId>,
    session: Session,
    Extension(actor): Extension<CurrentActor>,
    request: Request,
) -> Response {
    take(&web, Owner::Im(sdk_app_id), &session, actor, request).await
}

async fn take(web: &WebState, owner: Owner, session: &Session, actor: CurrentActor, request: Request) -> Response {
    let page = owner.page();
    match save(web, owner, actor, request).await {
        Ok(()) => {
            flash::notify(session, Done::ChannelSaved, Channel::Fcm.label()).await;
            see_other(&page)
        }
        Err(Problem::Unauthenticated) => see_other("/login"),
        Err(problem) => {
            flash::keep_form(session, FORM, Typed::default(), of_this_form(problem)).await;
            see_other(&owner.form())
        }
    }
}

async fn save(web: &WebState, owner: Owner, actor: CurrentActor, request: Request) -> domain::Result<()> {
    let actor = actor.0.ok_or(Problem::Unauthenticated)?;
    let text = read(request).await?;
    let mut cards = owner.cards(web, &actor).await?.into_iter();
    let card = cards.find(|card| card.channel == Channel::Fcm);
    let card = card.ok_or(Problem::NotFound(What::VendorChannel))?;
    let kept = card.values.into_iter().map(|(name, value)| (name, Secret::new(value)));
    let change = ChannelChange {
        // Whoever uploads the first file means to use the channel.
        enabled: card.enabled || !card.configured,
        values: kept.chain([(FIELD.to_owned(), text)]).collect(),
    };
    owner.save(web, &actor, change).await
}

async fn read(request: Request) -> domain::Result<Secret> {
    let missing = || Problem::field(FILE, FieldFault::Required);
    let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| missing())?;
    let mut file = Vec::new();
    while let Some(mut field) = multipart.next_field().await.map_err(|_| cut_off())? {
        if field.name() == Some(FILE) {
            file = file_bytes(&mut field).await?;
        }
    }
    if file.is_empty() {
        return Err(missing());
    }
    let text = String::from_utf8(file).map_err(|_| Problem::field(FILE, FieldFault::Format(Format::ServiceAccount)))?;
    Ok(Secret::new(text))
}

/// Names the field as this form does.
fn of_this_form(problem: Problem) -> Problem {
    let Problem::Invalid(mut fields) = problem else {
        return problem;
    };
    for field in &mut fields {
        if field.field == FIELD {
            FILE.clone_into(&mut field.field);
        }
    }
    Problem::Invalid(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_the_service_account_is_told_at_the_file() {
        let fault = FieldFault::Format(Format::ServiceAccountKey);
        assert_eq!(of_this_form(Problem::field(FIELD, fault)), Problem::field(FILE, fault));
        assert_eq!(of_this_form(Problem::Unavailable), Problem::Unavailable);
    }
}
