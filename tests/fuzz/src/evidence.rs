// SPDX-License-Identifier: MPL-2.0
//! Live recordings and media: what is believed of foreign content.

use std::sync::OnceLock;

use amate_app::evidence::{
    LiveRecorder, LiveState, MadeItem, Segments, check_live, make_opening, media_type, strip,
};
use amate_wire::{
    facts::Fact,
    live::{LiveOpening, Segment, segment_len},
    manifest::Manifest,
};

use crate::world::{CLOCK, Seeded};

/// One segment.
pub fn live_segment(bytes: &[u8]) -> bool {
    if let Some(head) = bytes.first_chunk() {
        let len = segment_len(head);
        assert!(Segment::parse(bytes).is_err() || len == Ok(bytes.len()));
    }
    Segment::parse(bytes).is_ok_and(|segment| {
        assert_eq!(segment.encode(), bytes);
        true
    })
}

/// Segments one after another: none holds that the recorder did not sign, in its place.
pub fn live_stream(bytes: &[u8]) -> bool {
    let (sample, stream, closing) = recording();
    let mut joined = Vec::new();
    let mut cut = false;
    for segment in Segments::new(bytes) {
        match segment {
            Ok(segment) => joined.extend(segment),
            Err(_) => cut = true,
        }
    }
    assert!(bytes.starts_with(&joined));
    assert!(cut || joined == bytes);
    let opening: LiveOpening = sample.document.read().expect("made");
    let closing: Manifest = closing.clone();
    let open = check_live(sample.id, &opening, Segments::new(bytes), None, |_| {});
    let closed = check_live(sample.id, &opening, Segments::new(bytes), Some(&closing), |_| {});
    if let Ok(LiveState::Interrupted { segments, .. }) = open {
        assert!(stream.starts_with(bytes), "L-1");
        assert_eq!(segments as usize, Segments::new(bytes).count());
    }
    if closed.is_ok() {
        assert_eq!(bytes, stream, "L-2");
    }
    open.is_ok()
}

/// A recording, its segments, and its closing.
pub(crate) fn recording() -> &'static (MadeItem, Vec<u8>, Manifest) {
    static SAMPLE: OnceLock<(MadeItem, Vec<u8>, Manifest)> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let facts = [(Fact::Place, "Cerca de la cancha".to_owned())];
        let made = make_opening("audio/ogg".into(), None, &facts, CLOCK, &mut Seeded::new("live"));
        let opening: LiveOpening = made.document.read().expect("made");
        let key = made.kept.capture_key().expect("made");
        let mut recorder = LiveRecorder::new(opening, made.id, key);
        let parts: [&[u8]; 3] = [b"primera parte", b"segunda", b"tercera parte"];
        let stream = parts.iter().flat_map(|data| recorder.segment(data)).collect();
        let closing = recorder.close().read().expect("made");
        (made, stream, closing)
    })
}

/// What a photograph keeps: nothing of what was taken off, and every pixel.
pub fn media(bytes: &[u8]) -> bool {
    let kind = media_type(bytes);
    let stripped = strip(bytes.to_vec());
    if !stripped.understood {
        assert_eq!(stripped.content, bytes);
        assert!(stripped.metadata.is_empty());
        return false;
    }
    // Segments that are cut to what the picture needs stand in both; fill bytes in neither.
    assert!(stripped.content.len() <= bytes.len() && stripped.metadata.len() <= bytes.len());
    assert_eq!(is_photo(media_type(&stripped.content)), is_photo(kind));
    let again = strip(stripped.content.clone());
    assert!(again.understood && again.metadata.is_empty());
    assert_eq!(again.content, stripped.content);
    true
}

/// A JPEG of nothing but its first two bytes has no type; all that is kept has one.
fn is_photo(kind: &str) -> bool {
    matches!(kind, "image/jpeg" | "image/png")
}

/// The first metadata that an independent walk finds in what [`media`] understood and kept.
#[must_use]
pub fn metadata_left(bytes: &[u8]) -> Option<&'static str> {
    let stripped = strip(bytes.to_vec());
    if !stripped.understood {
        return None;
    }
    if stripped.content.starts_with(&[0xff, 0xd8]) {
        jpeg_metadata_left(&stripped.content)
    } else {
        None
    }
}

/// Walks all markers as ITU T.81 B.1 has them: fill bytes, markers without length, several scans.
fn jpeg_metadata_left(bytes: &[u8]) -> Option<&'static str> {
    let mut at = 2;
    loop {
        // To the next marker: entropy-coded data has ff 00 and restart markers only.
        while *bytes.get(at)? != 0xff {
            at += 1;
        }
        while *bytes.get(at)? == 0xff {
            at += 1;
        }
        let marker = bytes[at];
        at += 1;
        if matches!(marker, 0x00 | 0x01 | 0xd0..=0xd8) {
            continue;
        }
        if marker == 0xd9 {
            return None;
        }
        let len = usize::from(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?));
        let body = bytes.get(at + 2..at + len)?;
        match marker {
            0xe1 if body.starts_with(b"Exif\0") => return Some("EXIF"),
            0xe1 => return Some("APP1"),
            0xfe => return Some("a comment"),
            0xe0 if body.starts_with(b"JFIF\0") && body.len() > 14 => {
                return Some("a thumbnail in JFIF");
            }
            _ => {}
        }
        at += len;
    }
}
