//! One request to APNs: read, scripted, checked, answered, noted.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use h2::server::SendResponse;
use h2::{Reason, RecvStream};
use http::request::Parts;
use http::{HeaderMap, Request};

use super::answers::Answer;
use super::checks::{Asked, check, token_in};
use super::connection::{Command, Connection};
use crate::inbox::{Ending, Record, header_map};
use crate::script::{Cut, Moment, Rule, Subject, Verdict};
use crate::stats::{Taken, Tally};
use crate::vendors::{Environment, Vendor};
use crate::world::hold;

/// A body longer than this is not read further; it is too large in any case.
const BODY_CAP: usize = 1 << 20;

/// Runs one request to its end.
pub(super) async fn run(connection: &Arc<Connection>, request: Request<RecvStream>, mut respond: SendResponse<Bytes>) {
    let stream = respond.stream_id().as_u32();
    let (head, body) = request.into_parts();
    let mut exchange = Exchange {
        connection,
        head,
        stream,
        body: Bytes::new(),
        received_ms: 0,
    };

    let verdict = exchange.consult(Moment::Arrival);
    hold(verdict.delay).await;
    if let Some(rule) = verdict.rule {
        return exchange.turn_away(&rule, respond);
    }
    match read(body).await {
        Some(body) => exchange.body = body,
        // The client took the request back or went away; there is nothing to answer.
        None => return,
    }
    exchange.received_ms = connection.world.clock.now_ms();

    let (answer, cut) = exchange.decide().await;
    let apns_id = exchange.apns_id();
    let ending = if cut { Ending::CutAfter } else { Ending::Answered };
    exchange.note(ending, Some(&answer));
    if cut {
        return connection.switch.cut();
    }
    let unique = (connection.environment == Environment::Sandbox).then(|| uuid::Uuid::new_v4().to_string());
    connection.answer(|| write(&mut respond, &answer, &apns_id, unique.as_deref()));
}

/// Notes a stream that was refused by the connection itself.
pub(super) fn note_refused(connection: &Arc<Connection>, request: &Request<RecvStream>, stream: u32) {
    let head = head_of(request);
    let received_ms = connection.world.clock.now_ms();
    Exchange {
        connection,
        head,
        stream,
        body: Bytes::new(),
        received_ms,
    }
    .note(Ending::Refused, None);
}

fn head_of(request: &Request<RecvStream>) -> Parts {
    let mut copy = Request::new(());
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = request.uri().clone();
    *copy.headers_mut() = request.headers().clone();
    copy.into_parts().0
}

struct Exchange<'a> {
    connection: &'a Arc<Connection>,
    head: Parts,
    stream: u32,
    body: Bytes,
    received_ms: i64,
}

impl Exchange<'_> {
    fn asked(&self) -> Asked<'_> {
        Asked {
            method: &self.head.method,
            path: self.head.uri.path(),
            headers: &self.head.headers,
            body: &self.body,
            environment: self.connection.environment,
            peer: self.connection.peer.as_ref(),
        }
    }

    fn consult(&self, moment: Moment) -> Verdict {
        let token = token_in(self.head.uri.path());
        let subject = Subject {
            vendor: Vendor::Apns,
            environment: Some(self.connection.environment),
            tokens: token.as_slice(),
            topic: text(&self.head.headers, "apns-topic").or_else(|| self.connection.peer.as_ref()?.default_topic()),
            project: None,
            path: self.head.uri.path(),
        };
        self.connection.world.consult(moment, &subject)
    }

    /// The id the client gave, or a new one.
    fn apns_id(&self) -> String {
        text(&self.head.headers, "apns-id").map_or_else(|| uuid::Uuid::new_v4().to_string(), str::to_owned)
    }

    /// The answer, and whether the connection is cut in its place.
    async fn decide(&self) -> (Answer, bool) {
        let world = &self.connection.world;
        let settings = world.settings.get();
        let checked = check(&self.asked(), &mut self.connection.tokens(), world, &settings);
        hold(world.latency()).await;
        if let Err(refusal) = checked {
            return (Answer::refused(&refusal), false);
        }
        let verdict = self.consult(Moment::Checked);
        hold(verdict.delay).await;
        match verdict.rule {
            Some(rule) if rule.cut == Some(Cut::After) => (Answer::ok(), true),
            Some(rule) => (Answer::scripted(&rule, world.clock.now_ms()), false),
            None => (Answer::ok(), false),
        }
    }

    /// Does what a rule wants done on arrival.
    fn turn_away(mut self, rule: &Rule, mut respond: SendResponse<Bytes>) {
        self.received_ms = self.connection.world.clock.now_ms();
        if rule.refuse {
            self.note(Ending::Refused, None);
            respond.send_reset(Reason::REFUSED_STREAM);
        } else if let Some(goaway) = rule.goaway.clone() {
            self.note(Ending::Goaway, None);
            self.connection.send(Command::Goaway {
                goaway,
                stream: self.stream,
                respond,
            });
        } else {
            self.note(Ending::CutBefore, None);
            self.connection.switch.cut();
        }
    }

    fn note(&self, ending: Ending, answer: Option<&Answer>) {
        let written = answer.filter(|_| ending == Ending::Answered);
        let accepted = answer.is_some_and(|answer| answer.status.is_success());
        let path = self.head.uri.path();
        let lower = token_in(path).map(str::to_ascii_lowercase);
        let token = lower.as_deref();
        let tally = Tally {
            vendor: Vendor::Apns,
            tokens: token.as_slice(),
            taken: if accepted { &Taken::All } else { &Taken::None },
            id: text(&self.head.headers, "apns-id"),
            ending,
            accepted: u64::from(accepted),
            status: written.map(|answer| answer.status.as_u16()),
            reason: written.and_then(|answer| answer.reason.as_deref()),
        };
        self.connection.world.note(&tally, || Record {
            seq: 0,
            vendor: Vendor::Apns,
            environment: Some(self.connection.environment),
            connection: self.connection.id,
            stream: self.stream,
            received_ms: self.received_ms,
            method: self.head.method.to_string(),
            path: path.to_owned(),
            headers: header_map(&self.head.headers),
            body: String::from_utf8_lossy(&self.body).into_owned(),
            json: serde_json::from_slice(&self.body).ok(),
            token: token_in(path).map(str::to_owned),
            tokens: Vec::new(),
            topic: self.asked().topic().map(str::to_owned),
            project: None,
            id: tally.id.map(str::to_owned),
            ending,
            accepted,
            status: tally.status,
            reason: tally.reason.map(str::to_owned),
            answer: written
                .filter(|answer| !answer.body.is_empty())
                .map(|answer| String::from_utf8_lossy(&answer.body).into_owned()),
        });
    }
}

async fn read(mut body: RecvStream) -> Option<Bytes> {
    let mut whole = BytesMut::new();
    while let Some(piece) = body.data().await {
        let piece = piece.ok()?;
        // Releasing can only fail for more than was received.
        let _ = body.flow_control().release_capacity(piece.len());
        if body.is_end_stream() && whole.is_empty() {
            return Some(piece);
        }
        if whole.len() < BODY_CAP {
            whole.extend_from_slice(&piece);
        }
    }
    Some(whole.freeze())
}

fn write(respond: &mut SendResponse<Bytes>, answer: &Answer, apns_id: &str, unique_id: Option<&str>) {
    let head = answer.head(apns_id, unique_id);
    let bare = answer.body.is_empty();
    // Errors mean the client has left; its request is in the inbox all the same.
    if let Ok(mut body) = respond.send_response(head, bare)
        && !bare
    {
        let _ = body.send_data(answer.body.clone(), true);
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
