// SPDX-License-Identifier: MPL-2.0
//! Media types by their first bytes; names are not believed.

/// The media type of content that begins with these bytes.
#[must_use]
pub fn media_type(head: &[u8]) -> &'static str {
    let at = |offset: usize, magic: &[u8]| {
        head.get(offset..).is_some_and(|rest| rest.starts_with(magic))
    };
    let riff = |kind: &[u8]| at(0, b"RIFF") && at(8, kind);
    let brand = |kinds: &[&[u8]]| at(4, b"ftyp") && kinds.iter().any(|kind| at(8, kind));
    match () {
        () if at(0, &[0xff, 0xd8, 0xff]) => "image/jpeg",
        () if at(0, b"\x89PNG\r\n\x1a\n") => "image/png",
        () if at(0, b"GIF87a") || at(0, b"GIF89a") => "image/gif",
        () if riff(b"WEBP") => "image/webp",
        () if riff(b"WAVE") => "audio/wav",
        () if riff(b"AVI ") => "video/x-msvideo",
        () if brand(&[b"heic", b"heix", b"mif1"]) => "image/heic",
        () if brand(&[b"M4A "]) => "audio/mp4",
        () if brand(&[b"qt  "]) => "video/quicktime",
        () if at(4, b"ftyp") => "video/mp4",
        () if at(0, &[0x1a, 0x45, 0xdf, 0xa3]) => "video/webm",
        () if at(0, b"OggS") => "audio/ogg",
        () if at(0, b"ID3") || at(0, &[0xff, 0xfb]) => "audio/mpeg",
        () if at(0, b"fLaC") => "audio/flac",
        () if at(0, b"%PDF-") => "application/pdf",
        () if at(0, b"PK\x03\x04") => "application/zip",
        () if is_text(head) => "text/plain",
        () => "application/octet-stream",
    }
}

/// UTF-8 without control characters; a character cut at the end is no matter.
fn is_text(head: &[u8]) -> bool {
    let valid = match std::str::from_utf8(head) {
        Ok(_) => head,
        Err(error) if error.error_len().is_none() => {
            head.get(..error.valid_up_to()).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !valid.is_empty()
        && valid.iter().all(|byte| *byte >= 0x20 || matches!(byte, b'\n' | b'\r' | b'\t'))
}

/// What people call a media type: `record`, `image`, `audio`, `video`, `document` or `file`.
#[must_use]
pub fn kind(media_type: &str) -> &'static str {
    match media_type.split_once('/') {
        _ if media_type == crate::records::MEDIA_TYPE => "record",
        Some(("image", _)) => "image",
        Some(("audio", _)) => "audio",
        Some(("video", _)) => "video",
        Some(("text", _)) => "document",
        Some(("application", "pdf")) => "document",
        _ => "file",
    }
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn types_come_from_bytes() {
        for (head, expected) in [
            (b"\xff\xd8\xff\xe0".as_slice(), "image/jpeg"),
            (b"\0\0\0\x18ftypisom", "video/mp4"),
            (b"\0\0\0\x18ftypheic", "image/heic"),
            (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
            (b"%PDF-1.4", "application/pdf"),
            ("¿Qué pasó?".as_bytes(), "text/plain"),
            (b"", "application/octet-stream"),
            (b"\0\x01\x02", "application/octet-stream"),
        ] {
            assert_eq!(media_type(head), expected);
        }
    }
}
