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
fn civil(days: u64) -> (u64, u64, u64) {
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
}
