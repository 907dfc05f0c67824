//! Rules written in Rust: `Rule::apns().token("…").reason("Unregistered").times(1)`.

use super::{Cut, Goaway, Rule};
use crate::chance::Latency;
use crate::vendors::{Environment, Vendor};

impl Rule {
    /// About every request of a service.
    pub fn of(vendor: Vendor) -> Self {
        Self {
            vendor: Some(vendor),
            ..Self::default()
        }
    }

    /// About APNs.
    pub fn apns() -> Self {
        Self::of(Vendor::Apns)
    }

    /// About FCM sends.
    pub fn fcm() -> Self {
        Self::of(Vendor::Fcm)
    }

    /// About access tokens.
    pub fn oauth() -> Self {
        Self::of(Vendor::Oauth)
    }

    /// Only this APNs environment.
    #[must_use]
    pub fn environment(self, environment: Environment) -> Self {
        Self {
            environment: Some(environment),
            ..self
        }
    }

    /// Only this device token.
    #[must_use]
    pub fn token(self, token: impl Into<String>) -> Self {
        Self {
            token: Some(token.into()),
            ..self
        }
    }

    /// Only device tokens that begin with this.
    #[must_use]
    pub fn token_prefix(self, prefix: impl Into<String>) -> Self {
        Self {
            token_prefix: Some(prefix.into()),
            ..self
        }
    }

    /// Only this topic.
    #[must_use]
    pub fn topic(self, topic: impl Into<String>) -> Self {
        Self {
            topic: Some(topic.into()),
            ..self
        }
    }

    /// Only this project, or this application.
    #[must_use]
    pub fn project(self, project: impl Into<String>) -> Self {
        Self {
            project: Some(project.into()),
            ..self
        }
    }

    /// Only paths that contain this.
    #[must_use]
    pub fn path(self, part: impl Into<String>) -> Self {
        Self {
            path: Some(part.into()),
            ..self
        }
    }

    /// Answer with this status.
    #[must_use]
    pub fn status(self, status: u16) -> Self {
        Self {
            status: Some(status),
            ..self
        }
    }

    /// Answer with this APNs reason or OAuth error.
    #[must_use]
    pub fn reason(self, reason: impl Into<String>) -> Self {
        Self {
            reason: Some(reason.into()),
            ..self
        }
    }

    /// Answer with this error code of FCM or of one of the Chinese vendors.
    #[must_use]
    pub fn error_code(self, code: impl Into<String>) -> Self {
        Self {
            error_code: Some(code.into()),
            ..self
        }
    }

    /// Name this field in a `BadRequest` detail.
    #[must_use]
    pub fn field(self, field: impl Into<String>) -> Self {
        Self {
            field: Some(field.into()),
            ..self
        }
    }

    /// The time in an APNs 410.
    #[must_use]
    pub fn timestamp_ms(self, timestamp: i64) -> Self {
        Self {
            timestamp_ms: Some(timestamp),
            ..self
        }
    }

    /// Add a header to the answer.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// Send this body in place of the vendor's.
    #[must_use]
    pub fn body(self, body: impl Into<String>) -> Self {
        Self {
            body: Some(body.into()),
            ..self
        }
    }

    /// Hold requests back by this many milliseconds.
    #[must_use]
    pub fn delay_ms(self, ms: u64) -> Self {
        self.latency(Latency::Fixed(ms))
    }

    /// Hold requests back by a drawn time.
    #[must_use]
    pub fn latency(self, latency: Latency) -> Self {
        Self {
            delay_ms: Some(latency),
            ..self
        }
    }

    /// Cut the connection.
    #[must_use]
    pub fn cut(self, cut: Cut) -> Self {
        Self { cut: Some(cut), ..self }
    }

    /// Send GOAWAY with `NO_ERROR`, and with this reason in the debug data if one is given.
    #[must_use]
    pub fn goaway(self, reason: Option<&str>) -> Self {
        Self {
            goaway: Some(Goaway {
                reason: reason.map(str::to_owned),
                code: 0,
            }),
            ..self
        }
    }

    /// Refuse the stream.
    #[must_use]
    pub fn refuse(self) -> Self {
        Self { refuse: true, ..self }
    }

    /// Speak so many times, then leave.
    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self {
            times: Some(times),
            ..self
        }
    }

    /// Speak to this share of matching requests.
    #[must_use]
    pub fn share(self, share: f64) -> Self {
        Self {
            share: Some(share),
            ..self
        }
    }
}
