// SPDX-License-Identifier: MPL-2.0
//! Every kind of block with hostile words in every place where words can stand.

#![allow(clippy::unwrap_used, reason = "tests may")]

use amate_screen::{
    Badge, Block, Button, ButtonStyle, CameraMode, CameraWords, CaptureWay, Check, Chip, Fact,
    Icon, Input, Kind, Precision, Progress, Screen, TextStyle, Tone, Way, Waypoint, Words,
};
use proptest::prelude::*;

use super::{content, page};

const TONES: [Tone; 5] = [Tone::Plain, Tone::Info, Tone::Warn, Tone::Danger, Tone::Ok];

#[test]
fn every_kind_is_drawn_with_its_label_and_its_key() {
    let mut names = Names::default();
    for block in kinds(&mut names) {
        let html = drawn(vec![block.clone()]);
        let label = shown(&block.label);
        assert!(html.contains(&label), "no label {label} in {html}");
        assert!(html.contains(&format!("data-key=\"{}\"", block.key)), "no key in {html}");
    }
}

#[test]
fn everything_that_is_tapped_is_a_button_that_names_itself() {
    let mut names = Names::default();
    for block in kinds(&mut names) {
        let Some(keys) = taps(&block) else { continue };
        let html = drawn(vec![block]);
        for key in keys {
            let button = format!("name=\"tap\" value=\"{key}\"");
            assert!(html.contains(&button), "no button {key} in {html}");
        }
    }
}

#[test]
fn every_word_of_a_screen_is_read_by_somebody() {
    let mut names = Names::default();
    let screen = screen(&mut names);
    let html = page(&screen, "desk").into_string();
    for name in &names.0 {
        assert!(html.contains(name.as_str()), "{name} is nowhere");
    }
}

#[test]
fn a_code_is_never_drawn_even_if_it_is_given() {
    let kind = Kind::Field {
        value: "cinco palabras".into(),
        input: Input::Code,
        hint: String::new(),
        help: String::new(),
        wrong: false,
        limit: 100,
    };
    let html = drawn(vec![Block::new("code", "Clave", kind)]);
    assert!(!html.contains("cinco palabras"), "{html}");
    assert!(html.contains("name=\"secret:code\"") && html.contains("autocomplete=\"off\""));
}

#[test]
fn a_page_has_one_title_one_main_part_and_its_language() {
    let mut names = Names::default();
    let mut screen = screen(&mut names);
    screen.language = "es-MX".into();
    let html = page(&screen, "phone").into_string();
    for once in ["<h1", "<main", "<header", "<footer", "<nav", "aria-live=\"polite\""] {
        assert_eq!(html.matches(once).count(), 1, "{once}");
    }
    assert!(html.contains("<html lang=\"es-MX\">"), "{html}");
    // A screen that changes by itself comes again where no script runs, and only there.
    assert!(html.contains("<noscript><meta http-equiv=\"refresh\""), "{html}");
    screen.live = false;
    assert!(!page(&screen, "phone").into_string().contains("http-equiv"));
}

#[test]
fn nothing_in_a_page_needs_what_the_policy_forbids() {
    let mut names = Names::default();
    let html = page(&screen(&mut names), "desk").into_string();
    // The name of a language, which nobody asks for.
    let html = html.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
    for forbidden in [" style=", "<style", " onclick", " onload", "javascript:", "://"] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    assert_eq!(html.matches("<script").count(), 1, "one script, of our own");
    assert!(html.contains("<script src=\"/assets/app.js\" defer></script>"));
}

#[test]
fn each_button_of_a_form_says_what_it_is() {
    let mut names = Names::default();
    let html = page(&screen(&mut names), "desk").into_string();
    for button in html.split("<button").skip(1) {
        let tag = button.split('>').next().unwrap();
        assert!(
            tag.contains("type=\"submit\"") || tag.contains("type=\"button\""),
            "<button{tag}>"
        );
        let inner = button.split("</button>").next().unwrap();
        let words = text(inner.split_once('>').unwrap().1);
        let named = !words.trim().is_empty() || tag.contains("aria-label=\"");
        assert!(named || tag.contains("aria-hidden=\"true\""), "no name: <button{inner}");
    }
    for field in html.split("data-field=\"").skip(1) {
        let key = field.split('"').next().unwrap();
        assert!(html.contains(&format!("<label for=\"f-{key}\">")), "no label for {key}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is written anywhere: the marks of HTML in the page are those that we wrote.
    #[test]
    fn no_text_ever_becomes_markup(hostile in r#"[<>&"'`=/ a-z\u{0}-\u{1f}\u{80}-\u{2fff}!-]{1,40}"#) {
        let quiet = page(&screen(&mut Names::default()), "desk").into_string();
        let loud = page(&screen(&mut Names::of(&hostile)), "desk").into_string();
        prop_assert_eq!(marks(&quiet), marks(&loud));
    }
}

#[test]
fn what_is_known_to_break_out_does_not() {
    let quiet = page(&screen(&mut Names::default()), "desk").into_string();
    for hostile in [
        "\"><script>alert(1)</script>",
        "</textarea><img src=x onerror=alert(1)>",
        "</title></noscript></svg></button><form action=//evil.example>",
        "' onfocus='alert(1)' autofocus='",
        "<!--",
        "]]>",
        "&lt;b&gt;",
        "javascript:alert(1)",
        "\u{202e}<b>\u{0}",
    ] {
        let loud = page(&screen(&mut Names::of(hostile)), "desk").into_string();
        assert_eq!(marks(&quiet), marks(&loud), "{hostile}");
    }
}

/// Texts of a screen: each its own, with something hostile in it.
#[derive(Default)]
struct Names(Vec<String>, String);

impl Names {
    fn of(hostile: &str) -> Self {
        Self(Vec::new(), hostile.to_owned())
    }

    fn next(&mut self) -> String {
        let name = format!("w{:03}w", self.0.len());
        self.0.push(name.clone());
        name + &self.1
    }

    /// One that decides something by how it begins.
    fn after(&self, start: &str) -> String {
        format!("{start}{}", self.1)
    }
}

/// What stands in a page beside the texts: the marks that make elements and attributes.
fn marks(html: &str) -> String {
    html.chars().filter(|c| matches!(c, '<' | '>' | '"')).collect()
}

/// As it stands in HTML.
fn shown(text: &str) -> String {
    maud::html! { (text) }.into_string()
}

/// What is left without tags.
fn text(html: &str) -> String {
    html.split('<').map(|part| part.split_once('>').map_or(part, |(_, words)| words)).collect()
}

fn drawn(blocks: Vec<Block>) -> String {
    let mut screen = screen(&mut Names::default());
    screen.blocks = blocks;
    content(&screen).into_string()
}

/// What a block names when it is tapped.
fn taps(block: &Block) -> Option<Vec<String>> {
    Some(match &block.kind {
        Kind::Toggle { .. }
        | Kind::Tile { .. }
        | Kind::Button { .. }
        | Kind::Hold { .. }
        | Kind::Evidence { .. } => vec![block.key.clone()],
        Kind::Row { opens, .. } if *opens => vec![block.key.clone()],
        Kind::Choice { options } => options.iter().map(|chip| chip.key.clone()).collect(),
        Kind::Capture { ways } => ways.iter().map(|way| way.key.clone()).collect(),
        _ => return None,
    })
}

/// A whole screen in which nothing is empty.
fn screen(names: &mut Names) -> Screen {
    let row = |names: &mut Names, key: &str| {
        let kind = Kind::Row {
            icon: Icon::Log,
            text: names.next(),
            aside: names.next(),
            badges: TONES.map(|tone| Badge { label: names.next(), tone }).into(),
            selected: true,
            opens: true,
        };
        Block::new(names.after(key), names.next(), kind)
    };
    // A room of a desk shows neither its second line nor badges.
    let room = |names: &mut Names| {
        let kind = Kind::Row {
            icon: Icon::Log,
            text: String::new(),
            aside: names.next(),
            badges: Vec::new(),
            selected: false,
            opens: true,
        };
        Block::new(names.after("room"), names.next(), kind)
    };
    Screen {
        name: names.after("name"),
        language: names.after("es-MX"),
        title: names.next(),
        subtitle: names.next(),
        back: true,
        hide: true,
        spoken: names.next(),
        blocks: kinds(names),
        actions: [ButtonStyle::Main, ButtonStyle::Second, ButtonStyle::Quiet, ButtonStyle::Danger]
            .map(|style| Button {
                key: names.next(),
                label: names.next(),
                icon: Some(Icon::Send),
                style,
            })
            .into(),
        side: vec![room(names)],
        list: vec![row(names, "listed")],
        list_title: names.next(),
        live: true,
        words: Words {
            app: names.next(),
            back: names.next(),
            listen: names.next(),
            quiet: names.next(),
            hide: names.next(),
            hold: names.next(),
            again: names.next(),
            next: names.next(),
            working: names.next(),
            lost: names.next(),
            no_camera: names.next(),
            no_microphone: names.next(),
        },
    }
}

/// One block of each kind in each of its forms. A kind that is missing here does not compile.
fn kinds(names: &mut Names) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut next = Some(Kind::Text { style: TextStyle::Body });
    while let Some(kind) = next {
        next = after(&kind, names);
        let key = names.after(&format!("k{}", blocks.len()));
        blocks.push(Block::new(key, names.next(), kind));
    }
    blocks
}

/// The next kind or form. The `match` names all of them.
fn after(kind: &Kind, names: &mut Names) -> Option<Kind> {
    use TextStyle::{Body, Heading, Question, Quote, Second};
    Some(match kind {
        Kind::Text { style: Body } => Kind::Text { style: Second },
        Kind::Text { style: Second } => Kind::Text { style: Heading },
        Kind::Text { style: Heading } => Kind::Text { style: Question },
        Kind::Text { style: Question } => Kind::Text { style: Quote },
        Kind::Text { style: Quote } => notice(names, Tone::Plain),
        Kind::Notice { tone: Tone::Plain, .. } => notice(names, Tone::Info),
        Kind::Notice { tone: Tone::Info, .. } => notice(names, Tone::Warn),
        Kind::Notice { tone: Tone::Warn, .. } => notice(names, Tone::Danger),
        Kind::Notice { tone: Tone::Danger, .. } => notice(names, Tone::Ok),
        Kind::Notice { tone: Tone::Ok, .. } => field(names, Input::Line, false),
        Kind::Field { input: Input::Line, .. } => field(names, Input::Lines, true),
        Kind::Field { input: Input::Lines, .. } => field(names, Input::Digits, true),
        Kind::Field { input: Input::Digits, .. } => field(names, Input::Address, false),
        Kind::Field { input: Input::Address, .. } => Kind::Field {
            value: String::new(),
            input: Input::Code,
            hint: names.next(),
            help: names.next(),
            wrong: true,
            limit: 9,
        },
        Kind::Field { input: Input::Code, .. } => {
            let chip = |names: &mut Names, chosen: bool| Chip {
                key: names.next(),
                label: names.next(),
                icon: chosen.then_some(Icon::Person),
                chosen,
            };
            Kind::Choice { options: vec![chip(names, true), chip(names, false)] }
        }
        Kind::Choice { .. } => date(names, Precision::Day),
        Kind::Date { precision: Precision::Day, .. } => date(names, Precision::Month),
        Kind::Date { precision: Precision::Month, .. } => date(names, Precision::Year),
        Kind::Date { precision: Precision::Year, .. } => {
            Kind::Toggle { icon: Icon::Info, text: names.next(), on: true }
        }
        Kind::Toggle { .. } => row(names, true),
        Kind::Row { opens: true, .. } => row(names, false),
        Kind::Row { opens: false, .. } => Kind::Tile { icon: Icon::Log, text: names.next() },
        Kind::Tile { .. } => Kind::Button { icon: Some(Icon::Send), style: ButtonStyle::Second },
        Kind::Button { .. } => Kind::Hold { icon: Icon::Delete, text: names.next() },
        Kind::Hold { .. } => {
            let ways = [Way::Photo, Way::Video, Way::Voice, Way::File];
            let ways = ways.map(|way| CaptureWay {
                key: names.next(),
                label: names.next(),
                way,
                icon: Icon::Log,
            });
            Kind::Capture { ways: ways.into() }
        }
        Kind::Capture { .. } => camera(names, CameraMode::Photo),
        Kind::Camera { mode: CameraMode::Photo, .. } => camera(names, CameraMode::Video),
        Kind::Camera { mode: CameraMode::Video, .. } => camera(names, CameraMode::Voice),
        Kind::Camera { mode: CameraMode::Voice, .. } => camera(names, CameraMode::Scan),
        Kind::Camera { mode: CameraMode::Scan, .. } => Kind::Evidence {
            medium: names.next(),
            media_type: names.after("image/"),
            icon: Icon::Log,
            text: names.next(),
            badges: vec![Badge { label: names.next(), tone: Tone::Ok }],
        },
        Kind::Evidence { media_type, .. } if media_type.starts_with("image/") => Kind::Evidence {
            medium: String::new(),
            media_type: names.after("audio/"),
            icon: Icon::Log,
            text: names.next(),
            badges: Vec::new(),
        },
        Kind::Evidence { .. } => player(names, "image/"),
        Kind::Player { media_type, .. } if media_type.starts_with("image/") => {
            player(names, "video/")
        }
        Kind::Player { media_type, .. } if media_type.starts_with("video/") => {
            player(names, "audio/")
        }
        Kind::Player { .. } => {
            let all = [Progress::Done, Progress::Now, Progress::Later, Progress::Stuck];
            let point = |progress| Waypoint {
                label: names.next(),
                text: names.next(),
                icon: Icon::Check,
                progress,
            };
            Kind::Line { points: all.map(point).into() }
        }
        Kind::Line { .. } => Kind::Meter { percent: 140, text: names.next() },
        Kind::Meter { .. } => {
            Kind::Facts { rows: vec![Fact { label: names.next(), value: names.next() }] }
        }
        Kind::Facts { .. } => {
            let row = |tone| Check { label: names.next(), text: names.next(), tone };
            Kind::Checks { rows: TONES.map(row).into() }
        }
        Kind::Checks { .. } => Kind::Spoken { words: vec![names.next(), names.next()] },
        Kind::Spoken { .. } => {
            Kind::QrShow { text: names.next(), size: 2, modules: vec![1, 0, 0, 1] }
        }
        Kind::QrShow { .. } => Kind::Card {
            blocks: vec![Block::new(
                names.after("inner"),
                names.next(),
                Kind::Text { style: Body },
            )],
        },
        Kind::Card { .. } => Kind::Message { mine: true, text: names.next() },
        Kind::Message { mine: true, .. } => Kind::Message { mine: false, text: names.next() },
        Kind::Message { mine: false, .. } => return None,
    })
}

fn notice(names: &mut Names, tone: Tone) -> Kind {
    Kind::Notice { tone, icon: Icon::Warn, text: names.next() }
}

fn field(names: &mut Names, input: Input, wrong: bool) -> Kind {
    let (value, hint, help) = (names.next(), names.next(), names.next());
    Kind::Field { value, input, hint, help, wrong, limit: 200 }
}

fn date(names: &mut Names, precision: Precision) -> Kind {
    Kind::Date { value: names.next(), precision }
}

fn row(names: &mut Names, opens: bool) -> Kind {
    Kind::Row {
        icon: Icon::Person,
        text: names.next(),
        aside: names.next(),
        badges: vec![Badge { label: names.next(), tone: Tone::Warn }],
        selected: false,
        opens,
    }
}

fn player(names: &mut Names, start: &str) -> Kind {
    Kind::Player { medium: names.next(), media_type: names.after(start), length: 3 }
}

/// What a mode has no use for is empty: no sound has another camera, no code a shutter.
fn camera(names: &mut Names, mode: CameraMode) -> Kind {
    let mut unless = |none| if mode == none { String::new() } else { names.next() };
    let words = CameraWords {
        start: unless(CameraMode::Scan),
        stop: unless(CameraMode::Scan),
        cancel: String::new(),
        other: unless(CameraMode::Voice),
        sealing: names.next(),
        file: String::new(),
    };
    let file = if mode == CameraMode::Scan { String::new() } else { names.next() };
    Kind::Camera { mode, words: CameraWords { file, ..words } }
}
