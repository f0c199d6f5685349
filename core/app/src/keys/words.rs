// SPDX-License-Identifier: MPL-2.0
//! Pairing by spoken words: commit, then reveal, then compare (spec/keys.md §5).

use amate_seal::{CannotOpen, hash, random, random::CryptoRng};
use amate_wire::{
    id::{IdentityId, KeySetId},
    pairing::Slot,
};

use super::WordList;

/// Five words, 55 bits, the same on both sides when nobody is in the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpokenWords([u16; 5]);

impl SpokenWords {
    /// The words in a language. Both sides need the same list.
    #[must_use]
    pub fn in_list(&self, list: WordList) -> String {
        self.0.map(|number| list.word(number)).join(" ")
    }
}

/// Whom a side speaks for.
type Side = (IdentityId, KeySetId);

/// The side that begins and reads out the number.
#[derive(Clone)]
pub struct MeetingA {
    own: Side,
    nonce: [u8; 32],
    answered: Option<Vec<u8>>,
}

/// The side that was given the number.
#[derive(Clone)]
pub struct MeetingB {
    own: Side,
    nonce: [u8; 32],
    commitment: [u8; 32],
}

/// Where both meet.
#[must_use]
pub fn meeting_id(number: &str) -> [u8; 32] {
    hash::labelled("amate/v1/meeting", &[number.as_bytes()])
}

impl MeetingA {
    /// Begins; gives the bytes of slot 0.
    pub fn begin(own: Side, rng: &mut impl CryptoRng) -> (Self, Vec<u8>) {
        let meeting = Self { own, nonce: random::bytes(rng), answered: None };
        let commitment = commit(own, &meeting.nonce);
        (meeting, Slot::Commitment(commitment).encode())
    }

    /// Takes slot 1; gives the bytes of slot 2, the other side and the words. Only the first
    /// answer counts: once slot 2 is out, whoever sees it could search for another.
    ///
    /// # Errors
    /// [`CannotOpen`]: rule W-1.
    pub fn answer(&mut self, slot_1: &[u8]) -> Result<(Vec<u8>, Side, SpokenWords), CannotOpen> {
        let (other, nonce) = side(slot_1, 1)?;
        if self.answered.get_or_insert_with(|| slot_1.to_vec()) != slot_1 {
            return Err(CannotOpen);
        }
        let (identity, key_set) = self.own;
        let slot = Slot::Side { number: 2, identity, key_set, nonce: self.nonce };
        Ok((slot.encode(), other, words(self.own, other, &self.nonce, &nonce)))
    }
}

impl MeetingB {
    /// Takes slot 0; gives the bytes of slot 1.
    ///
    /// # Errors
    /// [`CannotOpen`]: rule W-1.
    pub fn join(
        own: Side,
        slot_0: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Result<(Self, Vec<u8>), CannotOpen> {
        let Ok(Slot::Commitment(commitment)) = Slot::parse(slot_0, 0) else {
            return Err(CannotOpen);
        };
        let meeting = Self { own, nonce: random::bytes(rng), commitment };
        let (identity, key_set) = own;
        let slot = Slot::Side { number: 1, identity, key_set, nonce: meeting.nonce };
        Ok((meeting, slot.encode()))
    }

    /// Takes slot 2; gives the other side and the words.
    ///
    /// # Errors
    /// [`CannotOpen`]: rule W-1, also when slot 2 does not open the commitment.
    pub fn finish(&self, slot_2: &[u8]) -> Result<(Side, SpokenWords), CannotOpen> {
        let (other, nonce) = side(slot_2, 2)?;
        if commit(other, &nonce) != self.commitment {
            return Err(CannotOpen);
        }
        Ok((other, words(other, self.own, &nonce, &self.nonce)))
    }
}

fn commit((identity, key_set): Side, nonce: &[u8; 32]) -> [u8; 32] {
    hash::labelled("amate/v1/words/commit", &[&identity.0, &key_set.0, nonce])
}

fn words(a: Side, b: Side, nonce_a: &[u8; 32], nonce_b: &[u8; 32]) -> SpokenWords {
    let parts: [&[u8]; 6] = [&a.0.0, &a.1.0, &b.0.0, &b.1.0, nonce_a, nonce_b];
    let [b0, b1, b2, b3, b4, b5, b6, b7, ..] = hash::labelled("amate/v1/words", &parts);
    let bits = u64::from_be_bytes([b0, b1, b2, b3, b4, b5, b6, b7]);
    // 11 bits fit u16; the first word takes the highest.
    let word = |at: u32| ((bits >> (64 - 11 * (at + 1))) & 0x7ff) as u16;
    SpokenWords([word(0), word(1), word(2), word(3), word(4)])
}

fn side(bytes: &[u8], number: u8) -> Result<(Side, [u8; 32]), CannotOpen> {
    match Slot::parse(bytes, number) {
        Ok(Slot::Side { identity, key_set, nonce, .. }) => Ok(((identity, key_set), nonce)),
        _ => Err(CannotOpen),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(n: u8) -> Side {
        (IdentityId([n; 32]), KeySetId([n + 100; 32]))
    }

    #[test]
    fn both_sides_hear_the_same_words() {
        let mut rng = random::system();
        let (mut a, slot_0) = MeetingA::begin(own(1), &mut rng);
        let (b, slot_1) = MeetingB::join(own(2), &slot_0, &mut rng).unwrap();
        let (slot_2, seen_by_a, words_a) = a.answer(&slot_1).unwrap();
        let (seen_by_b, words_b) = b.finish(&slot_2).unwrap();
        assert_eq!((seen_by_a, seen_by_b, words_a), (own(2), own(1), words_b));
        assert_eq!(words_a.in_list(WordList::Spanish).split(' ').count(), 5);
    }

    #[test]
    fn somebody_in_the_middle_gives_other_words_or_fails() {
        let mut rng = random::system();
        let (mut a, slot_0) = MeetingA::begin(own(1), &mut rng);
        let (mut middle, middle_0) = MeetingA::begin(own(66), &mut rng);
        let (b, slot_1) = MeetingB::join(own(2), &middle_0, &mut rng).unwrap();
        let (towards_a, middle_1) = MeetingB::join(own(66), &slot_0, &mut rng).unwrap();
        let (slot_2, _, words_a) = a.answer(&middle_1).unwrap();
        let (middle_2, _, _) = middle.answer(&slot_1).unwrap();
        let (_, words_b) = b.finish(&middle_2).unwrap();
        assert_ne!(words_a, words_b);
        assert!(b.finish(&slot_2).is_err(), "the commitment binds");
        assert!(towards_a.finish(&slot_2).is_ok());
    }
}
