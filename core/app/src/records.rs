// SPDX-License-Identifier: MPL-2.0
//! Written records: what a person says happened, as the content of an item of evidence.

use serde::{Deserialize, Serialize};

/// Media type of a record's bytes.
pub const MEDIA_TYPE: &str = "application/vnd.amate.record+json";

/// How exactly a date is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum DatePrecision {
    /// A day.
    Day,
    /// A month.
    Month,
    /// A year.
    Year,
    /// Words: *after the rains*.
    Words,
}

/// When something happened, as the person knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// `2026-11-20`, `2026-11`, `2026`, or words.
    pub value: String,
    /// Which of these.
    pub precision: DatePrecision,
}

/// An incident in the person's own words. Only the story is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// `amate-record/1`.
    pub format: String,
    /// `incident`.
    pub form: String,
    /// In the person's own words; never overwritten, only appended to by a new version.
    pub story: String,
    /// When, with its precision.
    pub when: Option<When>,
    /// Where, as coarse as the person wants.
    #[serde(rename = "where")]
    pub place: Option<String>,
}

/// What one writes to another about a report (spec/records.md §3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// `amate-record/1`.
    pub format: String,
    /// `message`.
    pub form: String,
    /// The words.
    pub text: String,
    /// Id of the parcel that it is about, in lower-case hexadecimal.
    pub about: String,
}

impl Note {
    /// Most characters of a message.
    pub const MOST: usize = 20_000;

    /// A message; `None` when it is empty or too long.
    #[must_use]
    pub fn new(text: &str, about: &[u8; 16]) -> Option<Self> {
        let text = text.trim();
        let fits = !text.is_empty() && text.chars().count() <= Self::MOST;
        fits.then(|| Self {
            format: "amate-record/1".into(),
            form: "message".into(),
            text: text.to_owned(),
            about: data_encoding::HEXLOWER.encode(about),
        })
    }

    /// The bytes that become the item's content.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// From an item's content; `None` when it is no message of this version.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let note: Self = serde_json::from_slice(bytes).ok()?;
        let known = note.format == "amate-record/1" && note.form == "message";
        (known && Self::new(&note.text, &note.parcel()?).is_some()).then_some(note)
    }

    /// The parcel that it is about.
    #[must_use]
    pub fn parcel(&self) -> Option<[u8; 16]> {
        let bytes = data_encoding::HEXLOWER.decode(self.about.as_bytes()).ok()?;
        bytes.try_into().ok()
    }
}

impl When {
    /// Understands dates; anything else is kept as words. `None` for nothing.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let value = text.trim();
        if value.is_empty() {
            return None;
        }
        let parts: Vec<Option<u32>> = value.split('-').map(|part| part.parse().ok()).collect();
        let lengths: Vec<usize> = value.split('-').map(str::len).collect();
        let precision = match (parts.as_slice(), lengths.as_slice()) {
            ([Some(_)], [4]) => DatePrecision::Year,
            ([Some(_), Some(month)], [4, 2]) if (1..=12).contains(month) => DatePrecision::Month,
            ([Some(year), Some(month), Some(day)], [4, 2, 2]) if is_day(*year, *month, *day) => {
                DatePrecision::Day
            }
            _ => DatePrecision::Words,
        };
        Some(Self { value: value.to_owned(), precision })
    }
}

impl Incident {
    /// A record of a story; `None` when the story is empty.
    #[must_use]
    pub fn new(story: &str, when: Option<&str>, place: Option<&str>) -> Option<Self> {
        let story = story.trim();
        (!story.is_empty()).then(|| Self {
            format: "amate-record/1".into(),
            form: "incident".into(),
            story: story.to_owned(),
            when: when.and_then(When::from_text),
            place: place.map(str::trim).filter(|place| !place.is_empty()).map(str::to_owned),
        })
    }

    /// The bytes that become the item's content.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// From an item's content; `None` when it is no incident of this version.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes)
            .ok()
            .filter(|one: &Self| one.format == "amate-record/1" && one.form == "incident")
    }
}

fn is_day(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_keep_the_precision_they_were_given_with() {
        for (text, precision) in [
            ("2026-11-20", DatePrecision::Day),
            ("2024-02-29", DatePrecision::Day),
            ("2026-02-29", DatePrecision::Words),
            ("2026-11", DatePrecision::Month),
            ("2026", DatePrecision::Year),
            ("después de la fiesta", DatePrecision::Words),
            ("20-11-2026", DatePrecision::Words),
        ] {
            assert_eq!(When::from_text(text).unwrap().precision, precision, "{text}");
        }
        assert_eq!(When::from_text("  "), None);
    }

    #[test]
    fn only_the_story_is_needed() {
        assert_eq!(Incident::new("  \n", Some("2026"), None), None);
        let incident = Incident::new("Pasó esto", None, Some(" ")).unwrap();
        assert_eq!(incident.place, None);
        assert_eq!(Incident::from_bytes(&incident.to_bytes()), Some(incident));
        assert_eq!(Incident::from_bytes(b"{}"), None);
    }
}
