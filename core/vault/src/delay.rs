// SPDX-License-Identifier: MPL-2.0
//! Growing delays after wrong codes: against somebody at the screen. Counted in running time, so
//! that no clock that is set forward shortens them; a process that starts again begins anew.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

/// Codes that are tried without waiting.
const FREE: u32 = 5;
/// After the first that is not; doubled by each further one.
const FIRST: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_secs(600);

/// A clock that only runs forward.
#[derive(Clone)]
pub struct Uptime(Arc<dyn Fn() -> Duration + Send + Sync>);

impl Uptime {
    /// Of this process.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the default of an argument")]
    pub fn system() -> Self {
        static START: OnceLock<Instant> = OnceLock::new();
        // From here on, not from the first code: who waits before a code is asked waits.
        let start = *START.get_or_init(Instant::now);
        Self::from(move || start.elapsed())
    }

    /// Another, as tests need.
    pub fn from(now: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub(crate) fn now(&self) -> Duration {
        (self.0)()
    }
}

/// When the last code of a container was tried in this process.
static TRIED: Mutex<BTreeMap<[u8; 32], Duration>> = Mutex::new(BTreeMap::new());

/// A code is about to be tried in the container of this salt.
pub(crate) fn tried(salt: &[u8; 32], clock: &Uptime) {
    let mut all = TRIED.lock().unwrap_or_else(PoisonError::into_inner);
    all.insert(*salt, clock.now());
}

/// What is left to wait for, when `wrong` codes were tried since one that opened; `None`: a code may
/// be tried. It runs from the last one, or from when this began to run.
pub(crate) fn left(salt: &[u8; 32], wrong: u32, clock: &Uptime) -> Option<Duration> {
    let all = TRIED.lock().unwrap_or_else(PoisonError::into_inner);
    let since = all.get(salt).copied().unwrap_or_default();
    let left = after(wrong).saturating_sub(clock.now().saturating_sub(since));
    (!left.is_zero()).then_some(left)
}

fn after(wrong: u32) -> Duration {
    let Some(doublings) = wrong.checked_sub(FREE) else { return Duration::ZERO };
    FIRST.saturating_mul(1 << doublings.min(10)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SALT: [u8; 32] = [7; 32];

    fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    fn at(n: u64) -> Uptime {
        Uptime::from(move || seconds(n))
    }

    #[test]
    fn each_wrong_code_costs_more_up_to_ten_minutes() {
        let all: Vec<u64> = (0..14).map(|wrong| after(wrong).as_secs()).collect();
        assert_eq!(all, [0, 0, 0, 0, 0, 10, 20, 40, 80, 160, 320, 600, 600, 600]);
        assert_eq!(after(u32::MAX), LONGEST);
    }

    #[test]
    fn a_wait_runs_from_the_last_code_or_from_the_start() {
        assert_eq!(left(&SALT, 4, &at(0)), None);
        assert_eq!(left(&SALT, 5, &at(3)), Some(seconds(7)), "since this began to run");
        assert_eq!(left(&SALT, 5, &at(10)), None);
        tried(&SALT, &at(100));
        assert_eq!(left(&SALT, 6, &at(105)), Some(seconds(15)));
        assert_eq!(left(&SALT, 6, &at(120)), None);
        assert_eq!(left(&[8; 32], 6, &at(105)), None, "each container has its own");
    }
}
