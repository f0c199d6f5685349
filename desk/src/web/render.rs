// SPDX-License-Identifier: MPL-2.0
//! A screen as HTML: the same markup for phone and desk, whole without a script. Every text goes
//! through maud, which escapes it.

mod blocks;
#[cfg(test)]
mod tests;

use amate_screen::{Block, Button, ButtonStyle, Icon, Kind, Screen, icon_svg};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The whole page.
pub(crate) fn page(screen: &Screen, device: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(screen.language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (screen.words.app) }
                link rel="stylesheet" href="/assets/look.css";
                link rel="stylesheet" href="/assets/style.css";
                link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                @if screen.live {
                    noscript { meta http-equiv="refresh" content="3"; }
                }
                script src="/assets/app.js" defer {}
            }
            body.(device) data-lost=(screen.words.lost) data-working=(screen.words.working) {
                (content(screen))
                form #upload method="post" action="/upload" enctype="multipart/form-data" {}
                div #said role="status" aria-live="polite" {}
            }
        }
    }
}

/// What changes from screen to screen; the script puts it in place of the one before.
pub(crate) fn content(screen: &Screen) -> Markup {
    let wide = !screen.list.is_empty();
    html! {
        form #screen method="post" action="/act" autocomplete="off" novalidate
            data-name=(screen.name) data-live=(screen.live) data-lang=(screen.language)
            data-spoken=(screen.spoken) .wide[wide] .sided[!screen.side.is_empty()]
            .home[!screen.back] {
            // Enter in a field means the next step, never the first button of the page.
            @if let Some(main) = screen.actions.first() {
                button.first type="submit" name="tap" value=(main.key) tabindex="-1" aria-hidden="true" {}
            }
            (header(screen))
            @if !screen.side.is_empty() { (side(&screen.side)) }
            @if wide { (list(screen)) }
            main #main tabindex=[(!screen.side.is_empty()).then_some("0")] {
                @if !screen.subtitle.is_empty() { p.subtitle { (screen.subtitle) } }
                (blocks::all(screen))
            }
            @if !screen.actions.is_empty() {
                footer { @for button in &screen.actions { (action(button)) } }
            }
        }
    }
}

/// A picture beside words; screen readers pass over it.
pub(crate) fn icon(icon: Icon) -> Markup {
    let svg = icon_svg(icon).replacen("<svg ", "<svg class=\"icon\" aria-hidden=\"true\" ", 1);
    // Drawings are ours, from core/data/icons: a test there holds them to one path.
    PreEscaped(svg)
}

fn header(screen: &Screen) -> Markup {
    html! {
        header {
            @if screen.back {
                button.round type="submit" name="do" value="back" aria-label=(screen.words.back)
                    title=(screen.words.back) { (icon(Icon::Back)) }
            }
            h1 tabindex="-1" { (screen.title) }
            button.round.listen type="button" hidden data-quiet=(screen.words.quiet)
                aria-label=(screen.words.listen) title=(screen.words.listen) { (icon(Icon::Listen)) }
            @if screen.hide {
                button.round type="submit" name="do" value="hide" aria-label=(screen.words.hide)
                    title=(screen.words.hide) { (icon(Icon::Hide)) }
            }
        }
    }
}

fn side(rooms: &[Block]) -> Markup {
    html! {
        nav.side {
            @for room in rooms {
                @if let Kind::Row { icon: drawing, aside, selected, .. } = &room.kind {
                    button type="submit" name="tap" value=(room.key) data-key=(room.key)
                        aria-current=[selected.then_some("page")] {
                        (icon(*drawing)) span { (room.label) }
                        @if !aside.is_empty() { b { (aside) } }
                    }
                }
            }
        }
    }
}

fn list(screen: &Screen) -> Markup {
    html! {
        section.list aria-label=(screen.list_title) {
            h2 { (screen.list_title) }
            @for block in &screen.list { (blocks::block(block, screen)) }
        }
    }
}

fn action(button: &Button) -> Markup {
    html! {
        button.(style(button.style)) type="submit" name="tap" value=(button.key) data-key=(button.key) {
            @if let Some(drawing) = button.icon { (icon(drawing)) }
            span { (button.label) }
        }
    }
}

/// The class of a button.
fn style(style: ButtonStyle) -> &'static str {
    match style {
        ButtonStyle::Main => "main",
        ButtonStyle::Second => "second",
        ButtonStyle::Quiet => "quiet",
        ButtonStyle::Danger => "danger",
    }
}
