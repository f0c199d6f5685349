// SPDX-License-Identifier: MPL-2.0
//! One function a kind of block.

use amate_screen::{
    Badge, Block, CameraMode, CameraWords, CaptureWay, Check, Chip, Fact, Icon, Input, Kind,
    Precision, Progress, Screen, TextStyle, Tone, Way, Waypoint,
};
use maud::{Markup, PreEscaped, html};

use super::{icon, style};

/// All blocks; tiles that follow one another stand side by side.
pub(super) fn all(screen: &Screen) -> Markup {
    let tile = |block: &Block| matches!(block.kind, Kind::Tile { .. });
    let groups = screen.blocks.chunk_by(|a, b| tile(a) == tile(b));
    html! {
        @for group in groups {
            @if group.first().is_some_and(tile) {
                div.tiles data-key="tiles" { @for one in group { (block(one, screen)) } }
            } @else {
                @for one in group { (block(one, screen)) }
            }
        }
    }
}

pub(super) fn block(block: &Block, screen: &Screen) -> Markup {
    let (key, label) = (block.key.as_str(), block.label.as_str());
    match &block.kind {
        Kind::Text { style } => text(key, label, *style),
        Kind::Notice { tone, icon, text } => notice(key, label, *tone, *icon, text),
        Kind::Field { value, input, hint, help, wrong, limit } => {
            let field = Field { key, label, value, hint, help, wrong: *wrong, limit: *limit };
            field.draw(*input)
        }
        Kind::Choice { options } => choice(key, label, options),
        Kind::Date { value, precision } => date(key, label, value, *precision),
        Kind::Toggle { icon, text, on } => toggle(key, label, *icon, text, *on),
        Kind::Row { icon, text, aside, badges, selected, opens } => {
            let row = Row { key, label, icon: *icon, text, aside, badges };
            row.draw(*selected, *opens)
        }
        Kind::Tile { icon: drawing, text } => html! {
            button.tile type="submit" name="tap" value=(key) data-key=(key) {
                (icon(*drawing)) strong { (label) } small { (text) }
            }
        },
        Kind::Button { icon: drawing, style: how } => html! {
            button.(style(*how)) type="submit" name="tap" value=(key) data-key=(key) {
                @if let Some(drawing) = drawing { (icon(*drawing)) }
                span { (label) }
            }
        },
        Kind::Hold { icon: drawing, text } => hold(key, label, *drawing, text, screen),
        Kind::Capture { ways } => capture(key, label, ways, screen),
        Kind::Camera { mode, words } => camera(key, label, *mode, words, screen),
        Kind::Evidence { medium, media_type, icon: drawing, text, badges } => html! {
            button.evidence type="submit" name="tap" value=(key) data-key=(key) {
                @if media_type.starts_with("image/") && !medium.is_empty() {
                    img src={ "/content/" (medium) } alt="" loading="lazy" width="64" height="64";
                } @else { span.thumb { (icon(*drawing)) } }
                span.words { strong { (label) } small { (text) } (marks(badges)) }
                (icon(Icon::Forward))
            }
        },
        Kind::Player { medium, media_type, .. } => player(key, label, medium, media_type),
        Kind::Line { points } => line(key, label, points),
        Kind::Meter { percent, text } => html! {
            div.meter data-key=(key) {
                strong #{ "m-" (key) } { (label) }
                div.bar role="meter" aria-labelledby={ "m-" (key) } aria-valuenow=(percent)
                    aria-valuemin="0" aria-valuemax="100" aria-valuetext=(text) {
                    (bar(*percent))
                }
                small { (text) }
            }
        },
        Kind::Facts { rows } => facts(key, label, rows),
        Kind::Checks { rows } => checks(key, label, rows),
        Kind::Spoken { words } => html! {
            section.spoken data-key=(key) aria-label=(label) {
                ol { @for word in words { li { (word) } } }
            }
        },
        Kind::QrShow { text, size, modules } => qr((key, label), text, *size, modules),
        Kind::Card { blocks } => html! {
            section.card data-key=(key) aria-label=(label) {
                h2 { (label) }
                @for one in blocks { (self::block(one, screen)) }
            }
        },
        Kind::Message { mine, text } => html! {
            article.message.mine[*mine] data-key=(key) { p { (label) } small { (text) } }
        },
    }
}

fn text(key: &str, label: &str, style: TextStyle) -> Markup {
    match style {
        TextStyle::Body => html! { p data-key=(key) { (label) } },
        TextStyle::Second => html! { p.second data-key=(key) { (label) } },
        TextStyle::Heading => html! { h2 data-key=(key) { (label) } },
        TextStyle::Question => html! { h2.question data-key=(key) { (label) } },
        TextStyle::Quote => html! { blockquote data-key=(key) { (label) } },
    }
}

fn notice(key: &str, label: &str, tone: Tone, drawing: Icon, text: &str) -> Markup {
    let role = if key == "problem" { "alert" } else { "note" };
    html! {
        div.notice.(tone_class(tone)) data-key=(key) role=(role) {
            (icon(drawing))
            div { p { (label) } @if !text.is_empty() { p.second { (text) } } }
        }
    }
}

/// Something to fill in.
struct Field<'a> {
    key: &'a str,
    label: &'a str,
    value: &'a str,
    hint: &'a str,
    help: &'a str,
    wrong: bool,
    limit: u32,
}

impl Field<'_> {
    fn draw(&self, input: Input) -> Markup {
        let id = format!("f-{}", self.key);
        let help = format!("h-{}", self.key);
        let described = (!self.help.is_empty()).then_some(help.as_str());
        let (mode, name) = match input {
            Input::Digits => ("numeric", format!("field:{}", self.key)),
            Input::Address => ("url", format!("field:{}", self.key)),
            Input::Code => ("text", format!("secret:{}", self.key)),
            Input::Line | Input::Lines => ("text", format!("field:{}", self.key)),
        };
        // Whatever the core says: a code is never drawn.
        let value = if input == Input::Code { "" } else { self.value };
        let free = matches!(input, Input::Line | Input::Lines);
        let corrected = if free { "sentences" } else { "none" };
        html! {
            div.field data-key=(self.key) {
                label for=(id) { (self.label) }
                @if input == Input::Lines {
                    textarea #(id) name=(name) rows="5" maxlength=(self.limit) aria-invalid=(self.wrong)
                        aria-describedby=[described] placeholder=(self.hint) autocomplete="off"
                        autocapitalize=(corrected) data-field=(self.key) { "\n" (value) }
                } @else {
                    input #(id) name=(name) type="text" inputmode=(mode) maxlength=(self.limit)
                        aria-invalid=(self.wrong) aria-describedby=[described]
                        placeholder=(self.hint) autocomplete="off" autocapitalize=(corrected)
                        spellcheck=(free) .secret[input == Input::Code]
                        data-field=(self.key) data-secret=(input == Input::Code) value=(value);
                }
                @if !self.help.is_empty() {
                    p.help.wrong[self.wrong] #(help) {
                        @if self.wrong { (icon(Icon::Warn)) }
                        (self.help)
                    }
                }
            }
        }
    }
}

fn choice(key: &str, label: &str, options: &[Chip]) -> Markup {
    html! {
        fieldset.choice data-key=(key) {
            legend { (label) }
            div.chips {
                @for chip in options {
                    button.chip type="submit" name="tap" value=(chip.key) aria-pressed=(chip.chosen) {
                        @if let Some(drawing) = chip.icon { (icon(drawing)) }
                        (chip.label)
                    }
                }
            }
        }
    }
}

fn date(key: &str, label: &str, value: &str, precision: Precision) -> Markup {
    let kind = match precision {
        Precision::Day => "date",
        Precision::Month => "month",
        Precision::Year => "number",
    };
    let id = format!("f-{key}");
    html! {
        div.field data-key=(key) {
            label for=(id) { (label) }
            input #(id) type=(kind) name={ "field:" (key) } data-field=(key) value=(value);
        }
    }
}

fn toggle(key: &str, label: &str, drawing: Icon, text: &str, on: bool) -> Markup {
    html! {
        button.toggle type="submit" role="switch" aria-checked=(on) name="tap" value=(key)
            data-key=(key) {
            (icon(drawing))
            span.words { strong { (label) } @if !text.is_empty() { small { (text) } } }
            span.switch aria-hidden="true" {}
        }
    }
}

/// A line that opens something.
struct Row<'a> {
    key: &'a str,
    label: &'a str,
    icon: Icon,
    text: &'a str,
    aside: &'a str,
    badges: &'a [Badge],
}

impl Row<'_> {
    fn draw(&self, selected: bool, opens: bool) -> Markup {
        let inner = html! {
            (icon(self.icon))
            span.words {
                span.top { strong { (self.label) } @if !self.aside.is_empty() { small { (self.aside) } } }
                @if !self.text.is_empty() { small { (self.text) } }
                (marks(self.badges))
            }
        };
        html! {
            @if opens {
                button.row type="submit" name="tap" value=(self.key) data-key=(self.key)
                    aria-current=[selected.then_some("true")] { (inner) (icon(Icon::Forward)) }
            } @else {
                div.row data-key=(self.key) { (inner) }
            }
        }
    }
}

fn marks(badges: &[Badge]) -> Markup {
    html! {
        @if !badges.is_empty() {
            span.badges {
                @for badge in badges { span.badge.(tone_class(badge.tone)) { (badge.label) } }
            }
        }
    }
}

/// Without a pointer that holds (keyboard, screen reader, no script) it asks twice.
fn hold(key: &str, label: &str, drawing: Icon, text: &str, screen: &Screen) -> Markup {
    html! {
        details.hold data-key=(key) data-hold=(key) data-hint=(screen.words.hold) {
            summary { (icon(drawing)) span { strong { (label) } small { (text) } } }
            button.danger type="submit" name="tap" value=(key) { (screen.words.again) }
        }
    }
}

fn capture(key: &str, label: &str, ways: &[CaptureWay], screen: &Screen) -> Markup {
    html! {
        fieldset.capture data-key=(key) {
            legend { (label) }
            div.ways {
                @for one in ways {
                    button type="submit" name="tap" value=(one.key) data-way=(way_name(one.way)) {
                        (icon(one.icon)) (one.label)
                    }
                }
            }
            input.pick type="file" hidden aria-label=(label);
            noscript { (upload("file", label, None, screen)) }
        }
    }
}

/// A file without a script: it goes out as a form of its own.
fn upload(way: &str, label: &str, accept: Option<&str>, screen: &Screen) -> Markup {
    html! {
        div.upload {
            input type="hidden" form="upload" name="way" value=(way);
            input type="file" form="upload" name="content" accept=[accept] aria-label=(label);
            button.second type="submit" form="upload" { (screen.words.next) }
        }
    }
}

fn camera(
    key: &str,
    label: &str,
    mode: CameraMode,
    words: &CameraWords,
    screen: &Screen,
) -> Markup {
    let (name, accept, missing) = match mode {
        CameraMode::Photo => ("photo", "image/*", &screen.words.no_camera),
        CameraMode::Video => ("video", "video/*", &screen.words.no_camera),
        CameraMode::Voice => ("voice", "audio/*", &screen.words.no_microphone),
        CameraMode::Scan => ("scan", "image/*", &screen.words.no_camera),
    };
    html! {
        section.camera data-key=(key) data-mode=(name) data-missing=(missing) aria-label=(label) {
            div.frame {
                video playsinline muted hidden[mode == CameraMode::Voice] aria-label=(label) {}
                span.time hidden { (icon(Icon::Record)) span { "00:00" } }
                span.sealing { (icon(Icon::Sealed)) (words.sealing) }
            }
            div.controls hidden {
                @if mode != CameraMode::Scan {
                    button.shutter type="button" data-start=(words.start) data-stop=(words.stop) {
                        (words.start)
                    }
                }
                @if mode != CameraMode::Voice {
                    button.turn type="button" { (icon(Icon::CameraSwitch)) (words.other) }
                }
            }
            p.missing hidden role="alert" { (missing) }
            @if mode != CameraMode::Scan {
                div.instead hidden {
                    label.second {
                        (icon(Icon::File)) (words.file)
                        input type="file" accept=(accept) capture="environment";
                    }
                }
                noscript { (upload(if mode == CameraMode::Photo { "photo" } else { "file" }, &words.file, Some(accept), screen)) }
            }
        }
    }
}

fn player(key: &str, label: &str, medium: &str, media_type: &str) -> Markup {
    let source = format!("/content/{medium}");
    html! {
        figure.player data-key=(key) {
            @if media_type.starts_with("image/") {
                img src=(source) alt=(label);
            } @else if media_type.starts_with("video/") {
                video src=(source) controls playsinline preload="metadata" aria-label=(label) {}
            } @else {
                audio src=(source) controls preload="metadata" aria-label=(label) {}
            }
        }
    }
}

fn line(key: &str, label: &str, points: &[Waypoint]) -> Markup {
    html! {
        ol.line data-key=(key) aria-label=(label) {
            @for point in points {
                li.(progress_class(point.progress))
                    aria-current=[(point.progress == Progress::Now).then_some("step")] {
                    (icon(point.icon))
                    span { strong { (point.label) } @if !point.text.is_empty() { small { (point.text) } } }
                }
            }
        }
    }
}

fn facts(key: &str, label: &str, rows: &[Fact]) -> Markup {
    html! {
        dl.facts data-key=(key) aria-label=(label) {
            @for row in rows { div { dt { (row.label) } dd { (row.value) } } }
        }
    }
}

fn checks(key: &str, label: &str, rows: &[Check]) -> Markup {
    html! {
        section.card.checks data-key=(key) aria-label=(label) {
            h2 { (label) }
            ul {
                @for row in rows {
                    li.(tone_class(row.tone)) {
                        (icon(check_icon(row.tone)))
                        span { (row.label) @if !row.text.is_empty() { small { (row.text) } } }
                    }
                }
            }
        }
    }
}

/// Dark modules as one path, on white with a quiet zone of four, by day and by night.
fn qr((key, label): (&str, &str), text: &str, size: u32, modules: &[u8]) -> Markup {
    let side = usize::try_from(size).unwrap_or(0).max(1);
    let dark = modules.iter().enumerate().filter(|(_, dark)| **dark == 1);
    let path: String =
        dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % side + 4, at / side + 4)).collect();
    let all = size + 8;
    let drawing = format!(
        "<svg viewBox=\"0 0 {all} {all}\" shape-rendering=\"crispEdges\" aria-hidden=\"true\">\
         <path fill=\"#fff\" d=\"M0 0h{all}v{all}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    );
    html! { figure.qr data-key=(key) data-text=(text) role="img" aria-label=(label) { (PreEscaped(drawing)) } }
}

/// How far a bar is filled: a drawing, because inline styles are refused.
fn bar(percent: u32) -> Markup {
    let width = percent.min(100);
    PreEscaped(format!(
        "<svg viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect width=\"{width}\" height=\"1\"/></svg>"
    ))
}

fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Info => "info",
        Tone::Warn => "warn",
        Tone::Danger => "bad",
        Tone::Ok => "ok",
    }
}

fn check_icon(tone: Tone) -> Icon {
    match tone {
        Tone::Ok => Icon::Check,
        Tone::Warn => Icon::Warn,
        Tone::Danger => Icon::Danger,
        Tone::Plain | Tone::Info => Icon::Info,
    }
}

fn progress_class(progress: Progress) -> &'static str {
    match progress {
        Progress::Done => "done",
        Progress::Now => "now",
        Progress::Later => "later",
        Progress::Stuck => "stuck",
    }
}

/// What the script names a way.
fn way_name(way: Way) -> &'static str {
    match way {
        Way::Photo => "photo",
        Way::Video => "video",
        Way::Voice => "voice",
        Way::File => "file",
    }
}
