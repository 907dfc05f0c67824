//! The ID token: whether the provider made it, for us, for this ceremony, and now (OpenID Connect Core 3.1.3.7).

use super::{claims::Claims, discovery::said};
use domain::{Secret, Timestamp, provider::Refused};
use openidconnect::{
    AccessToken, AccessTokenHash, AdditionalClaims, ClaimsVerificationError, ClientId, EmptyExtraTokenFields, IdToken,
    IdTokenFields, IdTokenVerifier, Nonce, SignatureVerificationError, StandardTokenResponse, SubjectIdentifier,
    core::{
        CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
        CoreProviderMetadata, CoreTokenType,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How far the clocks of provider and server may differ.
pub(super) const SKEW_SECS: i64 = 60;
/// A token is redeemed at once; one that was issued longer ago is not from this ceremony.
const ISSUED_WITHIN_SECS: i64 = 10 * 60;
/// The longest name of a provider for a person (OpenID Connect Core 2, `sub`).
const LONGEST_SUBJECT: usize = 255;

/// Signatures that only the provider can make. Not among them: none at all, and those under the client's secret, which this
/// server could make itself.
const SIGNATURES: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Claims beyond the standard's, whatever they are.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub(super) struct Other {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for Other {}

pub(super) type Token = IdToken<Other, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
pub(super) type Tokens = StandardTokenResponse<
    IdTokenFields<
        Other,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

/// What a token must say.
pub(super) struct Expected<'a> {
    pub(super) client_id: &'a ClientId,
    pub(super) nonce: &'a Secret,
    pub(super) now: Timestamp,
    /// Since when the person must have been asked who they are, where that matters.
    pub(super) asked_since: Option<Timestamp>,
    /// One of these must stand in `amr`, where there are any.
    pub(super) required_amr: &'a [String],
}

/// Somebody the provider vouches for.
pub(super) struct Vouched {
    pub(super) subject: SubjectIdentifier,
    pub(super) claims: Claims,
}

/// Why a token is not believed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum TokenFault {
    Refused(Refused),
    /// It is signed with a key that was not among the provider's when they were read.
    UnknownKey,
}

/// Whether the token is what was expected, and of whom it speaks.
pub(super) fn verify(
    metadata: &CoreProviderMetadata,
    token: &Token,
    access: &AccessToken,
    expected: &Expected<'_>,
) -> Result<Vouched, TokenFault> {
    let verifier = verifier(metadata, expected);
    let nonce = Nonce::new(expected.nonce.reveal().to_owned());
    let claims = token.claims(&verifier, &nonce).map_err(|fault| fault_of(&fault))?;
    let unverified = |what: &str| {
        tracing::warn!(what, "the identity provider's token is not believed");
        TokenFault::Refused(Refused::Unverified)
    };
    if claims
        .authorized_party()
        .is_some_and(|party| party != expected.client_id)
    {
        return Err(unverified("it was issued to another client (azp)"));
    }
    if let Some(hash) = claims.access_token_hash() {
        let own = match (token.signing_alg(), token.signing_key(&verifier)) {
            (Ok(algorithm), Ok(key)) => AccessTokenHash::from_token(access, algorithm, key).ok(),
            _ => None,
        };
        if own.as_ref() != Some(hash) {
            return Err(unverified("it belongs to another access token (at_hash)"));
        }
    }
    let subject = claims.subject().clone();
    if subject.is_empty() || subject.len() > LONGEST_SUBJECT {
        return Err(unverified("it names nobody (sub)"));
    }
    let claims = Claims::of(claims);
    let methods = claims.texts("amr");
    let is_weak =
        !expected.required_amr.is_empty() && !expected.required_amr.iter().any(|one| methods.contains(&one.as_str()));
    if is_weak {
        return Err(TokenFault::Refused(Refused::Weak));
    }
    Ok(Vouched { subject, claims })
}

fn verifier<'a>(metadata: &CoreProviderMetadata, expected: &'a Expected<'_>) -> IdTokenVerifier<'a, CoreJsonWebKey> {
    let now = expected.now.secs();
    // Without the client's secret no signature under it can be right.
    IdTokenVerifier::new_public_client(
        expected.client_id.clone(),
        metadata.issuer().clone(),
        metadata.jwks().clone(),
    )
    .set_allowed_algs(SIGNATURES)
    .set_time_fn(move || chrono::DateTime::from_timestamp(now - SKEW_SECS, 0).unwrap_or_default())
    .set_issue_time_verifier_fn(move |issued| {
        let age = now - issued.timestamp();
        if (-SKEW_SECS..=ISSUED_WITHIN_SECS).contains(&age) {
            Ok(())
        } else {
            Err(format!("it was issued {age} seconds ago"))
        }
    })
    .set_auth_time_verifier_fn(move |asked| match expected.asked_since {
        None => Ok(()),
        Some(since) => match asked {
            Some(asked) if asked.timestamp() + SKEW_SECS >= since.secs() => Ok(()),
            _ => Err("the person was not asked anew (auth_time)".to_owned()),
        },
    })
}

fn fault_of(fault: &ClaimsVerificationError) -> TokenFault {
    if let ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) = fault {
        return TokenFault::UnknownKey;
    }
    // The texts name issuers, audiences, times and algorithms.
    tracing::warn!(what = %said(fault), "the identity provider's token is not believed");
    TokenFault::Refused(match fault {
        ClaimsVerificationError::Expired(_) => Refused::Clock,
        ClaimsVerificationError::InvalidAuthTime(_) => Refused::NotFresh,
        _ => Refused::Unverified,
    })
}
