// SPDX-License-Identifier: MPL-2.0
//! How much room is left, and what is said before it is used up.

use crate::{
    problem::Problem,
    session::Session,
    text::{Message, size},
};

/// Room of one kind, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Taken.
    pub used: u64,
    /// In all; [`Room::OPEN`] where the disk alone is the limit.
    pub total: u64,
}

/// Room of a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// For signatures, keys, receipts, text that is searched, and content of up to 16 KiB: most
    /// accounts.
    pub records: Room,
    /// For larger content: photos, videos and files, and what is being received.
    pub media: Room,
    /// Whether the store waits for its places to be written anew.
    pub full_pass_due: bool,
    /// Whether it does because of what was saved since this vault was opened.
    pub shows_half: bool,
}

/// How full a room is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "each has its words")]
pub enum Fill {
    /// There is room.
    Roomy,
    /// Three quarters are used, or more.
    Nearly,
    /// Nothing much fits any more.
    Full,
}

/// Percent from which a room is nearly full.
const NEARLY: u64 = 75;
/// Percent from which it is full: one more photo or parcel may not fit.
const FULL: u64 = 98;
/// Bytes of a second of video, as phones make it: 8 Mbit.
const VIDEO_SECOND: u64 = 1_000_000;

impl Room {
    /// Room that grows as it is needed.
    pub const OPEN: u64 = u64::MAX;

    /// How full it is. A room that was made smaller than what is in it is full.
    #[must_use]
    pub fn fill(&self) -> Fill {
        match self.percent() {
            FULL.. => Fill::Full,
            NEARLY.. => Fill::Nearly,
            _ => Fill::Roomy,
        }
    }

    /// Percent used, rounded down, 100 at most.
    #[must_use]
    pub fn percent(&self) -> u64 {
        let used = u128::from(self.used) * 100;
        match used.checked_div(u128::from(self.total)) {
            Some(percent) => u64::try_from(percent).unwrap_or(100).min(100),
            None => 100,
        }
    }

    /// Minutes of video that all of it holds, rounded down: people know a size by that.
    #[must_use]
    pub fn video_minutes(&self) -> u64 {
        self.total / VIDEO_SECOND / 60
    }

    fn free(&self) -> u64 {
        self.total.saturating_sub(self.used)
    }
}

impl Space {
    /// What a person should know before something does not fit; nothing while there is room.
    #[must_use]
    pub fn warnings(&self) -> Vec<Message> {
        let words = [
            (self.records, "room-records-nearly", "room-records-full"),
            (self.media, "room-media-nearly", "room-media-full"),
        ];
        words
            .into_iter()
            .filter_map(|(room, nearly, full)| match room.fill() {
                Fill::Roomy => None,
                Fill::Nearly => Some(Message::new(nearly).with("percent", room.percent())),
                Fill::Full => Some(Message::new(full).with("free", size(room.free()))),
            })
            .collect()
    }

    /// The same for screens: no command to type.
    #[must_use]
    pub fn on_screen(&self) -> Vec<Message> {
        let words = [
            (self.records, "screen-records-nearly", "screen-records-full"),
            (self.media, "screen-media-nearly", "screen-media-full"),
        ];
        words
            .into_iter()
            .filter_map(|(room, nearly, full)| match room.fill() {
                Fill::Roomy => None,
                Fill::Nearly => Some(Message::new(nearly).with("percent", room.percent())),
                Fill::Full => Some(Message::new(full).with("free", size(room.free()))),
            })
            .collect()
    }

    /// What a person should do about places that were written openly; nothing when there are none.
    /// Of a phone's two vaults the one that caused it is told, while it is open.
    #[must_use]
    pub fn due(&self) -> Option<Message> {
        let due = if self.is_fixed() { self.shows_half } else { self.full_pass_due };
        due.then(|| Message::new("refresh-due"))
    }

    /// Whether its size is fixed, as a phone's is: more is added for good, and only when somebody
    /// says so.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        self.records.total != Room::OPEN
    }
}

impl Session {
    /// How much room is left.
    ///
    /// # Errors
    /// The vault's.
    pub fn storage(&self) -> Result<Space, Problem> {
        let space = self.vault.space()?;
        let room = |room: amate_vault::Room| Room { used: room.used, total: room.total };
        Ok(Space {
            records: room(space.records),
            media: room(space.media),
            full_pass_due: space.full_pass_due,
            shows_half: space.shows_half,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warned(records: u64, media: u64) -> Vec<&'static str> {
        let room = |used| Room { used, total: 1_000 };
        let space = Space {
            records: room(records),
            media: room(media),
            full_pass_due: false,
            shows_half: false,
        };
        space.warnings().iter().map(|message| message.id).collect()
    }

    #[test]
    fn a_warning_comes_at_three_quarters_and_another_at_the_end() {
        assert_eq!(warned(0, 749), Vec::<&str>::new());
        assert_eq!(warned(750, 0), ["room-records-nearly"]);
        assert_eq!(warned(979, 750), ["room-records-nearly", "room-media-nearly"]);
        assert_eq!(warned(0, 980), ["room-media-full"]);
        assert_eq!(warned(1_000, 5_000), ["room-records-full", "room-media-full"]);
    }

    #[test]
    fn no_room_at_all_is_full_and_large_ones_are_counted() {
        assert_eq!(Room { used: 0, total: 0 }.fill(), Fill::Full);
        assert_eq!(Room { used: u64::MAX / 2, total: u64::MAX }.percent(), 49);
        assert_eq!(Room { used: u64::MAX, total: 1 }.percent(), 100);
    }
}
