//! Reading what a description gives in place of itself: files, base64, fingerprints.

use super::{
    description::{Certificate, Given, VendorChannel},
    steps::Fault,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    Problem, Secret,
    certificate::{CertificateKind, Upload},
    channel::{Channel, ChannelChange, ChannelView},
    field::FieldFault,
};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

/// What ends the name of a field that names a file.
const FILE: &str = "_file";

/// Which files a description may name.
#[derive(Clone, Copy, Debug)]
pub enum Files<'a> {
    /// Those of the machine, relative to a folder: for somebody at the machine.
    Below(&'a Path),
    /// None: it came over the network, where a path would read the server's own files.
    None,
}

impl Files<'_> {
    fn read(self, field: &str, path: &str) -> Result<Vec<u8>, Fault> {
        let refused = |why| Fault::new(Problem::field(field, FieldFault::NotAChoice), why);
        let Self::Below(folder) = self else {
            let why = "files cannot be named by path over HTTP: give the content itself";
            return Err(refused(why.to_owned()));
        };
        let path = folder.join(path);
        fs::read(&path).map_err(|error| refused(format!("{} cannot be read: {error}", path.display())))
    }
}

/// What has to be saved to bring a card to what is described, if anything. Fields that are given as a fingerprint keep
/// what is stored, which must be that.
pub(crate) fn change(
    channel: Channel,
    stored: &ChannelView,
    wanted: &VendorChannel,
    files: Files<'_>,
) -> Result<Option<ChannelChange>, Fault> {
    let mut values = BTreeMap::new();
    for (name, given) in &wanted.fields {
        let field = name.strip_suffix(FILE).unwrap_or(name);
        if !channel.fields().iter().any(|known| known.name == field) {
            let names: Vec<_> = channel.fields().iter().map(|known| known.name).collect();
            let detail = format!("{} has the fields {}", channel.label(), names.join(", "));
            return Err(Fault::new(Problem::field("channels", FieldFault::NotAChoice), detail));
        }
        match given {
            Given::Value(path) if name.ends_with(FILE) => {
                let text = String::from_utf8(files.read(name, path.reveal())?);
                let text = text.map_err(|_| {
                    Fault::new(
                        Problem::field(name, FieldFault::ControlCharacters),
                        "the file is not text",
                    )
                })?;
                values.insert(field.to_owned(), Secret::new(text.trim_end_matches(['\r', '\n'])));
            }
            Given::Value(value) => drop(values.insert(field.to_owned(), value.clone())),
            Given::Stored(known) => {
                let is_stored = stored
                    .secrets
                    .get(field)
                    .is_some_and(|note| note.fingerprint == known.fingerprint);
                if !is_stored {
                    let detail = "no secret of this fingerprint is stored here: give the secret itself";
                    return Err(Fault::new(Problem::field(field, FieldFault::Required), detail));
                }
            }
        }
    }
    let change = ChannelChange {
        enabled: wanted.enabled,
        values,
    };
    Ok((!is_stored(stored, &change)).then_some(change))
}

/// Whether a card holds these values already; secrets are told by their fingerprints.
fn is_stored(stored: &ChannelView, change: &ChannelChange) -> bool {
    let same = |(name, value): (&String, &Secret)| match stored.secrets.get(name) {
        Some(note) => note.fingerprint == fingerprint(value.reveal().trim()),
        None => stored.values.get(name).map_or("", String::as_str) == value.reveal().trim(),
    };
    stored.configured && stored.enabled == change.enabled && change.values.iter().all(same)
}

/// The first 8 hexadecimal digits of the SHA-256, as the console shows them.
fn fingerprint(secret: &str) -> String {
    let digest = Sha256::digest(secret);
    digest.iter().take(4).fold(String::new(), |mut hex, byte| {
        // Writing into a String cannot fail.
        _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The file of a certificate, in whichever of its forms it was given.
pub(crate) fn upload(wanted: &Certificate, files: Files<'_>) -> Result<Upload, Fault> {
    let file = if !wanted.pem.is_empty() {
        wanted.pem.reveal().as_bytes().to_vec()
    } else if !wanted.file_base64.is_empty() {
        let decoded = STANDARD.decode(wanted.file_base64.reveal().trim());
        decoded.map_err(|_| {
            let detail = "file_base64 is not base64 (with + and /, padded)";
            Fault::new(Problem::field("file_base64", FieldFault::ControlCharacters), detail)
        })?
    } else if wanted.file.is_empty() {
        let detail = "give the file as file_base64, or a .p8 as pem";
        return Err(Fault::new(Problem::field("file_base64", FieldFault::Required), detail));
    } else {
        files.read("file", &wanted.file)?
    };
    let environments = wanted.environments.clone();
    Ok(match wanted.kind {
        CertificateKind::P12 => Upload::P12 {
            file,
            password: wanted.password.clone(),
            environments,
        },
        CertificateKind::P8 => Upload::P8 {
            file,
            key_id: wanted.key_id.clone(),
            team_id: wanted.team_id.clone(),
            environments,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::channel_cards;

    fn card(fields: &str) -> VendorChannel {
        serde_json::from_str(fields).expect("a card")
    }

    #[test]
    fn a_file_named_by_path_is_not_read_over_the_network_and_none_of_it_is_told() {
        let stored = channel_cards::empty(Channel::Fcm);
        let wanted = card(r#"{"service_account_file": "/etc/passwd"}"#);
        let fault = change(Channel::Fcm, &stored, &wanted, Files::None).expect_err("refused");
        assert!(
            fault.to_string().contains("over HTTP") && !fault.to_string().contains("passwd"),
            "{fault}"
        );
        let wanted: Certificate =
            serde_json::from_str(r#"{"kind": "p12", "file": "/etc/passwd", "environments": []}"#).expect("one");
        assert!(upload(&wanted, Files::None).is_err());
    }

    #[test]
    fn a_field_that_the_vendor_has_not_is_refused_without_repeating_it() {
        let stored = channel_cards::empty(Channel::Vivo);
        let wanted = card(r#"{"app_scret": "hush"}"#);
        let fault = change(Channel::Vivo, &stored, &wanted, Files::None).expect_err("refused");
        assert!(
            fault.to_string().contains("app_secret") && !fault.to_string().contains("hush"),
            "{fault}"
        );
    }

    #[test]
    fn a_fingerprint_stands_for_the_secret_that_is_stored_and_for_no_other() {
        let mut stored = channel_cards::empty(Channel::Vivo);
        (stored.configured, stored.enabled) = (true, true);
        let note = domain::channel::SecretNote {
            set_at: domain::Timestamp(0),
            set_by: "root".into(),
            fingerprint: fingerprint("hush"),
        };
        stored.secrets.insert("app_secret".into(), note);
        let known = |print: &str| card(&format!(r#"{{"app_secret": {{"fingerprint": "{print}"}}}}"#));
        let same = change(Channel::Vivo, &stored, &known(&fingerprint("hush")), Files::None);
        assert!(same.expect("known").is_none());
        assert!(change(Channel::Vivo, &stored, &known("00000000"), Files::None).is_err());
        let same = change(Channel::Vivo, &stored, &card(r#"{"app_secret": "hush"}"#), Files::None);
        assert!(same.expect("known").is_none());
    }
}
