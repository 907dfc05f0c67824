//! Connections over real sockets: slow ones, too many, too much at once; TLS by the server itself.

use crate::support::{
    TestApp,
    im::text_message,
    process::{Served, homing, output},
};
use axum::http::Request;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use reqwest::{Certificate, Client, Version};
use rustls::{ClientConfig, RootCertStore, pki_types::ServerName};
use server::listener::{self, Limits, Tls};
use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use tokio_util::sync::CancellationToken;

/// Longer than anything here takes on a slow machine.
const SOON: Duration = Duration::from_secs(20);
/// Short, so that the tests need not wait for long.
const HEAD: Duration = Duration::from_millis(300);

fn limits() -> Limits {
    Limits {
        head: HEAD,
        stall: SOON,
        connections: 100,
        connections_per_address: 100,
        proxies: Vec::new(),
    }
}

struct Listening {
    app: TestApp,
    address: SocketAddr,
    closing: CancellationToken,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.closing.cancel();
    }
}

impl Listening {
    async fn start(app: TestApp, limits: Limits, tls: Option<Tls>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, closing) = (listener.local_addr().unwrap(), CancellationToken::new());
        tokio::spawn(listener::serve(
            listener,
            app.router.clone(),
            limits,
            tls,
            closing.clone(),
        ));
        Self { app, address, closing }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }
}

/// What comes until the server closes the connection.
async fn rest(mut stream: TcpStream) -> String {
    let mut all = Vec::new();
    let closed = tokio::time::timeout(SOON, stream.read_to_end(&mut all)).await;
    // A reset is an end as well.
    _ = closed.expect("the server closes the connection");
    String::from_utf8(all).unwrap()
}

/// Asks for a small thing and leaves the connection open.
async fn ask(stream: &mut TcpStream) -> String {
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: here\r\n\r\n")
        .await
        .unwrap();
    let mut answer = vec![0; 4096];
    let read = tokio::time::timeout(SOON, stream.read(&mut answer)).await;
    let length = read.expect("an answer").unwrap();
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_never_ends_is_not_waited_for_and_neither_is_an_idle_connection() {
    let here = Listening::start(TestApp::start().await, limits(), None).await;
    let silent = here.connect().await;
    let mut slow = here.connect().await;
    slow.write_all(b"GET /healthz HTTP/1.1\r\nhost: here\r\nx-a: ")
        .await
        .unwrap();
    let mut served = here.connect().await;
    assert!(ask(&mut served).await.starts_with("HTTP/1.1 200"));
    for stream in [silent, slow, served] {
        assert_eq!(rest(stream).await, "");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_never_comes_is_answered_in_the_frame() {
    let here = Listening::start(TestApp::start().await, limits(), None).await;
    let mut stream = here.connect().await;
    let query = here.app.im().query();
    let head = format!("POST /v4/openim/sendmsg?{query} HTTP/1.0\r\nhost: here\r\ncontent-length: 100\r\n\r\n{{");
    stream.write_all(head.as_bytes()).await.unwrap();
    assert!(rest(stream).await.contains("60008"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_is_too_long_or_has_too_many_lines_is_refused() {
    let here = Listening::start(TestApp::start().await, limits(), None).await;
    let long = format!("x-a: {}\r\n", "a".repeat(40_000));
    let many = "x-a: b\r\n".repeat(200);
    for headers in [long, many] {
        let mut stream = here.connect().await;
        let request = format!("GET /healthz HTTP/1.1\r\nhost: here\r\n{headers}\r\n");
        // The server may close before it has read everything.
        _ = stream.write_all(request.as_bytes()).await;
        let answer = rest(stream).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
        assert!(!answer.contains("200 OK"));
    }
    assert!(ask(&mut here.connect().await).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_refused_in_the_middle_of_a_body_can_read_the_refusal() {
    let here = Listening::start(TestApp::start().await, limits(), None).await;
    for _ in 0..20 {
        let mut stream = here.connect().await;
        let body = "x".repeat(2_000_000);
        let request = format!(
            "POST /ui/products/create HTTP/1.1\r\nhost: here\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = vec![0; 512];
        let read = tokio::time::timeout(SOON, stream.read(&mut answer)).await;
        let length = read.expect("an answer").unwrap();
        assert!(answer[..length].starts_with(b"HTTP/1.1 413"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_gets_some_of_the_connections_only_and_a_proxy_as_many_as_it_likes() {
    let few = Limits {
        head: SOON,
        connections_per_address: 2,
        ..limits()
    };
    let here = Listening::start(TestApp::start().await, few.clone(), None).await;
    let (mut first, mut second) = (here.connect().await, here.connect().await);
    assert!(ask(&mut first).await.starts_with("HTTP/1.1 200"));
    assert!(ask(&mut second).await.starts_with("HTTP/1.1 200"));
    assert_eq!(rest(here.connect().await).await, "");
    let behind = Limits {
        proxies: vec!["127.0.0.0/8".parse().unwrap()],
        ..few
    };
    let proxied = Listening::start(TestApp::start().await, behind, None).await;
    let mut streams = Vec::new();
    for _ in 0..5 {
        let mut stream = proxied.connect().await;
        assert!(ask(&mut stream).await.starts_with("HTTP/1.1 200"));
        streams.push(stream);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_too_many_waits_until_another_ends() {
    let one = Limits {
        head: SOON,
        connections: 1,
        ..limits()
    };
    let here = Listening::start(TestApp::start().await, one, None).await;
    let mut first = here.connect().await;
    assert!(ask(&mut first).await.starts_with("HTTP/1.1 200"));
    let mut second = here.connect().await;
    let (answer, ()) = tokio::join!(ask(&mut second), async { drop(first) });
    assert!(answer.starts_with("HTTP/1.1 200"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_requests_may_end_and_nothing_new_begins_once_the_server_ends() {
    let here = Listening::start(TestApp::start().await, limits(), None).await;
    let mut stream = here.connect().await;
    let body = text_message("bob", 7).to_string();
    let head = format!(
        "POST /v4/openim/sendmsg?{} HTTP/1.1\r\nhost: here\r\ncontent-length: {}\r\n\r\n",
        here.app.im().query(),
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut probe = here.connect().await;
    assert!(
        ask(&mut probe).await.starts_with("HTTP/1.1 200"),
        "the head before it was read"
    );
    here.closing.cancel();
    stream.write_all(body.as_bytes()).await.unwrap();
    assert!(rest(stream).await.contains("\"OK\""));
    assert!(TcpStream::connect(here.address).await.is_err() || rest(here.connect().await).await.is_empty());
}

/// A certificate for `localhost` in a folder.
fn certificate(folder: &Path) -> CertifiedKey<rcgen::KeyPair> {
    let made = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("tls.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.join("tls.key"), made.signing_key.serialize_pem()).unwrap();
    made
}

fn client(trusted: &CertifiedKey<rcgen::KeyPair>, address: SocketAddr) -> Client {
    Client::builder()
        .timeout(SOON)
        .tls_certs_only([Certificate::from_pem(trusted.cert.pem().as_bytes()).unwrap()])
        .resolve("localhost", address)
        .build()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_speaks_tls_itself_and_takes_a_new_certificate_without_a_restart() {
    let folder = TempDir::new().unwrap();
    let first = certificate(folder.path());
    let tls = Tls::load(&folder.path().join("tls.pem"), &folder.path().join("tls.key")).unwrap();
    let path = folder.path().join("tls.pem").display().to_string();
    let app = TestApp::with(|settings| {
        settings.http.tls_certificate = path.clone();
        settings.http.tls_key = path.replace(".pem", ".key");
    })
    .await;
    let here = Listening::start(app, limits(), Some(tls.clone())).await;
    let url = format!("https://localhost:{}/login", here.address.port());
    let answer = client(&first, here.address).get(&url).send().await.unwrap();
    assert_eq!((answer.version(), answer.status().as_u16()), (Version::HTTP_2, 200));
    assert!(
        answer.headers()["strict-transport-security"]
            .to_str()
            .unwrap()
            .starts_with("max-age=")
    );
    assert!(!tls.reload().unwrap(), "nothing has changed");
    std::fs::write(folder.path().join("tls.key"), "no key").unwrap();
    assert!(tls.reload().is_err());
    assert!(
        client(&first, here.address).get(&url).send().await.is_ok(),
        "stays as it was"
    );
    let second = certificate(folder.path());
    assert!(tls.reload().unwrap());
    assert!(client(&second, here.address).get(&url).send().await.is_ok());
    assert!(client(&first, here.address).get(&url).send().await.is_err());
}

/// A TLS connection on which HTTP/2 is spoken, for a client that does as it likes.
async fn http2(here: &Listening, made: &CertifiedKey<rcgen::KeyPair>) -> TlsStream<TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let name = ServerName::try_from("localhost").unwrap();
    let connecting = TlsConnector::from(Arc::new(config)).connect(name, here.connect().await);
    connecting.await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_nobody_takes_off_end_an_http2_connection() {
    let folder = TempDir::new().unwrap();
    let made = certificate(folder.path());
    let tls = Tls::load(&folder.path().join("tls.pem"), &folder.path().join("tls.key")).unwrap();
    let impatient = Limits {
        head: Duration::from_secs(2),
        stall: HEAD,
        ..limits()
    };
    let here = Listening::start(TestApp::start().await, impatient, Some(tls)).await;
    for room in [0, 1] {
        let stream = http2(&here, &made).await;
        let mut builder = h2::client::Builder::new();
        builder.initial_window_size(room);
        let (sender, connection) = builder.handshake::<_, axum::body::Bytes>(stream).await.unwrap();
        let driving = tokio::spawn(connection);
        let mut sender = sender.ready().await.unwrap();
        let request = Request::get("https://localhost/login").body(()).unwrap();
        let (answer, _stream) = sender.send_request(request, true).unwrap();
        let answer = tokio::time::timeout(SOON, answer).await.expect("a head").unwrap();
        assert_eq!(answer.status(), 200);
        let ended = tokio::time::timeout(SOON, driving).await;
        _ = ended.unwrap_or_else(|_| panic!("the server ends it, with room for {room}"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_are_taken_back_at_once_end_the_connection() {
    let folder = TempDir::new().unwrap();
    let made = certificate(folder.path());
    let tls = Tls::load(&folder.path().join("tls.pem"), &folder.path().join("tls.key")).unwrap();
    let here = Listening::start(TestApp::start().await, limits(), Some(tls)).await;
    let stream = http2(&here, &made).await;
    let (mut sender, connection) = h2::client::handshake(stream).await.unwrap();
    let driving = tokio::spawn(connection);
    let attack = async {
        loop {
            let Ok(ready) = sender.clone().ready().await else {
                return;
            };
            sender = ready;
            let request = Request::get("https://localhost/login").body(()).unwrap();
            match sender.send_request(request, true) {
                Ok((_, mut stream)) => stream.send_reset(h2::Reason::CANCEL),
                Err(_) => return,
            }
        }
    };
    tokio::time::timeout(SOON, attack).await.expect("the server ends it");
    let ended = tokio::time::timeout(SOON, driving).await.expect("ends").unwrap();
    let fault = ended.expect_err("told why");
    assert!(fault.is_go_away() || fault.is_io(), "{fault}");
    let url = format!("https://localhost:{}/healthz", here.address.port());
    assert!(
        client(&made, here.address).get(url).send().await.is_ok(),
        "others are served"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_with_a_certificate_announces_https_and_its_health_can_be_asked() {
    let folder = TempDir::new().unwrap();
    let made = certificate(folder.path());
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let settings = [
        ("HOMING_HTTP__LISTEN", free.to_string()),
        ("HOMING_HTTP__TLS_CERTIFICATE", at("tls.pem")),
        ("HOMING_HTTP__TLS_KEY", at("tls.key")),
    ];
    let served = Served::start(folder.path(), &settings).await;
    assert_eq!(served.url, format!("https://{free}"));
    let mut asked = homing(folder.path(), &settings);
    asked.arg("healthcheck");
    assert!(output(asked).await.status.success());
    let renewed = certificate(folder.path());
    served.signal("HUP").await;
    let url = format!("https://localhost:{}/healthz", free.port());
    let seen = async {
        while client(&renewed, free).get(&url).send().await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(SOON, seen)
        .await
        .expect("the new certificate is shown");
    assert!(client(&made, free).get(&url).send().await.is_err());
    served.kill().await;
}
