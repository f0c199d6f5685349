// SPDX-License-Identifier: MPL-2.0
//! The one place where the product asks for the time. Everything else takes it as an argument.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The device's wall clock in unix seconds. It may be years off: it is shown and recorded as *what
/// this device said*, and never decides which key is used or whether something expired.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one source of wall time")]
pub fn wall() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs()
}

/// A time as this device said it. The offset is for people: it is kept beside the time, goes into
/// no signed document and never leaves the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Unix seconds, UTC.
    pub unix: u64,
    /// Minutes by which the device's clock was ahead of UTC then; `None` when nobody knows.
    pub offset: Option<i16>,
}

impl From<u64> for Moment {
    /// A time whose offset nobody knows.
    fn from(unix: u64) -> Self {
        Self { unix, offset: None }
    }
}

/// Most minutes that a zone has ever been away from UTC, and some more.
const FURTHEST: i16 = 18 * 60;

/// `2026-03-01 11:05 -06:00`, as the device's clock showed it; `2026-03-01 17:05 UTC` when the
/// offset is not known.
#[must_use]
pub fn local(moment: Moment) -> String {
    let offset = moment.offset.filter(|minutes| minutes.unsigned_abs() <= FURTHEST.unsigned_abs());
    let shown = moment.unix.checked_add_signed(i64::from(offset.unwrap_or(0)) * 60);
    let (shown, zone) = match (shown, offset) {
        (Some(shown), Some(minutes)) => {
            let sign = if minutes < 0 { '-' } else { '+' };
            let minutes = minutes.unsigned_abs();
            (shown, format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60))
        }
        _ => (moment.unix, "UTC".into()),
    };
    let (year, month, day) = civil(shown / 86_400);
    let (hour, minute) = (shown / 3600 % 24, shown / 60 % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02} {zone}")
}

/// `2026-03-01T17:05:09Z` for unix seconds (RFC 3339, UTC), for facts and for people.
#[must_use]
pub fn rfc3339(unix: u64) -> String {
    let (year, month, day) = civil(unix / 86_400);
    let second = unix % 86_400;
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

/// Days since 1970-01-01 as a Gregorian date (Howard Hinnant's `civil_from_days`, for days ≥ 0).
pub(crate) fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_the_calendar_s() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(rfc3339(1_795_516_963), "2026-11-24T10:42:43Z");
        assert_eq!(rfc3339(2_208_988_800), "2040-01-01T00:00:00Z");
    }

    #[test]
    fn people_read_the_time_that_their_clock_showed() {
        for (offset, shown) in [
            (Some(-360), "2026-11-24 04:42 -06:00"),
            (Some(345), "2026-11-24 16:27 +05:45"),
            (Some(-720), "2026-11-23 22:42 -12:00"),
            (Some(0), "2026-11-24 10:42 +00:00"),
            (None, "2026-11-24 10:42 UTC"),
            (Some(i16::MIN), "2026-11-24 10:42 UTC"),
        ] {
            assert_eq!(local(Moment { unix: 1_795_516_963, offset }), shown);
        }
        let before_all = Moment { unix: 60, offset: Some(-60) };
        assert_eq!(local(before_all), "1970-01-01 00:01 UTC");
    }
}
