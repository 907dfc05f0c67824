//! One request to one of the six vendors: read, scripted, checked, answered, noted.

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Version};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use tokio_rustls::TlsAcceptor;

use super::answer::Answer;
use super::connection::{self, Answered, Connection, NoAnswer};
use super::form::Form;
use super::told::Told;
use crate::inbox::{Ending, Record, header_map};
use crate::script::{Cut, Moment, Rule, Subject, Verdict};
use crate::socket::{Socket, Switch};
use crate::stats::{Taken, Tally};
use crate::vendors::Vendor;
use crate::world::{World, hold};

/// A thousand messages of four thousand characters, and their frame.
const BODY_CAP: usize = 16 << 20;

/// How one vendor is played.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    pub(crate) vendor: Vendor,
    /// Reads a request; nothing is refused yet.
    pub(crate) read: fn(&World, &Parts, &Bytes) -> Call,
    /// The vendor's body for a code, with a text if one is given.
    pub(crate) coded: fn(&str, Option<&str>) -> Answer,
}

/// Runs every check; the error is the answer.
type Check = Box<dyn FnOnce(&World) -> Result<Settle, Answer> + Send>;

/// Does what a request that passed asks for. It runs once the script has let the request through.
pub(crate) type Settle = Box<dyn FnOnce(&World) -> Done + Send>;

/// A request as far as it could be read.
pub(crate) struct Call {
    /// The application it is for.
    pub(crate) application: Option<String>,
    /// The devices it names.
    pub(crate) tokens: Arc<[String]>,
    /// The sender's own id of the message.
    pub(crate) id: Option<String>,
    pub(crate) check: Check,
}

impl Call {
    /// A call that names no devices.
    pub(crate) fn bare(
        application: Option<String>,
        check: impl FnOnce(&World) -> Result<Settle, Answer> + Send + 'static,
    ) -> Self {
        Self {
            application,
            tokens: Arc::from([]),
            id: None,
            check: Box::new(check),
        }
    }

    /// A call the vendor has no place for.
    pub(crate) fn refused(answer: Answer) -> Self {
        Self::bare(None, move |_| Err(answer))
    }
}

/// What came of a call.
pub(crate) struct Done {
    pub(crate) answer: Answer,
    /// For which devices the message was taken.
    pub(crate) taken: Taken,
    /// What the vendor will tell of it later.
    pub(crate) told: Vec<Told>,
}

impl Done {
    /// An answer to something that is no message.
    pub(crate) fn plain(answer: Answer) -> Self {
        Self {
            answer,
            taken: Taken::None,
            told: Vec::new(),
        }
    }
}

/// Serves one TCP connection until it ends.
pub(crate) async fn serve(world: Arc<World>, desk: Desk, tls: TlsAcceptor, socket: Socket, switch: Switch) {
    connection::serve(
        world,
        desk.vendor,
        tls,
        (socket, switch),
        move |connection, request| async move { run(&connection, desk, request).await },
    )
    .await;
}

/// Runs one request to its end.
async fn run(connection: &Connection, desk: Desk, request: Request<Incoming>) -> Answered {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, BODY_CAP)
        .collect()
        .await
        .map_err(|_| NoAnswer::Cut)?
        .to_bytes();
    let Call {
        application,
        tokens,
        id,
        check,
    } = (desk.read)(&connection.world, &head, &body);
    let exchange = Exchange {
        connection,
        desk,
        received_ms: connection.world.clock.now_ms(),
        tokens: tokens.iter().map(String::as_str).collect(),
        head,
        body,
        application,
        id,
    };
    let verdict = exchange.consult(Moment::Arrival);
    hold(verdict.delay).await;
    if let Some(rule) = verdict.rule {
        return exchange.turn_away(&rule);
    }
    let (mut done, cut) = exchange.decide(check).await;
    connection.world.tell(std::mem::take(&mut done.told));
    exchange.note(if cut { Ending::CutAfter } else { Ending::Answered }, Some(&done));
    if cut {
        connection.switch.cut();
        return Err(NoAnswer::Cut);
    }
    Ok(done.answer.response())
}

struct Exchange<'a> {
    connection: &'a Connection,
    desk: Desk,
    head: Parts,
    body: Bytes,
    received_ms: i64,
    tokens: Vec<&'a str>,
    application: Option<String>,
    id: Option<String>,
}

impl Exchange<'_> {
    fn consult(&self, moment: Moment) -> Verdict {
        let subject = Subject {
            vendor: self.desk.vendor,
            environment: None,
            tokens: &self.tokens,
            topic: None,
            project: self.application.as_deref(),
            path: self.head.uri.path(),
        };
        self.connection.world.consult(moment, &subject)
    }

    /// What came of it, and whether the connection is cut in place of the answer.
    async fn decide(&self, check: Check) -> (Done, bool) {
        let world = &self.connection.world;
        hold(world.latency()).await;
        let settle = match check(world) {
            Ok(settle) => settle,
            Err(answer) => return (Done::plain(answer), false),
        };
        let verdict = self.consult(Moment::Checked);
        hold(verdict.delay).await;
        match verdict.rule {
            // What a rule answers is never an acceptance: no body of its own says that a message was taken.
            Some(rule) if rule.cut != Some(Cut::After) => {
                (Done::plain(Answer::scripted(&rule, self.desk.coded)), false)
            }
            rule => (settle(world), rule.is_some()),
        }
    }

    /// Does what a rule wants done on arrival. HTTP/1.1 can only be cut.
    fn turn_away(self, rule: &Rule) -> Answered {
        let http2 = self.head.version == Version::HTTP_2;
        let refused = || NoAnswer::Refused(h2::Error::from(h2::Reason::REFUSED_STREAM));
        if rule.refuse && http2 {
            self.note(Ending::Refused, None);
            return Err(refused());
        }
        if rule.goaway.is_some() && http2 {
            self.note(Ending::Goaway, None);
            self.connection.drain.cancel();
            return Err(refused());
        }
        self.note(Ending::CutBefore, None);
        self.connection.switch.cut();
        Err(NoAnswer::Cut)
    }

    fn note(&self, ending: Ending, done: Option<&Done>) {
        let answer = done.filter(|_| ending == Ending::Answered).map(|done| &done.answer);
        let taken = done.map_or(&Taken::None, |done| &done.taken);
        let tally = Tally {
            vendor: self.desk.vendor,
            tokens: &self.tokens,
            taken,
            id: self.id.as_deref(),
            ending,
            accepted: taken.count(self.tokens.len()),
            status: answer.map(|answer| answer.status.as_u16()),
            reason: answer.and_then(|answer| answer.reason.as_deref()),
        };
        self.connection.world.note(&tally, || self.record(&tally, answer));
    }

    fn record(&self, tally: &Tally<'_>, answer: Option<&Answer>) -> Record {
        let json = if Form::is_announced(&self.head.headers) {
            Some(Form::read(&self.body).opened())
        } else {
            serde_json::from_slice(&self.body).ok()
        };
        let one = (self.tokens.len() == 1).then(|| self.tokens[0].to_owned());
        let many = if one.is_some() { &[][..] } else { &self.tokens };
        let path = self.head.uri.path_and_query();
        Record {
            seq: 0,
            vendor: tally.vendor,
            environment: None,
            connection: self.connection.id,
            stream: 0,
            received_ms: self.received_ms,
            method: self.head.method.to_string(),
            path: path.map(ToString::to_string).unwrap_or_default(),
            headers: header_map(&self.head.headers),
            body: String::from_utf8_lossy(&self.body).into_owned(),
            json,
            token: one,
            tokens: many.iter().map(|token| (*token).to_owned()).collect(),
            topic: None,
            project: self.application.clone(),
            id: self.id.clone(),
            ending: tally.ending,
            accepted: tally.accepted > 0,
            status: tally.status,
            reason: tally.reason.map(str::to_owned),
            answer: answer.map(|answer| String::from_utf8_lossy(&answer.body).into_owned()),
        }
    }
}
