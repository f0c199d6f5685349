// SPDX-License-Identifier: MPL-2.0
//! Colours and measures of the core as custom properties.

use std::fmt::Write;

use amate_screen::{Colours, look};

/// The style sheet that `style.css` builds on.
pub(crate) fn css() -> String {
    let look = look();
    let m = &look.measures;
    let lengths = [
        ("margin", m.margin),
        ("gap", m.gap),
        ("corner", m.corner),
        ("corner-small", m.corner_small),
        ("button", m.button),
        ("target", m.target),
        ("side", m.side),
        ("list", m.list),
    ];
    let texts = [
        ("text", m.text),
        ("second", m.second),
        ("small", m.small),
        ("title", m.title),
        ("question", m.question),
        ("button-text", m.button_text),
    ];
    let mut css = format!(":root{{{}", colours(&look.light));
    for (name, value) in lengths {
        let _ = write!(css, "--{name}:{value}px;");
    }
    // Texts follow the person's font size: the root's is 16 px unless they chose another.
    for (name, value) in texts {
        let _ = write!(css, "--{name}:{}rem;", f64::from(value) / 16.0);
    }
    let _ = write!(css, "--hold:{}ms}}", m.hold);
    let _ = write!(css, "@media(prefers-color-scheme:dark){{:root{{{}}}}}", colours(&look.dark));
    css
}

fn colours(c: &Colours) -> String {
    let all = [
        ("paper", c.paper),
        ("surface", c.surface),
        ("sunken", c.sunken),
        ("ink", c.ink),
        ("ink-2", c.ink_2),
        ("line", c.line),
        ("primary", c.primary),
        ("on-primary", c.on_primary),
        ("soft", c.soft),
        ("danger", c.danger),
        ("on-danger", c.on_danger),
        ("danger-soft", c.danger_soft),
        ("warn", c.warn),
        ("warn-soft", c.warn_soft),
        ("ok", c.ok),
        ("ok-soft", c.ok_soft),
    ];
    all.iter().map(|(name, value)| format!("--{name}:#{value:06x};")).collect()
}
