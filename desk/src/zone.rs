// SPDX-License-Identifier: MPL-2.0
//! How far this computer's clock is from UTC: as `TZ` says, else as the system is set.

use amate_app::clock::Moment;
use tz::TimeZone;

/// That time with the offset that holds here then.
pub(crate) fn here(unix: u64) -> Moment {
    let offset = local_zone().and_then(|zone| offset(&zone, unix));
    Moment { unix, offset }
}

fn local_zone() -> Option<TimeZone> {
    let set = std::env::var_os("TZ").filter(|zone| !zone.is_empty());
    match set {
        Some(zone) => TimeZone::from_posix_tz(zone.to_str()?).ok(),
        // Elsewhere the crate would answer UTC without knowing.
        None if cfg!(unix) => TimeZone::local().ok(),
        None => None,
    }
}

fn offset(zone: &TimeZone, unix: u64) -> Option<i16> {
    let kind = zone.find_local_time_type(i64::try_from(unix).ok()?).ok()?;
    i16::try_from(kind.ut_offset() / 60).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_has_the_offset_of_that_time_of_the_year() {
        let zone = TimeZone::from_posix_tz("MST7MDT,M4.1.0,M10.5.0").unwrap();
        assert_eq!(offset(&zone, 1_795_516_963), Some(-420), "in November");
        assert_eq!(offset(&zone, 1_782_000_000), Some(-360), "in June");
        assert_eq!(offset(&TimeZone::fixed(20_700).unwrap(), 0), Some(345));
    }
}
