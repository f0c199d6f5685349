// SPDX-License-Identifier: MPL-2.0
//! QR codes: drawn from a text, read from a picture. No picture is kept.

use qrcodegen::{QrCode, QrCodeEcc};

/// A QR code without its quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// Modules on a side.
    pub size: u32,
    /// Row by row.
    pub dark: Vec<bool>,
}

/// Largest picture that is looked at, in pixels: a code that fills a quarter of it is read.
const MOST_PIXELS: usize = 2_000_000;

/// The code of a text; `None` when it is too long for any.
#[must_use]
pub fn modules(text: &str) -> Option<Matrix> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let side = code.size();
    let dark = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
    let dark = dark.map(|(x, y)| code.get_module(x, y)).collect();
    Some(Matrix { size: u32::try_from(side).ok()?, dark })
}

/// The text of the first code in a picture of brightnesses, row by row; `None` when there is none.
#[must_use]
pub fn read(width: u32, height: u32, luma: &[u8]) -> Option<String> {
    let (width, height) = (usize::try_from(width).ok()?, usize::try_from(height).ok()?);
    let pixels = width.checked_mul(height).filter(|pixels| *pixels <= MOST_PIXELS)?;
    if width < 21 || height < 21 || luma.len() != pixels {
        return None;
    }
    let sharp = |x: usize, y: usize| luma.get(y * width + x).copied().unwrap_or(u8::MAX);
    // A second look through a soft lens: cameras of old phones are grainy.
    let soft = |x: usize, y: usize| {
        let near = |at: usize, most: usize| at.saturating_sub(1)..=(at + 1).min(most - 1);
        let (mut sum, mut count) = (0_u32, 0_u32);
        for y in near(y, height) {
            for x in near(x, width) {
                sum += u32::from(sharp(x, y));
                count += 1;
            }
        }
        u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX)
    };
    // A third in plain black and white: the reader takes grain on a bright screen for dark.
    let middle = u8::midpoint(*luma.iter().min()?, *luma.iter().max()?);
    let hard = |x: usize, y: usize| if sharp(x, y) < middle { 0 } else { u8::MAX };
    decode(width, height, sharp)
        .or_else(|| decode(width, height, hard))
        .or_else(|| decode(width, height, soft))
}

fn decode(width: usize, height: usize, at: impl FnMut(usize, usize) -> u8) -> Option<String> {
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, at);
    picture.detect_grids().into_iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture of a code: so many pixels a module, turned by quarters, with noise.
    fn picture(matrix: &Matrix, scale: usize, quarters: usize, noise: u8) -> (u32, u32, Vec<u8>) {
        let side = usize::try_from(matrix.size).unwrap();
        let all = (side + 8) * scale;
        let mut seed = 7_u32;
        let mut luma = Vec::with_capacity(all * all);
        for y in 0..all {
            for x in 0..all {
                let (mut x, mut y) = (x, y);
                for _ in 0..quarters {
                    (x, y) = (y, all - 1 - x);
                }
                let module = (x / scale).checked_sub(4).zip((y / scale).checked_sub(4));
                let dark = module
                    .filter(|(x, y)| *x < side && *y < side)
                    .is_some_and(|(x, y)| matrix.dark[y * side + x]);
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let random = u8::try_from(seed >> 24).unwrap() % noise.max(1);
                luma.push(if dark { 30 + random } else { 220 - random });
            }
        }
        let all = u32::try_from(all).unwrap();
        (all, all, luma)
    }

    #[test]
    fn what_is_drawn_is_read_however_the_phone_is_held() {
        let text = "AMATE1:IFGXNQ2JNXG6ZDBONUXIYLSMFTGC3TUMFZXI2LDMFWGS3LTMVXGIZLOMRUW4ZY";
        let matrix = modules(text).unwrap();
        for scale in [3, 4, 6] {
            for quarters in 0..4 {
                let (width, height, luma) = picture(&matrix, scale, quarters, 40);
                assert_eq!(read(width, height, &luma).as_deref(), Some(text), "{scale} {quarters}");
            }
        }
    }

    #[test]
    fn what_is_no_picture_of_a_code_is_none() {
        assert_eq!(read(0, 0, &[]), None);
        assert_eq!(read(100, 100, &[0; 99]), None);
        assert_eq!(read(u32::MAX, u32::MAX, &[0; 4]), None);
        assert_eq!(read(100, 100, &[128; 10_000]), None);
        let noise: Vec<u8> =
            (0..90_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        assert_eq!(read(300, 300, &noise), None);
        assert_eq!(modules(&"x".repeat(5_000)), None);
    }
}
