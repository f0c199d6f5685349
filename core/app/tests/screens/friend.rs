// SPDX-License-Identifier: MPL-2.0
//! What somebody does with another person: met, written to, read, blocked. What the other does is
//! not written down.

use amate_screen::{Effect, Icon, Kind, Screen, Way};

use crate::{
    relay::Relay,
    tour::{Tour, ask, ask_until, has, leave, message, rows},
    walk::{self, Walk, spoken},
};

const URL: &str = "https://relevo.example";
/// What stands on a screen while the relay is away.
const NO_ANSWER: &str = "problem-no-answer";

impl Tour {
    pub fn adds_a_relay(&mut self) {
        self.taps(&["settings", "relays", "add"]);
        self.change("url", URL);
        self.change("capability", "no es un permiso");
        self.tap("add");
        self.change("url", URL);
        self.change("capability", &Relay::capability());
        self.taps(&["add", "…"]);
        // What a round keeps from here on takes room.
        leave(&mut self.walk);
        self.taps(&["people", "relays"]);
        self.home();
        add_relay(&mut self.friend);
    }

    /// Somebody who read the code here, and is not known yet.
    pub fn hears_from_a_stranger(&mut self) {
        self.taps(&["people", "add", "copy"]);
        let text = code_shown(&mut self.walk);
        self.home();
        read_code(&mut self.friend, &text);
        send_case(&mut self.friend, "Quemaron la milpa de don Chucho.");
        ask_until(&mut self.walk, &["inbox"], rows("report-", Icon::Inbox, 1));
        self.see();
        self.tap("report-…");
        self.change("name", "Quien llamó");
        self.tap("proof");
        self.back();
        self.exports();
        self.tap("answer");
        self.change("text", "Lo leí.");
        self.back();
        self.taps(&["answer"]);
        let at_relay = self.texts.of("state-at-relay");
        self.tap_until("send", "an answer at the relay", message(&at_relay));
        self.home();
        self.taps(&["people", "…"]);
        self.home();
    }

    fn exports(&mut self) {
        self.tap("export");
        let effects = self.tap("export");
        let [Effect::Share { medium, .. }] = &*effects else { panic!("{effects:?}") };
        let mut file = Vec::new();
        self.walk.app.content(medium).unwrap().write(&mut file).unwrap();
        assert!(file.starts_with(b"PK"));
        self.back();
    }

    pub fn meets_by_words(&mut self) {
        self.taps(&["people", "add", "words", "join"]);
        self.relay.away(true);
        self.tap_until("begin", "no answer", has(NO_ANSWER));
        self.relay.away(false);
        self.tap("again");
        self.tap_until("begin", "a number", has("number"));
        let number = spoken(&self.walk.screen()).concat();
        self.friend.tap("people");
        self.friend.tap("add");
        self.friend.tap("words");
        self.friend.change("number", &number);
        self.friend.tap("join");
        self.see_when("words", has("words"));
        self.tap("other");
        self.friend.until_so("words", has("words"));
        self.friend.tap("other");
        self.friend.tap("begin");
        self.friend.until_so("a number", has("number"));
        let number = spoken(&self.friend.screen()).concat();
        self.change_unseen("number", &number);
        self.tap_until("join", "words", has("words"));
        self.tap("same");
        self.change("name", "Con palabras");
        self.taps(&["same", "next"]);
        self.friend.until_so("words", has("words"));
        self.friend.change("name", "Quien documenta");
        self.friend.tap("same");
        self.friend.tap("next");
    }

    /// What is of chance is not written down.
    fn change_unseen(&mut self, key: &str, value: &str) {
        self.touched.insert((self.walk.name(), key.to_owned()));
        self.walk.change(key, value);
    }

    pub fn meets_by_code(&mut self) {
        self.taps(&["people", "add", "scan", "paste", "next"]);
        self.change("name", "Con código");
        self.tap("next");
        self.change("text", "no es un código");
        self.tap("next");
        self.home();
        self.taps(&["people", "add", "scan"]);
        self.friend.tap("people");
        self.friend.tap("add");
        self.friend.settled();
        let (width, luma) = picture(&self.friend.screen());
        assert!(self.walk.app.scan(width, width, &luma).is_some());
        self.see();
        self.change("name", "Con código");
        self.taps(&["next", "show"]);
        self.home();
        self.taps(&["people", "…"]);
        self.change("name", "Mi abogada");
        self.taps(&["block", "unblock"]);
        self.home();
        self.friend.back();
        self.friend.back();
        self.later();
    }

    pub fn sends(&mut self) {
        self.finds("camioneta");
        self.taps(&["…", "send", "next", "…", "…", "…", "add"]);
        self.back();
        self.taps(&["next", "…", "item-…", "item-…", "names", "names", "metadata", "queue"]);
        self.taps(&["consent-only-me", "consent-not-all", "consent-agree"]);
        self.taps(&["harm-unsure", "harm-no"]);
        self.relay.away(true);
        self.tap_until("queue", "no answer", has(NO_ANSWER));
        self.tap("line-…");
        self.back();
        self.relay.away(false);
        self.tap_until("now", "all at the relay", |screen| {
            screen.actions.is_empty() && !has(NO_ANSWER)(screen)
        });
        self.tap("line-…");
        self.tap("proof");
        self.home();
    }

    /// What the other did is asked for until it is there, and only then looked at.
    pub fn is_answered(&mut self) {
        let (friend, walk) = (&mut self.friend, &mut self.walk);
        ask_until(friend, &["inbox"], rows("report-", Icon::Inbox, 1));
        let report = friend.row("report-");
        friend.tap(&report);
        ask_until(walk, &["waiting"], rows("line-", Icon::Opened, 1));
        self.see();
        self.home();
        let at_relay = self.texts.of("state-at-relay");
        self.friend.tap("answer");
        self.friend.change("text", "¿Quién más lo vio?");
        self.friend.tap("send");
        self.friend.until_so("an answer at the relay", message(&at_relay));
        ask_until(&mut self.walk, &[], rows("line-", Icon::Answer, 1));
        self.see();
        self.taps(&["line-…", "answer"]);
        self.change("text", "Dos vecinas.");
        self.tap_until("send", "an answer at the relay", message(&at_relay));
        ask_until(&mut self.friend, &["inbox", &report], message("Dos vecinas."));
        ask(&mut self.friend);
        ask_until(&mut self.walk, &["waiting"], rows("line-", Icon::Opened, 2));
        self.see();
        self.home();
        self.later();
    }

    /// Somebody who is known by now.
    pub fn hears_from_a_friend(&mut self) {
        leave(&mut self.friend);
        send_case(&mut self.friend, "Regresaron de noche.");
        ask_until(&mut self.walk, &["inbox"], rows("report-", Icon::Inbox, 1));
        self.see();
        self.taps(&["report-…", "item-…"]);
        self.back();
        self.tap("answer");
        self.home();
        self.taps(&["people", "…", "block"]);
        self.home();
        self.taps(&["people", "relays"]);
        self.home();
        self.taps(&["waiting", "line-…"]);
        self.home();
        self.taps(&["people", "…", "unblock"]);
        self.home();
    }

    /// Something that has not left yet.
    pub fn takes_back(&mut self) {
        self.tap("log");
        self.change("story", "Esto no.");
        self.taps(&["done", "send", "…", "next", "consent-agree", "harm-no"]);
        self.relay.away(true);
        self.tap_until("queue", "no answer", has(NO_ANSWER));
        self.home();
        self.finds("Esto no");
        self.taps(&["…", "line-…"]);
        self.back();
        self.taps(&["item-…", "delete", "delete"]);
        self.tap("inbox");
        self.relay.away(false);
        self.tap_until("now", "an answer", |screen| !has(NO_ANSWER)(screen));
        self.home();
        self.later();
    }
}

fn add_relay(walk: &mut Walk) {
    walk.tap("settings");
    walk.tap("relays");
    walk.change("url", URL);
    walk.change("capability", &Relay::capability());
    walk.tap("add");
    walk.until_so("a relay", |screen| screen.blocks.iter().any(|one| one.key == "done-notice"));
    walk.back();
    walk.back();
}

fn code_shown(walk: &mut Walk) -> String {
    let screen = walk.settled();
    let text = screen.blocks.iter().find_map(|block| match &block.kind {
        Kind::QrShow { text, .. } => Some(text.clone()),
        _ => None,
    });
    text.unwrap_or_else(|| panic!("no code in {screen:#?}"))
}

fn read_code(walk: &mut Walk, text: &str) {
    for key in ["people", "add", "scan", "paste"] {
        walk.tap(key);
    }
    walk.change("text", text);
    walk.change("name", "Quien documenta");
    walk.tap("next");
    walk.until("paired");
    walk.tap("next");
}

fn send_case(walk: &mut Walk, story: &str) {
    walk.tap("log");
    walk.change("story", story);
    walk.tap("photo");
    walk.capture(Way::Photo, "", &walk::jpeg());
    walk.tap("done");
    walk.tap("send");
    let to = walk.first_case();
    for key in [&*to, "next", "consent-agree", "harm-no", "queue"] {
        walk.tap(key);
    }
    walk.until_so("all at the relay", |screen| screen.actions.is_empty());
    walk.back();
}

/// The code of a screen as a camera sees it.
fn picture(screen: &Screen) -> (u32, Vec<u8>) {
    let shown = screen.blocks.iter().find_map(|block| match &block.kind {
        Kind::QrShow { size, modules, .. } => Some((*size as usize, modules)),
        _ => None,
    });
    let (size, modules) = shown.unwrap();
    let (zone, scale) = (4, 4);
    let width = (size + 2 * zone) * scale;
    let dark = |at: usize| {
        let (x, y) = (at % width / scale, at / width / scale);
        let inside = |n: usize| (zone..zone + size).contains(&n);
        inside(x) && inside(y) && modules[(y - zone) * size + x - zone] == 1
    };
    let luma = (0..width * width).map(|at| if dark(at) { 0 } else { 255 });
    (u32::try_from(width).unwrap(), luma.collect())
}
