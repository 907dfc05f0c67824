//! One request to FCM or the token endpoint: routed, scripted, checked, answered, noted.

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Version};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use serde_json::Value;

use super::answers::Answer;
use super::{message, oauth, schema, send};
use crate::inbox::{Ending, Record, header_map};
use crate::script::{Cut, Moment, Rule, Subject, Verdict};
use crate::stats::{Taken, Tally};
use crate::vendors::Vendor;
use crate::vendors::desk::connection::{Answered, Connection, NoAnswer};
use crate::world::hold;

const BODY_CAP: usize = 1 << 20;

/// Where a request goes.
enum Route {
    Token,
    Send { project: String },
    Nowhere,
}

impl Route {
    fn of(head: &Parts) -> Self {
        let path = head.uri.path();
        let project = path
            .strip_prefix("/v1/projects/")
            .and_then(|rest| rest.strip_suffix("/messages:send"));
        match project {
            _ if head.method != Method::POST => Self::Nowhere,
            Some(project) if !project.is_empty() && !project.contains('/') => Self::Send {
                project: project.to_owned(),
            },
            _ if path == "/token" => Self::Token,
            _ => Self::Nowhere,
        }
    }
}

struct Exchange<'a> {
    connection: &'a Connection,
    head: Parts,
    body: Bytes,
    json: Option<Value>,
    route: Route,
    received_ms: i64,
}

/// Runs one request to its end.
pub(super) async fn run(connection: &Arc<Connection>, request: Request<Incoming>) -> Answered {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, BODY_CAP)
        .collect()
        .await
        .map_err(|_| NoAnswer::Cut)?
        .to_bytes();
    let route = Route::of(&head);
    let json = matches!(route, Route::Send { .. })
        .then(|| serde_json::from_slice(&body).ok())
        .flatten();
    let received_ms = connection.world.clock.now_ms();
    let exchange = Exchange {
        connection,
        head,
        body,
        json,
        route,
        received_ms,
    };

    let verdict = exchange.consult(Moment::Arrival);
    hold(verdict.delay).await;
    if let Some(rule) = verdict.rule {
        return exchange.turn_away(&rule);
    }
    let outcome = exchange.decide().await;
    let ending = if outcome.cut {
        Ending::CutAfter
    } else {
        Ending::Answered
    };
    exchange.note(ending, Some(&outcome));
    if outcome.cut {
        connection.switch.cut();
        return Err(NoAnswer::Cut);
    }
    Ok(outcome.answer.response())
}

struct Outcome {
    answer: Answer,
    /// The message was taken for delivery, or the access token handed out.
    accepted: bool,
    cut: bool,
}

impl Outcome {
    fn refused(answer: Answer) -> Self {
        Self {
            answer,
            accepted: false,
            cut: false,
        }
    }
}

impl Exchange<'_> {
    fn vendor(&self) -> Vendor {
        if matches!(self.route, Route::Token) {
            Vendor::Oauth
        } else {
            Vendor::Fcm
        }
    }

    fn project(&self) -> Option<&str> {
        match &self.route {
            Route::Send { project } => Some(project),
            Route::Token | Route::Nowhere => None,
        }
    }

    fn token(&self) -> Option<&str> {
        schema::field(self.json.as_ref()?, "message").and_then(message::device)
    }

    fn consult(&self, moment: Moment) -> Verdict {
        let token = self.token();
        let subject = Subject {
            vendor: self.vendor(),
            environment: None,
            tokens: token.as_slice(),
            topic: None,
            project: self.project(),
            path: self.head.uri.path(),
        };
        self.connection.world.consult(moment, &subject)
    }

    async fn decide(&self) -> Outcome {
        let world = &self.connection.world;
        hold(world.latency()).await;
        match &self.route {
            Route::Nowhere => Outcome::refused(Answer::error(
                404,
                "NOT_FOUND",
                "Requested entity was not found.",
                Vec::new(),
            )),
            Route::Token => match oauth::check(world, &self.head, &self.body).await {
                Err(answer) => Outcome::refused(answer),
                Ok(grant) => {
                    self.conclude(Answer::scripted_oauth, true, || oauth::issue(world, grant))
                        .await
                }
            },
            Route::Send { project } => {
                match send::check(world, project, &self.head.headers, self.json.as_ref(), &self.body) {
                    Err(answer) => Outcome::refused(answer),
                    Ok(cleared) => {
                        let counts = !cleared.validate_only;
                        self.conclude(Answer::scripted, counts, || send::accepted(world, project, &cleared))
                            .await
                    }
                }
            }
        }
    }

    /// Lets the script speak to a request that passed its checks; `regular` is the answer it gets otherwise.
    async fn conclude(&self, scripted: fn(&Rule) -> Answer, counts: bool, regular: impl FnOnce() -> Answer) -> Outcome {
        let verdict = self.consult(Moment::Checked);
        hold(verdict.delay).await;
        match verdict.rule {
            Some(rule) if rule.cut != Some(Cut::After) => {
                let answer = scripted(&rule);
                // A scripted 200 without the vendor's body is nothing a client could take for an acceptance.
                let accepted = counts && answer.status.is_success();
                Outcome {
                    answer,
                    accepted,
                    cut: false,
                }
            }
            rule => Outcome {
                answer: regular(),
                accepted: counts,
                cut: rule.is_some(),
            },
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

    fn note(&self, ending: Ending, outcome: Option<&Outcome>) {
        let world = &self.connection.world;
        let accepted = outcome.is_some_and(|outcome| outcome.accepted);
        let answer = outcome
            .filter(|_| ending == Ending::Answered)
            .map(|outcome| &outcome.answer);
        let settings = world.settings.get();
        let id = self
            .json
            .as_ref()
            .and_then(|json| json.pointer(&settings.fcm_id_pointer))
            .and_then(Value::as_str);
        let token = self.token();
        let tally = Tally {
            vendor: self.vendor(),
            tokens: token.as_slice(),
            taken: if accepted { &Taken::All } else { &Taken::None },
            id,
            ending,
            accepted: u64::from(accepted),
            status: answer.map(|answer| answer.status.as_u16()),
            reason: answer.and_then(|answer| answer.reason.as_deref()),
        };
        world.note(&tally, || Record {
            seq: 0,
            vendor: tally.vendor,
            environment: None,
            connection: self.connection.id,
            stream: 0,
            received_ms: self.received_ms,
            method: self.head.method.to_string(),
            path: self
                .head
                .uri
                .path_and_query()
                .map(ToString::to_string)
                .unwrap_or_default(),
            headers: header_map(&self.head.headers),
            body: String::from_utf8_lossy(&self.body).into_owned(),
            json: self.json.clone(),
            token: self.token().map(str::to_owned),
            tokens: Vec::new(),
            topic: None,
            project: self.project().map(str::to_owned),
            id: id.map(str::to_owned),
            ending,
            accepted,
            status: tally.status,
            reason: tally.reason.map(str::to_owned),
            answer: answer.map(|answer| String::from_utf8_lossy(&answer.body).into_owned()),
        });
    }
}
