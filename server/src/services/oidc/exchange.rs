//! The way to the provider and back: what is sent along, what must come back, and the code's exchange for tokens.

use super::{
    claims::Claims,
    discovery::{Discovery, said},
    token::{Expected, Other, TokenFault, Tokens, Vouched, verify},
    wire::{ProviderWire, WireFault},
};
use crate::settings::Oidc;
use anyhow::Context;
use dispatcher::client::Trust;
use domain::{
    Secret,
    provider::{Ceremony, Departure, Purpose, RETURN, Refused, Return},
    time::Clock,
};
use openidconnect::{
    AuthType, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, StandardErrorResponse, TokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClientAuthMethod, CoreErrorResponseType,
        CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreProviderMetadata, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse,
    },
};
use std::{sync::Arc, time::Duration};
use subtle::ConstantTimeEq;

/// How long somebody may be at the provider.
const CEREMONY_MS: i64 = 10 * 60_000;
/// How much of a provider's error is repeated in the log.
const LOGGED_ERROR: usize = 40;

type OurClient = Client<
    Other,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// This server in the eyes of the provider.
pub(super) struct Exchange {
    issuer: String,
    client_id: ClientId,
    secret: Option<ClientSecret>,
    redirect: RedirectUrl,
    scopes: Vec<Scope>,
    required_amr: Vec<String>,
    /// Without which the provider's userinfo is asked.
    wanted: [String; 2],
    wire: Arc<ProviderWire>,
    discovery: Discovery,
    clock: Arc<dyn Clock>,
}

impl Exchange {
    pub(super) fn new(oidc: &Oidc, public_url: &str, trust: &Trust, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let issuer = IssuerUrl::new(oidc.issuer.clone()).context("oidc.issuer")?;
        let wire = Arc::new(ProviderWire::new(trust).context("[oidc]")?);
        let secret = oidc.secret()?;
        let redirect = format!("{}{RETURN}", public_url.trim_end_matches('/'));
        Ok(Self {
            issuer: oidc.issuer.clone(),
            client_id: ClientId::new(oidc.client_id.clone()),
            secret: (!secret.is_empty()).then(|| ClientSecret::new(secret.reveal().to_owned())),
            redirect: RedirectUrl::new(redirect).context("http.public_url")?,
            scopes: oidc.scopes.iter().cloned().map(Scope::new).collect(),
            required_amr: oidc.required_amr.clone(),
            wanted: [oidc.groups_claim.clone(), oidc.name_claim.clone()],
            discovery: Discovery::new(issuer, Arc::clone(&wire), Arc::clone(&clock)),
            wire,
            clock,
        })
    }

    pub(super) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Where to send somebody, and what to keep meanwhile.
    pub(super) async fn depart(&self, purpose: Purpose, next: &str) -> Result<Departure, Refused> {
        let metadata = self.discovery.read().await?;
        let client = self.client(&metadata);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(self.scopes.iter().cloned())
            .set_pkce_challenge(challenge);
        if let Purpose::Confirm(_) = purpose {
            request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO);
        }
        let (to, state, nonce) = request.url();
        let ceremony = Ceremony {
            purpose,
            state: Secret::new(state.secret().clone()),
            nonce: Secret::new(nonce.secret().clone()),
            verifier: Secret::new(verifier.secret().clone()),
            begun: self.clock.now(),
            next: next.to_owned(),
        };
        Ok(Departure {
            to: to.into(),
            ceremony,
        })
    }

    /// Whom the provider vouches for, given what came back and what was kept.
    pub(super) async fn arrive(&self, kept: Option<Ceremony>, back: Return) -> Result<(Vouched, Ceremony), Refused> {
        let ceremony = self.belongs(kept, &back)?;
        let metadata = self.discovery.read().await?;
        let client = self.client(&metadata);
        let code = AuthorizationCode::new(back.code.reveal().to_owned());
        let request = client.exchange_code(code).map_err(|fault| {
            tracing::warn!(cause = %fault, "the identity provider's description has no token endpoint");
            Refused::Misconfigured
        })?;
        let verifier = PkceCodeVerifier::new(ceremony.verifier.reveal().to_owned());
        let asked = request.set_pkce_verifier(verifier).request_async(&*self.wire).await;
        let tokens: Tokens = asked.map_err(|fault| refused_exchange(&fault))?;
        let vouched = self.believe(&metadata, &tokens, &ceremony).await?;
        let told = self.ask_userinfo(&client, &tokens, &vouched).await?;
        let vouched = Vouched {
            claims: vouched.claims.and(told),
            ..vouched
        };
        Ok((vouched, ceremony))
    }

    /// The ceremony, when what came back is its end.
    fn belongs(&self, kept: Option<Ceremony>, back: &Return) -> Result<Ceremony, Refused> {
        let now = self.clock.now();
        let ceremony = kept.filter(|kept| now.ms_since(kept.begun) < CEREMONY_MS);
        let ceremony = ceremony.ok_or(Refused::Stale)?;
        let same = ceremony.state.reveal().as_bytes().ct_eq(back.state.reveal().as_bytes());
        if !bool::from(same) {
            return Err(Refused::Stale);
        }
        if back.issuer.as_ref().is_some_and(|issuer| *issuer != self.issuer) {
            tracing::warn!("another identity provider sent somebody here (iss)");
            return Err(Refused::Unverified);
        }
        if let Some(error) = &back.error {
            // The address is the browser's to write.
            let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
            let error: String = error.chars().filter(plain).take(LOGGED_ERROR).collect();
            tracing::warn!(error, "the identity provider did not sign somebody in");
            return Err(match error.as_str() {
                "server_error" | "temporarily_unavailable" => Refused::Unreachable,
                _ => Refused::Declined,
            });
        }
        if back.code.is_empty() {
            return Err(Refused::Stale);
        }
        Ok(ceremony)
    }

    async fn believe(
        &self,
        metadata: &CoreProviderMetadata,
        tokens: &Tokens,
        ceremony: &Ceremony,
    ) -> Result<Vouched, Refused> {
        let token = tokens.id_token().ok_or_else(|| {
            tracing::warn!("the identity provider answered without an ID token");
            Refused::Unverified
        })?;
        let expected = Expected {
            client_id: &self.client_id,
            nonce: &ceremony.nonce,
            now: self.clock.now(),
            asked_since: matches!(ceremony.purpose, Purpose::Confirm(_)).then_some(ceremony.begun),
            required_amr: &self.required_amr,
        };
        let access = tokens.access_token();
        let mut believed = verify(metadata, token, access, &expected);
        if believed.as_ref().err() == Some(&TokenFault::UnknownKey)
            && let Some(renewed) = self.discovery.read_keys_again().await
        {
            believed = verify(&renewed, token, access, &expected);
        }
        believed.map_err(|fault| match fault {
            TokenFault::Refused(refused) => refused,
            TokenFault::UnknownKey => {
                tracing::warn!("the identity provider's token is signed with a key that it does not publish");
                Refused::Unverified
            }
        })
    }

    /// What the token does not say, where the provider says more.
    async fn ask_userinfo(&self, client: &OurClient, tokens: &Tokens, vouched: &Vouched) -> Result<Claims, Refused> {
        let told = self.wanted.iter().all(|claim| vouched.claims.has(claim));
        if told || client.user_info_url().is_none() {
            return Ok(Claims::default());
        }
        let asked = client.user_info(tokens.access_token().clone(), Some(vouched.subject.clone()));
        let asked = asked.map_err(|_| Refused::Unverified)?;
        let answer = asked.request_async::<Other, _, CoreGenderClaim>(&*self.wire).await;
        match answer {
            Ok(claims) => Ok(Claims::of(&claims)),
            Err(openidconnect::UserInfoError::Request(fault)) => {
                tracing::warn!(cause = %said(&fault), "the identity provider's userinfo cannot be asked");
                Err(Refused::Unreachable)
            }
            // The other texts could repeat what was answered about the person.
            Err(_) => {
                tracing::warn!("the identity provider's userinfo is not understood");
                Err(Refused::Unverified)
            }
        }
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> OurClient {
        let client = OurClient::from_provider_metadata(metadata.clone(), self.client_id.clone(), self.secret.clone());
        let methods = metadata.token_endpoint_auth_methods_supported();
        // By the standard, a provider that says nothing takes the secret in a header.
        let in_header = methods.is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
        client
            .set_redirect_uri(self.redirect.clone())
            .set_auth_type(if in_header {
                AuthType::BasicAuth
            } else {
                AuthType::RequestBody
            })
    }
}

/// Why the code was not exchanged. Bodies are not logged: they could hold tokens.
fn refused_exchange(fault: &RequestTokenError<WireFault, StandardErrorResponse<CoreErrorResponseType>>) -> Refused {
    match fault {
        RequestTokenError::Request(fault) => {
            tracing::warn!(cause = %said(fault), "the identity provider cannot be asked for tokens");
            Refused::Unreachable
        }
        RequestTokenError::ServerResponse(answer) => {
            let error = answer.error();
            tracing::warn!(error = error.as_ref(), "the identity provider gives no tokens");
            match error {
                // Used, too old, or not ours.
                CoreErrorResponseType::InvalidGrant => Refused::Stale,
                _ => Refused::Misconfigured,
            }
        }
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            tracing::warn!("the identity provider's answer about tokens is not understood");
            Refused::Unverified
        }
    }
}
