//! A bare HTTP/2 client that sees and sends frames, for what a well-bred client hides: limits, resets, last streams.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use simulator::Simulator;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RESET: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const GOAWAY: u8 = 7;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const ACK: u8 = 1;

#[derive(Debug, PartialEq, Eq)]
pub struct Frame {
    pub kind: u8,
    pub flags: u8,
    pub stream: u32,
    pub payload: Vec<u8>,
}

impl Frame {
    pub fn ends_stream(&self) -> bool {
        self.flags & END_STREAM != 0
    }

    /// The stream limit a SETTINGS frame announces.
    pub fn stream_limit(&self) -> Option<u32> {
        let mut parameters = self
            .payload
            .chunks_exact(6)
            .filter(|parameter| parameter[..2] == [0, 3]);
        parameters.next_back().map(|parameter| number(&parameter[2..]))
    }
}

pub struct Wire {
    tls: TlsStream<TcpStream>,
}

impl Wire {
    /// Connects and sends the preface with empty settings; nothing is read yet.
    pub async fn connect(simulator: &Simulator) -> Self {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(simulator.ca_pem().as_bytes()).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap();
        let mut config = builder.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let address = simulator.apns_url().strip_prefix("https://").unwrap();
        let tcp = TcpStream::connect(address).await.unwrap();
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let tls = TlsConnector::from(Arc::new(config)).connect(name, tcp).await.unwrap();
        let mut wire = Self { tls };
        wire.tls.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await.unwrap();
        wire.write(SETTINGS, 0, 0, &[]).await;
        wire
    }

    /// A whole push in one HEADERS and one DATA frame.
    pub async fn push(&mut self, stream: u32, device: &str, authorization: &str) {
        let path = format!("/3/device/{device}");
        let mut block = Vec::new();
        let headers = [
            (":method", "POST"),
            (":scheme", "https"),
            (":authority", "127.0.0.1"),
            (":path", path.as_str()),
            ("apns-topic", simulator::TOPIC),
            ("authorization", authorization),
        ];
        for (name, value) in headers {
            // A literal field that is not added to the dynamic table, without Huffman coding.
            block.push(0);
            literal(&mut block, name);
            literal(&mut block, value);
        }
        self.write(HEADERS, END_HEADERS, stream, &block).await;
        self.write(DATA, END_STREAM, stream, b"{}").await;
    }

    /// The next frame; SETTINGS are acknowledged. `None` when the connection has ended.
    pub async fn next(&mut self) -> Option<Frame> {
        let mut head = [0; 9];
        self.tls.read_exact(&mut head).await.ok()?;
        let length = usize::try_from(number(&[0, head[0], head[1], head[2]])).unwrap();
        let mut payload = vec![0; length];
        self.tls.read_exact(&mut payload).await.ok()?;
        let frame = Frame {
            kind: head[3],
            flags: head[4],
            stream: number(&head[5..]),
            payload,
        };
        if frame.kind == SETTINGS && frame.flags & ACK == 0 {
            self.write(SETTINGS, ACK, 0, &[]).await;
        }
        Some(frame)
    }

    /// The next frame of a kind, acknowledgements passed over.
    pub async fn next_of(&mut self, kind: u8) -> Frame {
        loop {
            let frame = self.next().await.expect("the connection ended early");
            if frame.kind == kind && !(kind == SETTINGS && frame.flags & ACK != 0) {
                return frame;
            }
        }
    }

    async fn write(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        let mut frame = vec![length[1], length[2], length[3], kind, flags];
        frame.extend_from_slice(&stream.to_be_bytes());
        frame.extend_from_slice(payload);
        self.tls.write_all(&frame).await.unwrap();
        self.tls.flush().await.unwrap();
    }
}

/// The 32-bit number at the start of some bytes.
pub fn number(bytes: &[u8]) -> u32 {
    u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// An HPACK string: its length with a 7-bit prefix, then the bytes.
fn literal(block: &mut Vec<u8>, text: &str) {
    if let Some(mut rest) = text.len().checked_sub(127) {
        block.push(127);
        while rest >= 128 {
            block.push(u8::try_from(rest % 128).unwrap() | 128);
            rest /= 128;
        }
        block.push(u8::try_from(rest).unwrap());
    } else {
        block.push(u8::try_from(text.len()).unwrap());
    }
    block.extend_from_slice(text.as_bytes());
}
