// SPDX-License-Identifier: MPL-2.0
//! The whole writing as forms, without a script: every step is a page again.

use amate_screen::{Action, Kind};

use super::{Browser, block};

#[tokio::test]
async fn the_first_run_and_an_incident_need_no_script() {
    let browser = Browser::home().await;
    browser.post(&[("tap", "log")]).await;
    let page = browser.at("log").await;
    assert!(page.contains("name=\"field:story\""), "{page}");
    // What was written goes with whatever button is pressed, lines as mail ends them.
    let story = "Vino otra vez.\r\nTocó <b>fuerte</b> & gritó: \"¡abre!\"";
    assert_eq!(browser.post(&[("field:story", story), ("tap", "today")]).await.leads_to(), "/");
    let page = browser.at("log").await;
    let drawn = "Vino otra vez.\nTocó &lt;b&gt;fuerte&lt;/b&gt; &amp; gritó: &quot;¡abre!&quot;";
    assert!(page.contains(drawn), "{page}");
    assert!(page.contains("value=\"today\" aria-pressed=\"true\""), "{page}");
    assert_eq!(browser.upload("nota.txt", b"Lo que encontr\xc3\xa9.").await.leads_to(), "/");
    let page = browser.at("log").await;
    assert!(page.contains("value=\"item-1\""), "{page}");
    browser.post(&[("tap", "done")]).await;
    browser.at("case").await;
}

#[tokio::test]
async fn a_draft_survives_hiding_and_the_code_brings_it_back() {
    let browser = Browser::home().await;
    browser.post(&[("tap", "log")]).await;
    browser.at("log").await;
    let hidden = browser.post(&[("field:story", "A medias"), ("do", "hide")]).await;
    assert_eq!(hidden.leads_to(), "/blank");
    let blank = browser.get("/blank").await.text();
    assert!(!blank.contains("amate") && !blank.contains("<script"), "{blank}");
    let page = browser.at("unlock").await;
    assert!(!page.contains("A medias"), "{page}");
    browser.post(&[("secret:code", "otra cosa"), ("tap", "open")]).await;
    let page = browser.at("unlock").await;
    assert!(!page.contains("otra cosa"), "a code is never drawn: {page}");
    browser.post(&[("secret:code", &browser.code), ("tap", "open")]).await;
    browser.at("home").await;
    let draft = block(&browser.view().await, "draft-").key;
    browser.post(&[("tap", &draft)]).await;
    let page = browser.at("log").await;
    assert!(page.contains("A medias"), "{page}");
}

#[tokio::test]
async fn a_form_of_an_older_page_changes_only_fields_that_are_there() {
    let browser = Browser::home().await;
    browser.post(&[("tap", "log")]).await;
    browser.at("log").await;
    let before = browser.view().await;
    browser.post(&[("field:nothing", "x"), ("field:code", "x"), ("field:", "x"), ("x", "y")]).await;
    assert_eq!(browser.view().await, before);
    browser.shared.act(Action::Back).await;
    browser.post(&[("field:story", "Tarde"), ("tap", "nothing")]).await;
    let drafts = browser.view().await;
    let draft = drafts.blocks.iter().any(|block| block.key.starts_with("draft-"));
    assert!(!draft, "nothing was written: {drafts:#?}");
    let tile = |key: &str| matches!(block(&drafts, key).kind, Kind::Tile { .. });
    assert!(tile("people") || tile("cases"), "{drafts:#?}");
}
