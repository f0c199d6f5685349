// SPDX-License-Identifier: MPL-2.0
//! A browser that runs no script, in front of the real app with a small vault.

#![allow(clippy::unwrap_used, reason = "tests may")]

mod content;
mod guard;
mod walk;

use std::sync::Arc;

use amate_app::{
    app::{Device, Platform, Setup},
    clock::Moment,
    exchange::NoAnswer,
};
use amate_screen::{Block, Kind, Screen};
use amate_vault::CodeCost;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use tower::ServiceExt;

use super::{Shared, router};

const PORT: u16 = 40_404;
const HOST: &str = "127.0.0.1:40404";
const ORIGIN: &str = "http://127.0.0.1:40404";

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn leads_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text());
        self.header(header::LOCATION)
    }
}

/// A server without a port, and the browser that came in by its address.
struct Browser {
    shared: Shared,
    router: Router,
    cookie: String,
    code: String,
    _folder: tempfile::TempDir,
}

impl Browser {
    /// Before the address was opened.
    fn outside() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let setup = Setup {
            dir: folder.path().to_path_buf(),
            device: Device::Phone,
            cost: CodeCost { memory_kib: 64, passes: 1, lanes: 1 },
            sizes: vec![(16 << 20, 16 << 20)],
            language: "es-MX".into(),
            browser: true,
            cameras: true,
        };
        let platform = |changed| Platform {
            // 2026-11-20, a quarter to nine in the morning in Mexico.
            now: Arc::new(|| Moment { unix: 1_795_186_500, offset: Some(-360) }),
            carrier: Arc::new(|| Err(NoAnswer)),
            changed,
        };
        let shared = Shared::new(setup, platform, PORT);
        let router = router(shared.clone());
        Self { shared, router, cookie: String::new(), code: String::new(), _folder: folder }
    }

    /// After it.
    async fn inside() -> Self {
        let mut browser = Self::outside();
        let entered = browser.get(&browser.entrance()).await;
        assert_eq!(entered.leads_to(), "/");
        let cookie = entered.header(header::SET_COOKIE);
        browser.cookie = cookie.split(';').next().unwrap().to_owned();
        browser
    }

    /// After the first run, at home.
    async fn home() -> Self {
        let mut browser = Self::inside().await;
        for name in ["language", "about"] {
            browser.at(name).await;
            browser.post(&[("tap", "next")]).await;
        }
        browser.at("code").await;
        browser.code = spoken(&browser.view().await).join(" ");
        browser.post(&[("tap", "next")]).await;
        browser.at("code-again").await;
        let code = browser.code.clone();
        browser.post(&[("secret:code", &code), ("tap", "next")]).await;
        browser.at("door-offer").await;
        browser.post(&[("tap", "later")]).await;
        browser.at("home").await;
        browser
    }

    fn entrance(&self) -> String {
        format!("/enter?t={}", self.shared.0.guard.token())
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 64 << 20).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path).body(Body::empty()).unwrap()).await
    }

    /// The form of the page.
    async fn post(&self, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", coded(name), coded(value)))
            .collect();
        let request = self
            .request("POST", "/act")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.join("&")));
        self.send(request.unwrap()).await
    }

    /// The form for a file.
    async fn upload(&self, name: &str, content: &[u8]) -> Answer {
        let mut body = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"way\"\r\n\r\nfile\r\n--edge\r\n\
             Content-Disposition: form-data; name=\"content\"; filename=\"{name}\"\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let pieces: Vec<std::io::Result<Vec<u8>>> =
            body.chunks(1_000).map(|piece| Ok(piece.to_vec())).collect();
        let request = self
            .request("POST", "/upload")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
            .body(Body::from_stream(futures_util::stream::iter(pieces)));
        self.send(request.unwrap()).await
    }

    /// As the browser itself makes it.
    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header(header::HOST, HOST);
        let request = request.header(header::COOKIE, &self.cookie);
        if method == "POST" { request.header(header::ORIGIN, ORIGIN) } else { request }
    }

    async fn view(&self) -> Screen {
        self.shared.with(|app| app.view()).await.unwrap()
    }

    /// Looks, as a page without a script does, until that screen is there; gives its page.
    async fn at(&self, name: &str) -> String {
        for _ in 0..40 {
            let mut changed = self.shared.0.changed.subscribe();
            let page = self.get("/").await.text();
            if page.contains(&format!("data-name=\"{name}\"")) {
                return page;
            }
            let _ =
                tokio::time::timeout(std::time::Duration::from_secs(1), changed.changed()).await;
        }
        panic!("{:#?} instead of {name}", self.view().await);
    }
}

fn spoken(screen: &Screen) -> Vec<String> {
    let words = screen.blocks.iter().find_map(|block| match &block.kind {
        Kind::Spoken { words } => Some(words.clone()),
        _ => None,
    });
    words.unwrap()
}

/// The first block that begins so.
fn block(screen: &Screen, key: &str) -> Block {
    let found = screen.blocks.iter().find(|block| block.key.starts_with(key));
    found.unwrap_or_else(|| panic!("no {key} in {screen:#?}")).clone()
}

/// As forms are sent.
fn coded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
