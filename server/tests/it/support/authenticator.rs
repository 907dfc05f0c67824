//! An authenticator (`WebAuthn`, 6): what a phone or a security key does, and what a bad one would.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use rcgen::{KeyPair, PublicKeyData, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;

/// One that keeps one passkey.
pub struct Authenticator {
    key: KeyPair,
    id: Vec<u8>,
    handle: String,
    /// How often it was used; 0 for one that does not count.
    pub counter: u32,
    /// Whether it asks for finger, face or PIN.
    pub verifies: bool,
    /// Where the browser says the page is from.
    pub origin: String,
}

/// What a page asks its browser's authenticator for.
pub fn asked(page: &str) -> Value {
    let options = page.split("data-options=\"").nth(1);
    let options = options.unwrap_or_else(|| panic!("nothing is asked in {page}"));
    let text = options.split('"').next().unwrap();
    let text = text.replace("&quot;", "\"").replace("&amp;", "&");
    serde_json::from_str(&text).unwrap()
}

impl Authenticator {
    /// One in a browser at this origin.
    pub fn at(origin: &str) -> Self {
        Self {
            key: KeyPair::generate().unwrap(),
            id: rand::random::<[u8; 32]>().to_vec(),
            handle: String::new(),
            counter: 0,
            verifies: true,
            origin: origin.into(),
        }
    }

    /// Makes its passkey.
    pub fn make(&mut self, asked: &Value) -> String {
        assert_eq!(asked["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(asked["authenticatorSelection"]["userVerification"], "required");
        asked["user"]["id"].as_str().unwrap().clone_into(&mut self.handle);
        let id_length = u16::try_from(self.id.len()).unwrap();
        let data = [
            self.data(asked["rp"]["id"].as_str().unwrap(), WITH_KEY),
            vec![0; 16],
            id_length.to_be_bytes().to_vec(),
            self.id.clone(),
            self.public_key(),
        ]
        .concat();
        let object = [
            b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec(),
            vec![u8::try_from(data.len()).unwrap()],
            data,
        ];
        let response = json!({
            "clientDataJSON": BASE64.encode(self.client_data("webauthn.create", asked)),
            "attestationObject": BASE64.encode(object.concat()),
        });
        self.answer(&response)
    }

    /// Uses its passkey.
    pub fn use_it(&mut self, asked: &Value) -> String {
        if self.counter > 0 {
            self.counter += 1;
        }
        let data = self.data(asked["rpId"].as_str().unwrap(), 0);
        let client_data = self.client_data("webauthn.get", asked);
        let signed = [data.clone(), Sha256::digest(&client_data).to_vec()].concat();
        let response = json!({
            "clientDataJSON": BASE64.encode(&client_data),
            "authenticatorData": BASE64.encode(&data),
            "signature": BASE64.encode(self.key.sign(&signed).unwrap()),
            "userHandle": self.handle,
        });
        self.answer(&response)
    }

    fn answer(&self, response: &Value) -> String {
        let id = BASE64.encode(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {} })
            .to_string()
    }

    fn data(&self, host: &str, flags: u8) -> Vec<u8> {
        let verified = if self.verifies { VERIFIED } else { 0 };
        let mut data = Sha256::digest(host).to_vec();
        data.push(PRESENT | verified | flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, asked: &Value) -> Vec<u8> {
        let said =
            json!({ "type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": false });
        said.to_string().into_bytes()
    }

    /// COSE (RFC 9053, 7.1): P-256 for ES256.
    fn public_key(&self) -> Vec<u8> {
        let point = self.key.der_bytes();
        let (x, y) = (&point[1..33], &point[33..65]);
        [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", x, b"\x22\x58\x20", y].concat()
    }
}
