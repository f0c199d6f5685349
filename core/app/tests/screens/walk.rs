// SPDX-License-Identifier: MPL-2.0
//! A person who goes through the screens.

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use amate_app::{
    app::{App, Content, Device, Platform, Setup},
    clock::Moment,
    driver::Carrier,
    exchange::NoAnswer,
};
use amate_screen::{Action, Block, Effect, Input, Kind, Screen, Way};
use amate_vault::CodeCost;

use crate::relay::Relay;

/// One phone in a folder of its own, without any network or with one relay.
pub struct Walk {
    pub app: App,
    folder: tempfile::TempDir,
    language: String,
    pub code: String,
    now: Arc<AtomicU64>,
    relay: Option<Relay>,
}

/// 2026-11-20, a quarter to nine in the morning in Mexico.
pub const START: u64 = 1_795_186_500;

impl Walk {
    /// Before the first run.
    pub fn new(language: &str) -> Self {
        Self::with(language, None)
    }

    /// The same, where this relay answers.
    pub fn with(language: &str, relay: Option<Relay>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Arc::new(AtomicU64::new(START));
        let app = start(folder.path(), language, &now, relay.clone());
        let (language, code) = (language.to_owned(), String::new());
        Self { app, folder, language, code, now, relay }
    }

    /// After it.
    pub fn opened(language: &str) -> Self {
        Self::new(language).past_the_first_run()
    }

    pub fn past_the_first_run(mut self) -> Self {
        self.tap("next");
        self.tap("next");
        self.code = spoken(&self.screen()).join(" ");
        self.tap("next");
        let code = self.code.clone();
        self.secret("code", &code);
        self.tap("next");
        self.until("door-offer");
        self.tap("later");
        assert_eq!(self.name(), "home");
        self
    }

    /// The same, inside the second door of such a phone.
    pub fn behind_the_door(language: &str) -> Self {
        Self::opened(language).through_the_door()
    }

    pub fn through_the_door(mut self) -> Self {
        let code = self.set_door();
        self.lock();
        self.code = code;
        self.unlock();
        assert_eq!(self.name(), "home");
        self
    }

    /// Sets a second door from the first page; gives its words.
    pub fn set_door(&mut self) -> String {
        self.tap("settings");
        self.tap("door");
        self.tap("set");
        let code = self.take_code();
        assert_eq!(self.name(), "door-ready");
        self.rest();
        code
    }

    /// Until nothing goes on any more: what is copied then is what lies on the disk.
    pub fn rest(&mut self) {
        for _ in 0..600 {
            if !self.app.is_busy() {
                return;
            }
            thread::park_timeout(Duration::from_millis(50));
        }
        panic!("it goes on and on");
    }

    /// Takes the words that are shown, and enters them again.
    pub fn take_code(&mut self) -> String {
        assert_eq!(self.name(), "code");
        let code = spoken(&self.screen()).join(" ");
        self.tap("next");
        self.secret("code", &code);
        self.tap("next");
        code
    }

    /// Whether this code opens something.
    pub fn enter(&mut self, code: &str) -> bool {
        self.lock();
        self.secret("code", code);
        self.tap("open");
        self.name() == "home"
    }

    pub fn screen(&mut self) -> Screen {
        self.app.view()
    }

    pub fn name(&mut self) -> String {
        self.screen().name
    }

    pub fn tap(&mut self, key: &str) -> Vec<Effect> {
        self.act(Action::Tap { key: key.to_owned() })
    }

    pub fn change(&mut self, key: &str, value: &str) {
        self.act(Action::Change { key: key.to_owned(), value: value.to_owned() });
    }

    pub fn secret(&mut self, key: &str, value: &str) {
        self.act(Action::Secret { key: key.to_owned(), bytes: value.as_bytes().to_vec() });
    }

    pub fn back(&mut self) {
        self.act(Action::Back);
    }

    pub fn lock(&mut self) {
        self.act(Action::Lock);
    }

    /// Time passes.
    pub fn look(&mut self) {
        self.act(Action::Look);
    }

    /// Locks, until nothing holds the files any more; gives the folder.
    pub fn left(&mut self) -> std::path::PathBuf {
        self.lock();
        self.rest();
        self.folder.path().to_path_buf()
    }

    pub fn unlock(&mut self) {
        let code = self.code.clone();
        self.secret("code", &code);
        self.tap("open");
    }

    pub fn act(&mut self, action: Action) -> Vec<Effect> {
        let step = self.app.act(action);
        check(&step.screen);
        step.effects
    }

    /// Seconds after the start.
    pub fn clock(&self, seconds: u64) {
        self.now.store(START + seconds, Ordering::SeqCst);
    }

    /// Looks until that screen is there.
    pub fn until(&mut self, name: &str) {
        self.until_so(name, |screen| screen.name == name);
    }

    /// Looks until a screen is as it is to become.
    pub fn until_so(&mut self, what: &str, so: impl Fn(&Screen) -> bool) {
        for _ in 0..600 {
            if so(&self.screen()) {
                return;
            }
            thread::park_timeout(Duration::from_millis(50));
            self.act(Action::Look);
        }
        panic!("{:#?} instead of {what}", self.screen());
    }

    /// The process ends without a word and is started again.
    pub fn killed(&mut self) {
        self.rest();
        // What a kill leaves behind is what is on the disk now.
        let copy = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(self.folder.path()).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
        }
        self.app = start(copy.path(), &self.language, &self.now, self.relay.clone());
        self.folder = copy;
    }

    pub fn field(&mut self, key: &str) -> String {
        let screen = self.screen();
        let block = screen.blocks.iter().find(|block| block.key == key);
        match &block.unwrap_or_else(|| panic!("no {key} in {screen:#?}")).kind {
            Kind::Field { value, .. } => value.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// Key of the first block that begins so.
    pub fn row(&mut self, key: &str) -> String {
        let screen = self.screen();
        let found = screen.blocks.iter().find(|block| block.key.starts_with(key));
        found.unwrap_or_else(|| panic!("no {key} in {screen:#?}")).key.clone()
    }

    pub fn row_with(&mut self, words: &str) -> String {
        let screen = self.screen();
        let found = screen.blocks.iter().find(|block| format!("{block:?}").contains(words));
        found.unwrap_or_else(|| panic!("no {words} in {screen:#?}")).key.clone()
    }

    pub fn first_case(&mut self) -> String {
        let screen = self.screen();
        let row = |block: &&Block| matches!(block.kind, Kind::Row { .. });
        screen.blocks.iter().find(row).unwrap().key.clone()
    }

    pub fn says(&mut self, words: &str) -> bool {
        format!("{:?}", self.screen()).contains(words)
    }

    pub fn medium(&mut self) -> String {
        let screen = self.screen();
        let named = screen.blocks.iter().find_map(|block| match &block.kind {
            Kind::Player { medium, .. } => Some(medium.clone()),
            _ => None,
        });
        named.unwrap_or_else(|| panic!("nothing to look at in {screen:#?}"))
    }

    pub fn content(&mut self, medium: &str) -> Vec<u8> {
        let Content::Item(mut reader) = self.app.content(medium).unwrap() else { panic!("export") };
        let mut all = vec![0; usize::try_from(reader.length()).unwrap()];
        let mut at = 0;
        while at < all.len() {
            let n = reader.read_at(at as u64, &mut all[at..]).unwrap();
            assert!(n > 0);
            at += n;
        }
        all
    }

    pub fn capture(&mut self, way: Way, name: &str, bytes: &[u8]) {
        let mut sink = self.app.begin(way, name, "").unwrap();
        bytes.chunks(1000).for_each(|piece| sink.push(piece).unwrap());
        check(&self.app.finish(sink).unwrap().screen);
    }

    /// The screen when nothing is being worked out for it any more.
    pub fn settled(&mut self) -> Screen {
        let mut screen = self.screen();
        for _ in 0..1_000 {
            // Others are live as long as they are open: something may come from outside.
            let works = ["proof", "add", "relay", "relays", "scan", "scanned", "new-keys"];
            if !(screen.live && works.contains(&screen.name.as_str())) {
                break;
            }
            thread::park_timeout(Duration::from_millis(10));
            self.act(Action::Look);
            screen = self.screen();
        }
        screen
    }

    /// So many steps of somebody who touches anything. What each screen was, without what chance
    /// makes of it.
    pub fn random(&mut self, seed: u64, steps: usize) -> Vec<String> {
        let mut random = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut next = |below: usize| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            usize::try_from(random >> 33).unwrap() % below.max(1)
        };
        let mut seen = BTreeSet::new();
        let mut all = Vec::with_capacity(steps);
        for _ in 0..steps {
            let screen = self.settled();
            check(&screen);
            all.push(told(&screen));
            seen.insert(screen.name.clone());
            if screen.name == "unlock" {
                self.unlock();
                continue;
            }
            let keys = tappable(&screen);
            let fields = fields(&screen);
            match next(10) {
                0 => self.back(),
                1 | 2 if !fields.is_empty() => {
                    let key = fields[next(fields.len())].clone();
                    let value =
                        ["", "Algo pasó hoy", "12345678", "ñandú ꞌ ʼ 🙂 \u{202e}x"][next(4)];
                    self.change(&key, value);
                }
                // The code that opens this walk stays the same.
                _ if !keys.is_empty() => {
                    let key = keys[next(keys.len())].clone();
                    if key != "code" {
                        let effects = self.tap(&key);
                        all.push(told_effects(&key, &effects));
                    }
                }
                _ => self.back(),
            }
        }
        assert!(seen.len() > 5, "a walk that went nowhere: {seen:?}");
        all
    }
}

/// What the platform is asked to do, without the numbers of media and the words of codes.
pub fn told_effects(key: &str, effects: &[Effect]) -> String {
    let mut effects = effects.to_vec();
    for effect in &mut effects {
        match effect {
            Effect::Share { medium, .. } => medium.clear(),
            Effect::Copy { text } => text.clear(),
            _ => {}
        }
    }
    format!("{key}: {effects:?}")
}

/// All of a screen but words and numbers of chance.
pub fn told(screen: &Screen) -> String {
    let mut screen = screen.clone();
    let chance = blur(&mut screen.blocks);
    screen.list.clear();
    let lines = screen.spoken.lines().filter(|line| !chance.iter().any(|word| word == line));
    screen.spoken = without_hashes(&lines.collect::<Vec<_>>().join("\n"));
    without_hashes(&format!("{screen:#?}"))
}

/// Keys, hashes and identities are written in hexadecimal digits.
fn without_hashes(text: &str) -> String {
    let parts = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    let plain = parts.map(|part| {
        let word = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let hash = word.len() >= 4 && word.chars().all(|c| c.is_ascii_hexdigit());
        if hash { part.replace(word, "…") } else { part.to_owned() }
    });
    plain.collect()
}

fn blur(blocks: &mut [Block]) -> Vec<String> {
    let mut chance = Vec::new();
    for block in blocks {
        match &mut block.kind {
            Kind::Spoken { words } => chance.append(words),
            Kind::Card { blocks } => chance.extend(blur(blocks)),
            Kind::Player { medium, .. } | Kind::Evidence { medium, .. } => medium.clear(),
            Kind::QrShow { text, modules, .. } => {
                text.clear();
                modules.clear();
            }
            _ => {}
        }
    }
    chance
}

fn start(folder: &Path, language: &str, now: &Arc<AtomicU64>, relay: Option<Relay>) -> App {
    let setup = Setup {
        dir: folder.to_path_buf(),
        device: Device::Phone,
        cost: CodeCost { memory_kib: 64, passes: 1, lanes: 1 },
        sizes: vec![(16 << 20, 16 << 20)],
        language: language.to_owned(),
        browser: true,
        cameras: true,
    };
    let now = now.clone();
    let platform = Platform {
        now: Arc::new(move || Moment { unix: now.load(Ordering::SeqCst), offset: Some(-360) }),
        carrier: Arc::new(move || {
            let way = relay.as_ref().ok_or(NoAnswer)?.way();
            Ok(Box::new(way) as Box<dyn Carrier + Send>)
        }),
        changed: Arc::new(|| {}),
    };
    App::new(setup, platform)
}

/// The words that are to be read aloud or written down.
pub fn spoken(screen: &Screen) -> Vec<String> {
    let words = screen.blocks.iter().find_map(|block| match &block.kind {
        Kind::Spoken { words } => Some(words.clone()),
        _ => None,
    });
    words.unwrap_or_default()
}

/// What holds of every screen.
pub fn check(screen: &Screen) {
    let mut keys = BTreeSet::new();
    let out = screen.back
        || !screen.actions.is_empty()
        || !screen.side.is_empty()
        || screen.live
        || !tappable(screen).is_empty();
    assert!(out, "no way on from {screen:#?}");
    assert!(!screen.title.trim().is_empty(), "no title: {screen:#?}");
    for block in all(&screen.blocks).into_iter().chain(&screen.list) {
        assert!(!block.label.trim().is_empty(), "no label: {block:?}");
        assert!(keys.insert(block.key.clone()), "{} twice in {}", block.key, screen.name);
        if let Kind::Field { input: Input::Code, value, .. } = &block.kind {
            assert!(value.is_empty(), "a code is shown");
        }
    }
    for words in screen.spoken.lines() {
        let id = words.contains('-') && words.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        assert!(!id, "{}: {words} has no words", screen.name);
    }
}

/// Blocks with those in cards.
fn all(blocks: &[Block]) -> Vec<&Block> {
    let mut out = Vec::new();
    for block in blocks {
        out.push(block);
        if let Kind::Card { blocks } = &block.kind {
            out.extend(all(blocks));
        }
    }
    out
}

pub fn tappable(screen: &Screen) -> Vec<String> {
    let mut keys: Vec<String> = screen.actions.iter().map(|button| button.key.clone()).collect();
    for block in all(&screen.blocks) {
        match &block.kind {
            Kind::Choice { options } => keys.extend(options.iter().map(|chip| chip.key.clone())),
            Kind::Capture { ways } => keys.extend(ways.iter().map(|way| way.key.clone())),
            Kind::Row { .. }
            | Kind::Tile { .. }
            | Kind::Button { .. }
            | Kind::Hold { .. }
            | Kind::Toggle { .. }
            | Kind::Evidence { .. } => keys.push(block.key.clone()),
            _ => {}
        }
    }
    keys
}

pub fn fields(screen: &Screen) -> Vec<String> {
    let written = |block: &&Block| {
        matches!(&block.kind, Kind::Field { input, .. } if *input != Input::Code)
            || matches!(block.kind, Kind::Date { .. })
    };
    all(&screen.blocks).into_iter().filter(written).map(|block| block.key.clone()).collect()
}

/// A small photo without metadata.
pub fn jpeg() -> Vec<u8> {
    let mut out = Vec::new();
    let pixels: Vec<u8> = (0..64 * 64 * 3_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let encoder = jpeg_encoder::Encoder::new(&mut out, 80);
    encoder.encode(&pixels, 64, 64, jpeg_encoder::ColorType::Rgb).unwrap();
    out
}

/// Twenty milliseconds of sound as a shell pushes them.
pub fn sound(time: u64) -> Vec<u8> {
    let data = [7; 60];
    let mut out = vec![2, 1];
    out.extend(time.to_be_bytes());
    out.extend(60_u32.to_be_bytes());
    out.extend(data);
    out
}
