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
/// Chunks that pixels, colour and animation need. All others can carry anything.
const PNG_PICTURE: [&[u8]; 15] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT",
    b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];
const START_OF_SCAN: u8 = 0xda;
const END: u8 = 0xd9;
/// Bytes of a JFIF segment without a thumbnail, and of Adobe's.
const JFIF: usize = 14;
const ADOBE: usize = 12;

/// Kept and taken-off bytes of a JPEG. Segments stand before, between and after scans; what follows
/// the end (a second picture, a trailer of the maker's) is metadata too.
fn jpeg(bytes: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (mut kept, mut taken) = (bytes.get(..2)?.to_vec(), Vec::new());
    let (mut at, mut scans) = (2, 0);
    loop {
        // Any number of 0xff may stand before a marker.
        let fill = bytes.get(at..)?.iter().take_while(|byte| **byte == 0xff).count();
        at += fill.checked_sub(1)?;
        let marker = *bytes.get(at + 1)?;
        if marker == END && scans > 0 {
            kept.extend_from_slice(bytes.get(at..at + 2)?);
            taken.extend_from_slice(bytes.get(at + 2..)?);
            return Some((kept, taken));
        }
        if !(0xc0..=0xfe).contains(&marker) || (0xd0..=END).contains(&marker) {
            return None;
        }
        let length = usize::from(u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?));
        let segment = bytes.get(at..at + 2 + length)?;
        keep_segment(marker, segment, &mut kept, &mut taken)?;
        at += segment.len();
        if marker == START_OF_SCAN {
            let next = at + scan(bytes.get(at..)?)?;
            kept.extend_from_slice(bytes.get(at..next)?);
            (at, scans) = (next, scans + 1);
        }
    }
}

/// Bytes of compressed data before the next marker; restarts belong to the data.
fn scan(bytes: &[u8]) -> Option<usize> {
    bytes.windows(2).position(
        |pair| matches!(pair, [0xff, marker] if *marker != 0 && !(0xd0..=0xd7).contains(marker)),
    )
}

/// APP segments and comments go but JFIF's, ICC's and Adobe's, of which only what the picture needs
/// stays.
fn keep_segment(marker: u8, segment: &[u8], kept: &mut Vec<u8>, taken: &mut Vec<u8>) -> Option<()> {
    let body = segment.get(4..)?;
    let needed = match marker {
        0xe0 if body.starts_with(b"JFIF\0") && body.len() >= JFIF => {
            let mut plain = body.get(..JFIF)?.to_vec();
            plain.get_mut(12..)?.fill(0);
            Some(plain)
        }
        0xee if body.starts_with(b"Adobe") => body.get(..ADOBE).map(<[u8]>::to_vec),
        0xe2 if body.starts_with(b"ICC_PROFILE\0") => Some(body.to_vec()),
        0xe0..=0xef | 0xfe => None,
        _ => Some(body.to_vec()),
    };
    if needed.as_deref() != Some(body) {
        taken.extend_from_slice(segment);
    }
    if let Some(needed) = needed {
        let length = u16::try_from(needed.len() + 2).ok()?;
        kept.extend_from_slice(&[0xff, marker]);
        kept.extend_from_slice(&length.to_be_bytes());
        kept.extend_from_slice(&needed);
    }
    Some(())
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
        if PNG_PICTURE.contains(&kind) {
            kept.extend_from_slice(chunk);
        } else {
            taken.extend_from_slice(chunk);
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
    fn metadata_between_scans_after_fill_bytes_and_in_thumbnails_goes() {
        let scan = [segment(0xda, &[0; 6]), vec![1, 0xff, 0, 0xff, 0xd0, 2]].concat();
        let exif = segment(0xe1, b"Exif\0\0GPS aqui");
        let thumbnail = segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01rgb");
        let plain = segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
        let file = [&[0xff, 0xd8], thumbnail.as_slice(), &[0xff, 0xff], &exif, &scan, &exif, &scan]
            .concat();
        let stripped = strip([file.as_slice(), &[0xff, 0xd9]].concat());
        assert!(stripped.understood);
        let picture = [&[0xff, 0xd8], plain.as_slice(), &scan, &scan, &[0xff, 0xd9]].concat();
        assert_eq!(stripped.content, picture);
        assert_eq!(stripped.metadata, [thumbnail.as_slice(), &exif, &exif].concat());
    }

    #[test]
    fn png_texts_go() {
        let chunk = |kind: &[u8], body: &[u8]| {
            [&(body.len() as u32).to_be_bytes(), kind, body, &[0; 4]].concat()
        };
        let (head, text, end) =
            (chunk(b"IHDR", &[0; 13]), chunk(b"tEXt", b"Author\0x"), chunk(b"IEND", &[]));
        let private = chunk(b"maKe", b"serie 123");
        let stripped = strip([PNG, &head, &text, &private, &end].concat());
        assert_eq!(stripped.content, [PNG, &head, &end].concat());
        assert_eq!(stripped.metadata, [text, private].concat());
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
