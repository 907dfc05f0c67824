//! A mail server that takes every e-mail, or refuses receivers as it is told (RFC 5321, as far as a client needs it).

use base64::{Engine, engine::general_purpose::STANDARD};
use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// An e-mail that came.
#[derive(Clone, Default, Debug)]
pub struct Taken {
    pub from: String,
    pub to: String,
    /// Headers and body; a body in base64 is decoded.
    pub text: String,
}

#[derive(Default)]
struct Known {
    taken: Vec<Taken>,
    refusal: Option<String>,
}

pub struct MailServer {
    known: Arc<Mutex<Known>>,
    pub port: u16,
}

impl MailServer {
    pub async fn start() -> Self {
        let known = Arc::<Mutex<Known>>::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::clone(&known);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&shared);
                tokio::spawn(async move { speak(stream, &shared).await });
            }
        });
        Self { known, port }
    }

    /// Receivers are refused with this line from now on.
    pub fn refuse(&self, line: &str) {
        self.known.lock().unwrap().refusal = Some(line.to_owned());
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.known.lock().unwrap().taken.clone()
    }
}

async fn speak(stream: TcpStream, known: &Mutex<Known>) -> Option<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut mail = Taken::default();
    writer.write_all(b"220 mail.example.com ESMTP\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        let address = |line: &str| Some(line.split_once('<')?.1.split_once('>')?.0.to_owned());
        let verb: String = line.chars().take(4).collect::<String>().to_uppercase();
        let answer = match verb.as_str() {
            "EHLO" | "HELO" | "RSET" | "NOOP" => "250 mail.example.com".to_owned(),
            "MAIL" => {
                mail.from = address(&line)?;
                "250 ok".to_owned()
            }
            "RCPT" => {
                mail.to = address(&line)?;
                let refusal = known.lock().unwrap().refusal.clone();
                refusal.unwrap_or_else(|| "250 ok".to_owned())
            }
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await.ok()?;
                let mut text = vec![];
                loop {
                    match lines.next_line().await.ok()? {
                        Some(line) if line == "." => break,
                        Some(line) => text.push(line),
                        None => return None,
                    }
                }
                mail.text = decoded(&text);
                known.lock().unwrap().taken.push(std::mem::take(&mut mail));
                "250 taken".to_owned()
            }
            "QUIT" => {
                writer.write_all(b"221 bye\r\n").await.ok()?;
                return Some(());
            }
            _ => "502 unknown".to_owned(),
        };
        writer.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
    Some(())
}

/// Headers and body as text; what was written for seven-bit roads is read back.
fn decoded(lines: &[String]) -> String {
    let end = lines.iter().position(String::is_empty).unwrap_or(lines.len());
    let (head, body) = lines.split_at(end);
    let head = head.join("\n");
    let body = if head.contains("base64") {
        let bytes = STANDARD.decode(body.concat()).unwrap();
        String::from_utf8(bytes).unwrap()
    } else {
        body.join("\n").replace("=\n", "")
    };
    format!("{head}\n{body}")
}
