// SPDX-License-Identifier: MPL-2.0
//! Colours and measures, once for every shell. Contrast of each pair is measured by a test.

/// Everything a shell needs to look like the others.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Look {
    /// By day.
    pub light: Colours,
    /// By night.
    pub dark: Colours,
    /// The same in both.
    pub measures: Measures,
}

/// Colours as `0xRRGGBB`, by role. `…_soft` is the ground of the one before it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Colours {
    /// Background.
    pub paper: u32,
    /// Cards, fields.
    pub surface: u32,
    /// Side bar, empty part of a bar.
    pub sunken: u32,
    /// Text.
    pub ink: u32,
    /// Second line, help.
    pub ink_2: u32,
    /// Borders.
    pub line: u32,
    /// The one next step, focus, links.
    pub primary: u32,
    /// On it.
    pub on_primary: u32,
    /// Chosen chip, information.
    pub soft: u32,
    /// Destroy.
    pub danger: u32,
    /// On it.
    pub on_danger: u32,
    /// A danger at rest.
    pub danger_soft: u32,
    /// Think twice, time running.
    pub warn: u32,
    /// Under it.
    pub warn_soft: u32,
    /// Backed by a receipt.
    pub ok: u32,
    /// Under it.
    pub ok_soft: u32,
}

/// Lengths in units that follow the screen's density (dp, pt, CSS px); texts follow the person's
/// font size as well.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Measures {
    /// Everything is a multiple.
    pub grid: u32,
    /// At the sides.
    pub margin: u32,
    /// Between blocks.
    pub gap: u32,
    /// Corner of cards and buttons.
    pub corner: u32,
    /// Corner of fields and notices.
    pub corner_small: u32,
    /// Text.
    pub text: u32,
    /// Second line.
    pub second: u32,
    /// Small.
    pub small: u32,
    /// Title.
    pub title: u32,
    /// Question.
    pub question: u32,
    /// Main button's words.
    pub button_text: u32,
    /// Main button's height, at least.
    pub button: u32,
    /// Anything that is touched, at least.
    pub target: u32,
    /// Desk: side bar.
    pub side: u32,
    /// Desk: list.
    pub list: u32,
    /// Below this width a desk is one column.
    pub narrow: u32,
    /// How long a hold-button is held, in milliseconds.
    pub hold: u32,
}

/// The look.
#[uniffi::export]
#[must_use]
pub fn look() -> Look {
    Look { light: LIGHT, dark: DARK, measures: MEASURES }
}

const LIGHT: Colours = Colours {
    paper: 0xFA_F6_EE,
    surface: 0xFF_FF_FF,
    sunken: 0xF0_E9_DC,
    ink: 0x22_1E_1A,
    ink_2: 0x5C_54_4A,
    line: 0xD9_CF_BF,
    primary: 0x0B_5C_74,
    on_primary: 0xFF_FF_FF,
    soft: 0xDC_EB_F0,
    danger: 0xA3_16_2E,
    on_danger: 0xFF_FF_FF,
    danger_soft: 0xF9_E1_E3,
    warn: 0x6B_43_00,
    warn_soft: 0xFB_EB_CB,
    ok: 0x1E_6B_45,
    ok_soft: 0xDF_F1_E6,
};

const DARK: Colours = Colours {
    paper: 0x17_14_12,
    surface: 0x22_1E_1A,
    sunken: 0x0F_0D_0B,
    ink: 0xF3_EC_E0,
    ink_2: 0xBD_B2_A3,
    line: 0x40_38_2F,
    primary: 0x7C_C4_DB,
    on_primary: 0x05_26_2F,
    soft: 0x16_34_3E,
    danger: 0xFF_9A_A2,
    on_danger: 0x3A_00_08,
    danger_soft: 0x47_16_1C,
    warn: 0xF3_C7_7A,
    warn_soft: 0x3A_2A_0D,
    ok: 0x8B_D3_AC,
    ok_soft: 0x15_33_1F,
};

const MEASURES: Measures = Measures {
    grid: 4,
    margin: 16,
    gap: 14,
    corner: 14,
    corner_small: 12,
    text: 17,
    second: 15,
    small: 14,
    title: 22,
    question: 21,
    button_text: 18,
    button: 56,
    target: 48,
    side: 220,
    list: 360,
    narrow: 900,
    hold: 1_500,
};

#[cfg(test)]
mod tests {
    use super::{Colours, look};

    /// Contrast as WCAG 2.2 defines it.
    fn contrast(a: u32, b: u32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(colour: u32) -> f64 {
        let [_, red, green, blue] = colour.to_be_bytes().map(|byte| {
            let part = f64::from(byte) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    #[test]
    fn every_text_stands_out_from_its_ground() {
        let pairs = |c: &Colours| {
            let texts = [c.ink, c.ink_2, c.primary, c.danger].map(|one| (one, c.paper));
            let cards = [c.ink, c.ink_2, c.primary, c.danger].map(|one| (one, c.surface));
            let side = [c.ink, c.ink_2, c.primary].map(|one| (one, c.sunken));
            let more = [
                (c.on_primary, c.primary),
                (c.on_danger, c.danger),
                (c.ink, c.soft),
                (c.ink_2, c.soft),
                (c.primary, c.soft),
                (c.danger, c.danger_soft),
                (c.warn, c.warn_soft),
                (c.ok, c.ok_soft),
                (c.ok, c.surface),
            ];
            texts.into_iter().chain(cards).chain(side).chain(more).collect::<Vec<_>>()
        };
        for colours in [look().light, look().dark] {
            for (text, ground) in pairs(&colours) {
                let seen = contrast(text, ground);
                assert!(seen >= 5.5, "{text:06x} on {ground:06x}: {seen:.2}");
            }
        }
    }
}
