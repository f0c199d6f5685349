// SPDX-License-Identifier: MPL-2.0
//! Takes metadata off in-app captures before they are hashed: EXIF, GPS, XMP, IPTC, comments,
//! thumbnails. Pixels stay byte for byte. What cannot be parsed is left as it is, and said.

/// A capture without its metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stripped {
    /// The content to hash and keep.
    pub content: Vec<u8>,
    /// What was taken off, in its order; empty when there was none.
    pub metadata: Vec<u8>,
    /// `false` when this kind cannot be parsed: then the content is unchanged.
    pub understood: bool,
}

/// Takes the metadata off a JPEG or PNG; anything else is left unchanged.
#[must_use]
pub fn strip(content: Vec<u8>) -> Stripped {
    let parts = if content.starts_with(&[0xff, 0xd8]) {
        jpeg(&content)
    } else if content.starts_with(PNG) {
        png(&content)
    } else {
        None
    };
    match parts {
        Some((content, metadata)) => Stripped { content, metadata, understood: true },
        None => Stripped { content, metadata: Vec::new(), understood: false },
    }
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Chunks that carry words, times or EXIF; those that colour and pixels need stay.
const PNG_METADATA: [&[u8]; 5] = [b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"];
const START_OF_SCAN: u8 = 0xda;
const END: u8 = 0xd9;

/// Kept and taken-off bytes of a JPEG.
fn jpeg(bytes: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (mut kept, mut taken) = (bytes.get(..2)?.to_vec(), Vec::new());
    let mut at = 2;
    loop {
        let [0xff, marker] = *bytes.get(at..at + 2)? else { return None };
        let length = usize::from(u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?));
        let end = at + 2 + length;
        let segment = bytes.get(at..end)?;
        if length < 2 || marker == END {
            return None;
        }
        if marker == START_OF_SCAN {
            kept.extend_from_slice(&bytes[at..scan_end(bytes, end)?]);
            taken.extend_from_slice(bytes.get(scan_end(bytes, end)?..)?);
            return Some((kept, taken));
        }
        if jpeg_metadata(marker, segment.get(4..)?) {
            taken.extend_from_slice(segment);
        } else {
            kept.extend_from_slice(segment);
        }
        at = end;
    }
}

/// APP segments but JFIF, ICC colour and Adobe's, and comments.
fn jpeg_metadata(marker: u8, body: &[u8]) -> bool {
    match marker {
        0xe0 => !body.starts_with(b"JFIF\0"),
        0xe2 => !body.starts_with(b"ICC_PROFILE\0"),
        0xee => !body.starts_with(b"Adobe"),
        0xe1..=0xef | 0xfe => true,
        _ => false,
    }
}

/// Where the picture ends: after the first end marker outside escaped data. What follows it (a
/// second picture, a trailer of the maker's) is metadata too.
fn scan_end(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let end = rest.windows(2).position(|pair| pair == [0xff, END])?;
    Some(from + end + 2)
}

/// Kept and taken-off bytes of a PNG.
fn png(bytes: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (mut kept, mut taken) = (PNG.to_vec(), Vec::new());
    let mut at = PNG.len();
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?);
        let kind = bytes.get(at + 4..at + 8)?;
        let end = at.checked_add(12)?.checked_add(usize::try_from(length).ok()?)?;
        let chunk = bytes.get(at..end)?;
        if PNG_METADATA.contains(&kind) {
            taken.extend_from_slice(chunk);
        } else {
            kept.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            taken.extend_from_slice(bytes.get(end..)?);
            return Some((kept, taken));
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
        let length = (body.len() as u16 + 2).to_be_bytes();
        [&[0xff, marker], length.as_slice(), body].concat()
    }

    #[test]
    fn exif_goes_and_the_picture_stays() {
        let picture =
            [segment(0xdb, &[1; 64]), segment(0xda, &[0; 6]), vec![1, 2, 0xff, 0, 3, 0xff, 0xd9]]
                .concat();
        let exif = segment(0xe1, b"Exif\0\0GPS aqui");
        let icc = segment(0xe2, b"ICC_PROFILE\0...");
        let comment = segment(0xfe, b"nombre");
        let file = [&[0xff, 0xd8], exif.as_slice(), &icc, &comment, &picture, b"trailer"].concat();
        let stripped = strip(file);
        assert!(stripped.understood);
        assert_eq!(stripped.content, [&[0xff, 0xd8], icc.as_slice(), &picture].concat());
        assert_eq!(stripped.metadata, [exif.as_slice(), &comment, b"trailer"].concat());
    }

    #[test]
    fn png_texts_go() {
        let chunk = |kind: &[u8], body: &[u8]| {
            [&(body.len() as u32).to_be_bytes(), kind, body, &[0; 4]].concat()
        };
        let (head, text, end) =
            (chunk(b"IHDR", &[0; 13]), chunk(b"tEXt", b"Author\0x"), chunk(b"IEND", &[]));
        let stripped = strip([PNG, &head, &text, &end].concat());
        assert_eq!(stripped.content, [PNG, &head, &end].concat());
        assert_eq!(stripped.metadata, text);
    }

    #[test]
    fn what_is_cut_or_mislabelled_is_left_as_it_is() {
        let file = [&[0xff, 0xd8], segment(0xe1, b"Exif").as_slice()].concat();
        for bytes in [file.clone(), file[..5].to_vec(), b"plain".to_vec(), Vec::new(), PNG.to_vec()]
        {
            let stripped = strip(bytes.clone());
            assert!(
                !stripped.understood && stripped.content == bytes && stripped.metadata.is_empty()
            );
        }
    }
}
