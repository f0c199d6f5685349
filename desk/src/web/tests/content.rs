// SPDX-License-Identifier: MPL-2.0
//! Contents: shown where nothing in them can run, handed over once after a warning, gone with the
//! lock; and recordings, which end with it too.

use amate_screen::{Action, Kind};
use axum::{
    body::Body,
    http::{StatusCode, header},
};

use super::{Answer, Browser, block};

#[tokio::test]
async fn a_picture_is_shown_whole_and_in_ranges_and_not_when_it_is_locked() {
    let photo = jpeg();
    let (browser, medium) = with_file("foto.jpg", &photo).await;
    let path = format!("/content/{medium}");
    let whole = browser.get(&path).await;
    assert_eq!(whole.header(header::CONTENT_TYPE), "image/jpeg");
    assert!(whole.body == photo, "the bytes that were kept");
    let part = range(&browser, &path, "bytes=10-19").await;
    assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.header(header::CONTENT_RANGE), format!("bytes 10-19/{}", photo.len()));
    assert!(Some(part.body.as_slice()) == photo.get(10..20));
    let beyond = range(&browser, &path, &format!("bytes={}-", photo.len())).await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
    browser.shared.act(Action::Lock).await;
    assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_could_run_in_a_page_is_never_shown_in_one() {
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let html = b"<!doctype html><script>alert(1)</script>";
    for (name, content) in [("a.svg", svg.as_slice()), ("a.html", html.as_slice())] {
        let (browser, medium) = with_file(name, content).await;
        let shown = browser.get(&format!("/content/{medium}")).await;
        assert_eq!(shown.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{name}");
        assert!(shown.body.is_empty(), "{name}");
        let saved = browser.get(&save(&browser).await).await;
        assert_eq!(saved.header(header::CONTENT_TYPE), "application/octet-stream");
        let disposition = saved.header(header::CONTENT_DISPOSITION);
        assert!(disposition.starts_with("attachment; filename=\"1."), "{disposition}");
        assert_eq!(saved.body, content, "{name}");
    }
}

#[tokio::test]
async fn a_content_leaves_once_and_only_by_the_link_that_a_warning_gave() {
    let photo = jpeg();
    let (browser, medium) = with_file("foto.jpg", &photo).await;
    // What somebody could guess, or find in the history of a browser.
    for guess in [medium.as_str(), "case-1", "", "0"] {
        let answer = browser.get(&format!("/save/{guess}/1.zip")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{guess}");
    }
    let link = save(&browser).await;
    assert!(!link.contains(&medium), "{link}");
    let first = browser.get(&link).await;
    assert!(first.status == StatusCode::OK && first.body == photo);
    assert_eq!(browser.get(&link).await.status, StatusCode::NOT_FOUND, "a second time");
    let unused = save(&browser).await;
    browser.shared.act(Action::Lock).await;
    browser.post(&[("secret:code", &browser.code), ("tap", "open")]).await;
    browser.at("home").await;
    assert_eq!(browser.get(&unused).await.status, StatusCode::NOT_FOUND, "after a lock");
}

#[tokio::test]
async fn links_that_nobody_follows_do_not_pile_up() {
    let (browser, _) = with_file("foto.jpg", &jpeg()).await;
    let oldest = save(&browser).await;
    let mut newest = String::new();
    for _ in 0..8 {
        newest = save(&browser).await;
    }
    assert_eq!(browser.get(&oldest).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get(&newest).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_recording_ends_with_the_lock_and_its_keys_with_it() {
    let browser = Browser::home().await;
    browser.post(&[("tap", "log")]).await;
    browser.post(&[("tap", "voice")]).await;
    browser.at("voice").await;
    let sound = "/record/start?way=voice&media_type=audio/mp4;channels=1;rate=48000";
    let began = call(&browser, sound, Vec::new()).await;
    assert_eq!(began.status, StatusCode::OK, "{}", began.text());
    let id: String = began.text().chars().filter(char::is_ascii_digit).collect();
    let push = format!("/record/push?id={id}");
    // One frame of sound, at 0, of three bytes.
    let frame =
        [&[2, 1][..], &0_u64.to_be_bytes(), &3_u32.to_be_bytes(), &[0xfc, 0xff, 0xfe]].concat();
    let pushed = call(&browser, &push, frame.clone()).await;
    assert_eq!(pushed.status, StatusCode::NO_CONTENT);
    assert_eq!(browser.shared.captures().len(), 1);
    browser.post(&[("do", "hide")]).await;
    assert!(browser.shared.captures().is_empty(), "a key outlived the lock");
    assert_eq!(call(&browser, &push, frame).await.status, StatusCode::NOT_FOUND);
}

/// A phone on whose page of one piece a person is, and what that is named.
async fn with_file(name: &str, content: &[u8]) -> (Browser, String) {
    let browser = Browser::home().await;
    browser.post(&[("tap", "log")]).await;
    browser.at("log").await;
    browser.upload(name, content).await;
    let evidence = block(&browser.view().await, "item-1");
    let Kind::Evidence { medium, .. } = evidence.kind else { panic!("{evidence:?}") };
    browser.post(&[("tap", "item-1")]).await;
    browser.at("item").await;
    (browser, medium)
}

/// Where the button leads that hands a content over.
async fn save(browser: &Browser) -> String {
    assert_eq!(browser.post(&[("tap", "saving")]).await.leads_to(), "/");
    browser.post(&[("tap", "save")]).await.leads_to().to_owned()
}

async fn range(browser: &Browser, path: &str, range: &str) -> Answer {
    let request = browser.request("GET", path).header(header::RANGE, range);
    browser.send(request.body(Body::empty()).unwrap()).await
}

async fn call(browser: &Browser, path: &str, body: Vec<u8>) -> Answer {
    browser.send(browser.request("POST", path).body(Body::from(body)).unwrap()).await
}

/// A small photo without metadata.
fn jpeg() -> Vec<u8> {
    let mut out = Vec::new();
    let pixels: Vec<u8> = (0..64 * 64 * 3_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let encoder = jpeg_encoder::Encoder::new(&mut out, 80);
    encoder.encode(&pixels, 64, 64, jpeg_encoder::ColorType::Rgb).unwrap();
    out
}
