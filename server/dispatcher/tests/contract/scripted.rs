//! A vendor's server that answers from a script, byte for byte, and keeps what it was asked.

use serde_json::Value;
use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};

/// What comes back.
#[derive(Clone, Debug)]
pub enum Reply {
    /// A whole answer.
    Whole {
        status: u16,
        headers: &'static str,
        body: String,
    },
    /// Nothing, for as long as the other side waits.
    Silence,
    /// The connection ends without an answer.
    Cut,
    /// The connection ends in the middle of the body.
    Half,
}

impl Reply {
    pub fn json(body: &Value) -> Self {
        Self::body(200, body.to_string())
    }

    pub fn body(status: u16, body: impl Into<String>) -> Self {
        Self::Whole {
            status,
            headers: "content-type: application/json;charset=UTF-8\r\n",
            body: body.into(),
        }
    }

    pub fn html(status: u16, body: &str) -> Self {
        Self::Whole {
            status,
            headers: "content-type: text/html\r\n",
            body: body.to_owned(),
        }
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub path: String,
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Asked {
    /// A field of a form.
    pub fn field(&self, name: &str) -> Option<String> {
        let mut fields = form_urlencoded::parse(self.body.as_bytes());
        fields
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.into_owned())
    }

    /// As text for a snapshot; what differs from run to run is named instead.
    pub fn readable(&self) -> String {
        let mut text = format!("POST {}\n", self.path);
        for name in ["authorization", "authtoken", "content-type"] {
            if let Some(value) = self.headers.get(name) {
                writeln!(text, "{name}: {value}").unwrap();
            }
        }
        text.push('\n');
        if let Ok(body) = serde_json::from_str::<Value>(&self.body) {
            return text + &serde_json::to_string_pretty(&body).unwrap() + "\n";
        }
        for (name, value) in form_urlencoded::parse(self.body.as_bytes()) {
            writeln!(text, "{name} = {value}").unwrap();
        }
        text
    }
}

#[derive(Default)]
struct Book {
    always: HashMap<String, Reply>,
    next: HashMap<String, Vec<Reply>>,
    asked: Vec<Asked>,
}

pub struct Scripted {
    pub url: String,
    book: Arc<Mutex<Book>>,
    news: Arc<Notify>,
    listening: JoinHandle<()>,
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Scripted {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let book = Arc::new(Mutex::new(Book::default()));
        let news = Arc::new(Notify::new());
        let (shared, bell) = (book.clone(), news.clone());
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, shared.clone(), bell.clone()));
            }
        });
        Self {
            url,
            book,
            news,
            listening,
        }
    }

    /// What a path answers when nothing else is scripted.
    pub fn always(&self, path: &str, reply: Reply) {
        self.book.lock().unwrap().always.insert(path.to_owned(), reply);
    }

    /// What a path answers next, once.
    pub fn next(&self, path: &str, reply: Reply) {
        let mut book = self.book.lock().unwrap();
        book.next.entry(path.to_owned()).or_default().push(reply);
    }

    /// Everything asked since the last look.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.book.lock().unwrap().asked)
    }

    /// The next request, waited for.
    pub async fn wait(&self) -> Asked {
        loop {
            let told = self.news.notified();
            let first = {
                let mut book = self.book.lock().unwrap();
                (!book.asked.is_empty()).then(|| book.asked.remove(0))
            };
            match first {
                Some(asked) => return asked,
                None => told.await,
            }
        }
    }

    /// The paths asked since the last look.
    pub fn paths(&self) -> Vec<String> {
        let name = |asked: Asked| asked.path.rsplit('/').next().unwrap_or_default().to_owned();
        self.asked().into_iter().map(name).collect()
    }
}

async fn serve(mut stream: TcpStream, book: Arc<Mutex<Book>>, news: Arc<Notify>) {
    while let Some(asked) = read(&mut stream).await {
        let reply = {
            let mut book = book.lock().unwrap();
            let path = asked.path.clone();
            book.asked.push(asked);
            news.notify_one();
            let scripted = book.next.get_mut(&path).filter(|queue| !queue.is_empty());
            match scripted.map(|queue| queue.remove(0)) {
                Some(reply) => reply,
                None => book
                    .always
                    .get(&path)
                    .cloned()
                    .unwrap_or(Reply::html(404, "no such path")),
            }
        };
        match reply {
            Reply::Whole { status, headers, body } => {
                let head = format!("HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\n\r\n", body.len());
                let whole = [head.as_bytes(), body.as_bytes()].concat();
                if stream.write_all(&whole).await.is_err() {
                    return;
                }
            }
            Reply::Silence => std::future::pending().await,
            Reply::Cut => return,
            Reply::Half => {
                let half = b"HTTP/1.1 200 X\r\ncontent-length: 100\r\n\r\n{\"code\":0";
                _ = stream.write_all(half).await;
                return;
            }
        }
    }
}

/// The next request of a connection; `None` at its end.
async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let head = loop {
        let byte = stream.read_u8().await.ok()?;
        bytes.push(byte);
        if bytes.ends_with(b"\r\n\r\n") {
            break String::from_utf8(std::mem::take(&mut bytes)).unwrap();
        }
    };
    let mut lines = head.lines();
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers: HashMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    bytes.resize(length, 0);
    stream.read_exact(&mut bytes).await.ok()?;
    let body = String::from_utf8(bytes).unwrap();
    Some(Asked { path, headers, body })
}
