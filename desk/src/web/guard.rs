// SPDX-License-Identifier: MPL-2.0
//! Who gets in: only this machine, only under the name that was printed, only with the cookie that
//! the one-time address gave, and never from another page of the same browser.

use std::sync::{Mutex, PoisonError};

use amate_seal::{hash::sha256, random};
use axum::{
    extract::{Query, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Redirect, Response},
};
use maud::{DOCTYPE, html};
use serde::Deserialize;

use super::Shared;

/// Secrets of one server.
pub(crate) struct Guard {
    port: u16,
    /// Gone once it was used.
    token: Mutex<Option<String>>,
    cookie: String,
}

/// The address that was printed.
#[derive(Deserialize)]
pub(crate) struct Enter {
    t: String,
}

impl Guard {
    pub(super) fn new(port: u16) -> Self {
        Self { port, token: Mutex::new(Some(secret())), cookie: secret() }
    }

    /// The token, while nobody has used it.
    pub(super) fn token(&self) -> String {
        self.token.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_default()
    }

    /// Takes the token once.
    fn take(&self, given: &str) -> bool {
        let mut token = self.token.lock().unwrap_or_else(PoisonError::into_inner);
        let right = token.as_ref().is_some_and(|token| same(token, given));
        if right {
            *token = None;
        }
        right
    }

    /// Cookies know no ports: the name keeps two of these on one machine apart.
    fn cookie_name(&self) -> String {
        format!("amate-{}", self.port)
    }

    fn has_cookie(&self, headers: &HeaderMap) -> bool {
        let name = self.cookie_name();
        let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs =
            all.flat_map(|line| line.split(';')).filter_map(|one| one.trim().split_once('='));
        pairs.any(|(given, value)| given == name && same(value, &self.cookie))
    }

    /// Cookies know no ports, so to them every server of this machine is the same site, and a page
    /// of another one could lead a browser here, cookie and all. Browsers say where a request comes
    /// from; programs that are none say nothing, and have no cookie.
    fn is_from_here(headers: &HeaderMap) -> bool {
        let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
        site.is_none_or(|site| site == b"same-origin" || site == b"none")
    }

    /// Another name that leads here (DNS rebinding) is refused, and every other origin.
    fn is_ours(&self, method: &Method, headers: &HeaderMap) -> bool {
        let host = format!("127.0.0.1:{}", self.port);
        let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        if text(header::HOST) != Some(&host) {
            return false;
        }
        let origin = text(header::ORIGIN);
        let ours = origin.is_none_or(|origin| origin == format!("http://{host}"));
        // A page of ours always says where a change comes from.
        ours && (method == Method::GET || origin.is_some())
    }
}

/// Every request, before anything else; and what every answer carries.
pub(super) async fn outside(
    State(shared): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    let ours = shared.0.guard.is_ours(request.method(), request.headers());
    let mut response = match ours {
        true => next.run(request).await,
        false => refused(),
    };
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// What only the person's own browser reaches.
pub(super) async fn inside(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if !Guard::is_from_here(headers) || !shared.0.guard.has_cookie(headers) {
        return refused();
    }
    // A page that waits for news is no sign of a person.
    if request.uri().path() != "/live" {
        shared.0.seen.send_replace(());
    }
    next.run(request).await
}

/// Exchanges the one-time token for a cookie.
pub(super) async fn enter(
    State(shared): State<Shared>,
    Query(enter): Query<Enter>,
    headers: HeaderMap,
) -> Response {
    let guard = &shared.0.guard;
    if guard.has_cookie(&headers) {
        return Redirect::to("/").into_response();
    }
    if !guard.take(&enter.t) {
        return refused();
    }
    let cookie =
        format!("{}={}; HttpOnly; SameSite=Strict; Path=/", guard.cookie_name(), guard.cookie);
    ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()
}

/// Something harmless: an empty sheet.
pub(super) async fn blank() -> Response {
    let page = html! {
        (DOCTYPE)
        html { head { meta charset="utf-8"; meta name="color-scheme" content="light dark"; title { "-" } } body {} }
    };
    Html(page.into_string()).into_response()
}

/// Any other path.
pub(super) async fn nothing() -> Response {
    StatusCode::NOT_FOUND.into_response()
}

/// The same for a wrong name, a foreign page, no cookie, a used token.
fn refused() -> Response {
    StatusCode::FORBIDDEN.into_response()
}

/// Compares without telling by time how much was right.
pub(super) fn same(a: &str, b: &str) -> bool {
    sha256(a.as_bytes()) == sha256(b.as_bytes())
}

/// What nobody guesses.
pub(super) fn secret() -> String {
    data_encoding::HEXLOWER.encode(&random::bytes::<32>(&mut random::system()))
}

/// No foreign script, frame, request or memory of a page.
const ALWAYS: [(header::HeaderName, &str); 8] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
         media-src 'self' blob:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
         base-uri 'none'",
    ),
    (header::CACHE_CONTROL, "no-store"),
    // With `no-referrer` browsers send forms of our own pages from the origin `null`.
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        header::HeaderName::from_static("permissions-policy"),
        "camera=(self), microphone=(self), geolocation=(), display-capture=()",
    ),
];
