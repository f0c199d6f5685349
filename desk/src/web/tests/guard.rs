// SPDX-License-Identifier: MPL-2.0
//! Who is let in, and what every answer says.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};

use super::{Browser, HOST, ORIGIN};
use crate::web::FORM;

/// Everything that only the person's own browser reaches.
const INSIDE: [(&str, &str); 11] = [
    ("GET", "/"),
    ("GET", "/live?mark=0"),
    ("GET", "/content/00"),
    ("GET", "/save/00/1.zip"),
    ("POST", "/act"),
    ("POST", "/upload"),
    ("POST", "/capture?way=file"),
    ("POST", "/record/start?way=voice&media_type=audio/webm"),
    ("POST", "/record/push?id=1"),
    ("POST", "/record/stop?id=1"),
    ("POST", "/scan?width=1&height=1"),
];
const OUTSIDE: [&str; 7] = [
    "/enter?t=0",
    "/enter",
    "/blank",
    "/assets/app.js",
    "/assets/look.css",
    "/assets/icon.svg",
    "/nothing",
];

type Header = (&'static str, String);

#[tokio::test]
async fn nothing_is_reached_without_the_cookie_the_name_and_the_origin() {
    let browser = Browser::inside().await;
    let right = || [("host", HOST.to_owned()), ("cookie", browser.cookie.clone())].to_vec();
    let with = |name: &'static str, value: &str| {
        let mut headers: Vec<Header> = right();
        headers.retain(|(one, _)| *one != name);
        headers.push((name, value.to_owned()));
        headers
    };
    let (name, value) = browser.cookie.split_once('=').unwrap();
    let shorter = value.split_at(value.len() - 1).0;
    let mut wrong = vec![
        with("cookie", ""),
        with("cookie", &format!("{name}=")),
        with("cookie", &format!("{name}={shorter}")),
        with("cookie", &format!("{name}0={value}")),
        with("host", "localhost:40404"),
        with("host", "127.0.0.1"),
        with("host", "127.0.0.1:40405"),
        with("host", "rebound.example:40404"),
        with("host", ""),
        vec![("cookie", browser.cookie.clone())],
    ];
    for origin in
        ["null", "http://evil.example", "http://127.0.0.1:40405", "https://127.0.0.1:40404", ""]
    {
        wrong.push(with("origin", origin));
    }
    for site in ["same-site", "cross-site", "", "?"] {
        wrong.push(with("sec-fetch-site", site));
    }
    for (method, path) in INSIDE {
        for headers in &wrong {
            let mut headers = headers.clone();
            if method == "POST" && !headers.iter().any(|(name, _)| *name == "origin") {
                headers.push(("origin", ORIGIN.to_owned()));
            }
            let status = ask(&browser, method, path, &headers).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{method} {path} {headers:?}");
        }
        if method == "POST" {
            let status = ask(&browser, method, path, &right()).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{method} {path} from nowhere");
        }
    }
    for site in ["same-origin", "none"] {
        let status = ask(&browser, "GET", "/", &with("sec-fetch-site", site)).await;
        assert_eq!(status, StatusCode::OK, "{site}");
    }
}

#[tokio::test]
async fn the_address_lets_in_once_and_its_cookie_leaves_this_site_never() {
    let browser = Browser::outside();
    let entrance = browser.entrance();
    let shorter = entrance.split_at(entrance.len() - 1).0;
    for wrong in ["/enter?t=", "/enter?t=0", shorter] {
        assert_eq!(browser.get(wrong).await.status, StatusCode::FORBIDDEN, "{wrong}");
    }
    let first = browser.get(&entrance).await;
    assert_eq!(first.leads_to(), "/");
    let cookie = first.header(header::SET_COOKIE);
    assert!(cookie.starts_with("amate-40404="), "{cookie}");
    assert!(cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/"), "{cookie}");
    assert!(!cookie.contains(entrance.split_once('=').unwrap().1), "the token is not the cookie");
    let second = browser.get(&entrance).await;
    assert_eq!(second.status, StatusCode::FORBIDDEN);
    assert_eq!(second.header(header::SET_COOKIE), "");
    assert_eq!(browser.get("/enter?t=").await.status, StatusCode::FORBIDDEN, "no token is none");
}

#[tokio::test]
async fn every_answer_forbids_frames_foreign_content_and_memory() {
    let browser = Browser::inside().await;
    let stranger = Browser::outside();
    for (method, path) in INSIDE.into_iter().chain(OUTSIDE.map(|path| ("GET", path))) {
        for one in [&browser, &stranger] {
            // Waiting for news is not what this is about.
            if path.starts_with("/live") && !one.cookie.is_empty() {
                continue;
            }
            let request = one.request(method, path).body(Body::empty()).unwrap();
            let answer = one.send(request).await;
            let says = |name: &str| answer.headers.get(name).map_or("", |v| v.to_str().unwrap());
            let policy = says("content-security-policy");
            for rule in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
                assert!(policy.contains(rule), "{path}: {policy}");
            }
            assert!(!policy.contains("unsafe"), "{policy}");
            assert_eq!(says("cache-control"), "no-store", "{path}");
            assert_eq!(says("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(says("x-frame-options"), "DENY", "{path}");
            assert_eq!(says("cross-origin-opener-policy"), "same-origin", "{path}");
            assert_eq!(says("cross-origin-resource-policy"), "same-origin", "{path}");
            assert!(says("permissions-policy").contains("geolocation=()"), "{path}");
            assert_eq!(says("access-control-allow-origin"), "", "{path}");
        }
    }
}

#[tokio::test]
async fn bodies_that_are_too_large_or_not_understood_change_nothing() {
    let browser = Browser::inside().await;
    let before = browser.view().await;
    let json = "application/json";
    let tap = r#"{"actions":[{"do":"tap","key":"next"}],"pad":""#;
    let large = format!("{tap}{}\"}}", "x".repeat(FORM));
    let form = format!("tap=next&pad={}", "x".repeat(FORM));
    let cases = [
        ("/act", json, large.into_bytes()),
        ("/act", "application/x-www-form-urlencoded", form.into_bytes()),
        ("/act", json, b"{\"actions\":[{\"do\":\"fly\"}]}".to_vec()),
        ("/act", json, b"{\"actions\":[{\"do\":\"tap\",\"key\":\"next\"}".to_vec()),
        ("/act", "text/plain", b"{\"actions\":[{\"do\":\"tap\",\"key\":\"next\"}]}".to_vec()),
        ("/record/push?id=1", "", vec![0; (8 << 20) + 1]),
        ("/scan?width=3000&height=3000", "", vec![0; (4 << 20) + 1]),
        ("/record/start?way=fly", "", Vec::new()),
        ("/capture?way=photo", "", vec![0; 1_000]),
        ("/upload", "text/plain", vec![0; 1_000]),
    ];
    for (path, media_type, body) in cases {
        let request = browser.request("POST", path).header(header::CONTENT_TYPE, media_type);
        let answer = browser.send(request.body(Body::from(body)).unwrap()).await;
        assert!(answer.status.is_client_error(), "{path} {media_type}: {}", answer.status);
    }
    assert_eq!(browser.view().await, before);
}

#[tokio::test]
async fn brightnesses_that_do_not_fit_their_measures_are_no_picture() {
    let browser = Browser::inside().await;
    for (width, height, bytes) in
        [(0, 0, 0), (0, 10, 10), (10, 10, 99), (10, 10, 101), (u32::MAX, u32::MAX, 1), (1, 1, 1)]
    {
        let path = format!("/scan?width={width}&height={height}");
        let request = browser.request("POST", &path).body(Body::from(vec![0; bytes])).unwrap();
        let status = browser.send(request).await.status;
        assert_eq!(status, StatusCode::NO_CONTENT, "{path} {bytes}");
    }
    browser.at("language").await;
}

async fn ask(browser: &Browser, method: &str, path: &str, headers: &[Header]) -> StatusCode {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    browser.send(request.body(Body::empty()).unwrap()).await.status
}
