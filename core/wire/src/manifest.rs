// SPDX-License-Identifier: MPL-2.0

use serde::{Deserialize, Serialize};

use crate::{
    cursor::Malformed,
    document::{Format, check_hex, check_int},
    facts::Commitments,
};

/// Where an item comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "a reader rejects other words")]
pub enum Origin {
    /// Made inside the app.
    Capture,
    /// Came from elsewhere.
    Import,
    /// Closing of a live recording.
    Live,
    /// Written in the app.
    Record,
    /// A copy with something taken away.
    Redaction,
}

impl Origin {
    /// Its word in the manifest.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Capture => "capture",
            Self::Import => "import",
            Self::Live => "live",
            Self::Record => "record",
            Self::Redaction => "redaction",
        }
    }
}

/// Hash and length of content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// Hex, 32 bytes.
    pub sha256: String,
    /// Bytes.
    pub length: u64,
}

/// A checkpoint that the signer had verified. Its note is named to the byte: a root can be foreseen
/// by whoever adds the next leaf, a relay's signature cannot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogRoot {
    /// Name of the log.
    pub origin: String,
    /// Leaves.
    pub size: u64,
    /// Hex, 32 bytes.
    pub root: String,
    /// SHA-256 of the text of the checkpoint with its signatures, hex.
    pub note: String,
}

impl LogRoot {
    pub(crate) fn check(&self) -> Result<(), Malformed> {
        check_int(self.size)?;
        check_hex(&self.root, 32)?;
        check_hex(&self.note, 32)
    }
}

/// What a closing says of its recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiveEnd {
    /// Item id, hex.
    pub opening: String,
    /// Number of segments.
    pub segments: u32,
    /// Last running hash, hex.
    pub running: String,
}

/// A manifest (spec/evidence.md §2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// `amate-manifest/1`.
    pub format: String,
    /// Where it comes from.
    pub origin: Origin,
    /// As recognised from the bytes.
    pub media_type: String,
    /// The bytes.
    pub content: Content,
    /// Hex, 32 bytes.
    pub capture_key: String,
    /// Signed after this root existed.
    pub not_before: Option<LogRoot>,
    /// Item id of the original, hex.
    pub derived_from: Option<String>,
    /// Item id of the version before, hex.
    pub previous: Option<String>,
    /// Of a live recording.
    pub live: Option<LiveEnd>,
    /// Commitments.
    pub facts: Commitments,
}

impl Format for Manifest {
    const NAME: &'static str = "amate-manifest/1";
    const LABEL: &'static str = "amate/v1/manifest";

    fn check(&self) -> Result<(), Malformed> {
        let of_its_origin = self.format == Self::NAME
            && self.live.is_some() == (self.origin == Origin::Live)
            && self.derived_from.is_some() == (self.origin == Origin::Redaction)
            && (self.previous.is_none() || self.origin == Origin::Record);
        if !of_its_origin {
            return Err(Malformed("manifest"));
        }
        check_media_type(&self.media_type)?;
        check_hex(&self.content.sha256, 32)?;
        check_int(self.content.length)?;
        check_hex(&self.capture_key, 32)?;
        self.not_before.iter().try_for_each(LogRoot::check)?;
        self.derived_from.iter().chain(&self.previous).try_for_each(|id| check_hex(id, 32))?;
        if let Some(live) = &self.live {
            check_hex(&live.opening, 32)?;
            check_hex(&live.running, 32)?;
        }
        self.facts.check()
    }
}

/// 1–100 characters of `a-z 0-9 . + - /`.
///
/// # Errors
/// [`Malformed`]: rule M-5.
pub fn check_media_type(text: &str) -> Result<(), Malformed> {
    let good = text
        .bytes()
        .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'+' | b'-' | b'/'));
    if good && (1..=100).contains(&text.len()) { Ok(()) } else { Err(Malformed("media type")) }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::document::{read, write};

    pub(crate) fn commitments() -> Commitments {
        Commitments::new(|_| "ab".repeat(32))
    }

    pub(crate) fn sample() -> Manifest {
        Manifest {
            format: Manifest::NAME.into(),
            origin: Origin::Import,
            media_type: "image/jpeg".into(),
            content: Content { sha256: "00".repeat(32), length: 5 },
            capture_key: "11".repeat(32),
            not_before: None,
            derived_from: None,
            previous: None,
            live: None,
            facts: commitments(),
        }
    }

    #[test]
    fn only_the_canonical_bytes_are_read() {
        let json = write(&sample());
        assert_eq!(read::<Manifest>(&json), Ok(sample()));
        let text = String::from_utf8(json).unwrap();
        for (from, to) in [
            (":5}", ":5.0}"),
            (":5}", ": 5}"),
            (":5}", ":05}"),
            (":5}", ":5,\"length\":6}"),
            ("\"format\"", "\"x\":1,\"format\""),
            ("image/jpeg", "image\\/jpeg"),
            ("image/jpeg", "Image/jpeg"),
            ("\"import\"", "\"\\u0069mport\""),
            ("\"import\"", "\"redaction\""),
            ("0000", "000"),
            ("abab", "ABAB"),
            (":5}", ":9007199254740993}"),
            ("\"live\":null,", ""),
        ] {
            assert!(text.contains(from), "{from}");
            assert!(read::<Manifest>(text.replacen(from, to, 1).as_bytes()).is_err(), "{to}");
        }
        assert!(read::<Manifest>(format!("{text}\n").as_bytes()).is_err());
    }
}
