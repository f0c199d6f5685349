// SPDX-License-Identifier: MPL-2.0
//! How somebody goes through every screen, and what is written down of it.

use std::{collections::BTreeSet, thread, time::Duration};

use amate_app::text::Texts;
use amate_screen::{Effect, Icon, Kind, Screen};

use crate::{
    relay::{NOW, Relay},
    walk::{START, Walk, fields, tappable, told, told_effects},
};

/// Somebody who goes everywhere, and what was there.
pub struct Tour {
    pub walk: Walk,
    /// Whom they know.
    pub friend: Walk,
    pub relay: Relay,
    pub texts: Texts,
    minutes: u64,
    pub told: Vec<String>,
    pub pages: BTreeSet<String>,
    /// Page and key of what could be touched.
    pub shown: BTreeSet<(String, String)>,
    pub touched: BTreeSet<(String, String)>,
}

/// How one goes.
impl Tour {
    pub fn begin(language: &str, second: bool) -> Self {
        let relay = Relay::new();
        let phone = || {
            let walk = Walk::with(language, Some(relay.clone()));
            walk.clock(NOW - START);
            walk.past_the_first_run()
        };
        let (walk, friend) = (phone(), phone());
        let walk = if second { walk.through_the_door() } else { walk };
        let texts = Texts::new(language);
        let (told, pages, shown, touched) = Default::default();
        Self { walk, friend, relay, texts, minutes: 0, told, pages, shown, touched }
    }

    /// Writes down what is there, once nothing is being worked out for it.
    pub fn see(&mut self) {
        let screen = self.walk.settled();
        let keys = tappable(&screen).into_iter().chain(fields(&screen));
        self.shown.extend(keys.map(|key| (screen.name.clone(), kind(&key))));
        self.pages.insert(screen.name.clone());
        self.told.push(told(&screen));
    }

    /// Once a screen is as it is to become: what was before it is of chance.
    pub fn see_when(&mut self, what: &str, so: impl Fn(&Screen) -> bool) {
        self.walk.until_so(what, so);
        self.see();
    }

    /// Nothing is written down of what comes then.
    pub fn touch(&mut self, key: &str) -> Vec<Effect> {
        let screen = self.walk.screen();
        let keys = tappable(&screen);
        let key = keys.iter().find(|one| *one == key || kind(one) == key);
        let key = key.unwrap_or_else(|| panic!("no such key in {screen:#?}")).clone();
        self.touched.insert((screen.name, kind(&key)));
        let effects = self.walk.tap(&key);
        self.told.push(told_effects(&kind(&key), &effects));
        effects
    }

    pub fn tap(&mut self, key: &str) -> Vec<Effect> {
        let effects = self.touch(key);
        self.see();
        effects
    }

    pub fn taps(&mut self, keys: &[&str]) {
        for key in keys {
            self.tap(key);
        }
    }

    pub fn tap_until(&mut self, key: &str, what: &str, so: impl Fn(&Screen) -> bool) {
        self.touch(key);
        self.see_when(what, so);
    }

    pub fn change(&mut self, key: &str, value: &str) {
        self.touched.insert((self.walk.name(), key.to_owned()));
        self.walk.change(key, value);
        self.see();
    }

    pub fn back(&mut self) {
        self.walk.back();
        self.see();
    }

    pub fn home(&mut self) {
        while self.walk.name() != "home" {
            self.back();
        }
    }

    pub fn later(&mut self) {
        self.minutes += 5;
        self.walk.clock(NOW - START + self.minutes * 60);
        self.friend.clock(NOW - START + self.minutes * 60);
    }

    pub fn at(&self, page: &str) -> bool {
        self.told.last().unwrap().contains(&format!("name: \"{page}\""))
    }

    pub fn open_with(&mut self, code: &str) {
        self.walk.secret("code", code);
        self.tap("open");
    }
}

/// Asks the relay from the inbox, again and again, until the page that these keys lead to is so.
pub fn ask_until(walk: &mut Walk, keys: &[&str], so: impl Fn(&Screen) -> bool) {
    for _ in 0..600 {
        ask(walk);
        keys.iter().for_each(|key| drop(walk.tap(key)));
        if so(&walk.screen()) {
            return;
        }
        thread::park_timeout(Duration::from_millis(50));
    }
    panic!("never so: {:#?}", walk.screen());
}

/// A round now, also of what was only looked at.
pub fn ask(walk: &mut Walk) {
    leave(walk);
    walk.tap("inbox");
    walk.tap("now");
    walk.back();
}

pub fn leave(walk: &mut Walk) {
    while walk.name() != "home" {
        walk.back();
    }
}

/// A key without numbers and hashes.
fn kind(key: &str) -> String {
    let number = |part: &str| part.chars().any(|c| c.is_ascii_digit());
    let parts: Vec<_> = key.split('-').map(|part| if number(part) { "…" } else { part }).collect();
    parts.join("-").replace("-…-…", "-…")
}

pub fn has(key: &str) -> impl Fn(&Screen) -> bool {
    let key = key.to_owned();
    move |screen| screen.blocks.iter().any(|block| block.key == key)
}

/// A message that says this, or whose state is this.
pub fn message(words: &str) -> impl Fn(&Screen) -> bool {
    let words = words.to_owned();
    move |screen| {
        screen.blocks.iter().any(|block| match &block.kind {
            Kind::Message { text, .. } => block.label == words || text.ends_with(&words),
            _ => false,
        })
    }
}

/// So many rows whose keys begin so, with this beside them.
pub fn rows(key: &'static str, with: Icon, count: usize) -> impl Fn(&Screen) -> bool {
    let so = move |kind: &Kind| matches!(kind, Kind::Row { icon, .. } if *icon == with);
    move |screen| {
        let all = screen.blocks.iter().filter(|one| one.key.starts_with(key) && so(&one.kind));
        all.count() == count
    }
}
