// SPDX-License-Identifier: MPL-2.0
//! Generated codes, and the word lists they come from.

use amate_seal::random::CryptoRng;
use zeroize::Zeroizing;

/// A list of 2048 words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WordList {
    /// Spanish.
    Spanish,
    /// English.
    English,
}

const SPANISH: &str = include_str!("../../../data/words/spanish.txt");
const ENGLISH: &str = include_str!("../../../data/words/english.txt");

impl WordList {
    /// The list for a language tag; Spanish unless it is English.
    #[must_use]
    pub fn of(language: &str) -> Self {
        if language.to_ascii_lowercase().starts_with("en") { Self::English } else { Self::Spanish }
    }

    /// The word of an 11-bit number.
    #[must_use]
    pub fn word(self, number: u16) -> &'static str {
        let list = match self {
            Self::Spanish => SPANISH,
            Self::English => ENGLISH,
        };
        list.lines().nth(usize::from(number % 2_048)).unwrap_or_default()
    }
}

/// A code of `count` words, uniform: 11 bits each.
pub fn generate_words(list: WordList, count: usize, rng: &mut impl CryptoRng) -> Zeroizing<String> {
    let mut code = Zeroizing::new(String::with_capacity(count * 12));
    for at in 0..count {
        if at > 0 {
            code.push(' ');
        }
        let number = u16::from_be_bytes(amate_seal::random::bytes(rng));
        code.push_str(list.word(number % 2_048));
    }
    code
}

/// A code of `count` digits, uniform: bytes of 250 and more are thrown away.
pub fn generate_digits(count: usize, rng: &mut impl CryptoRng) -> Zeroizing<String> {
    let mut code = Zeroizing::new(String::with_capacity(count));
    while code.len() < count {
        let [byte] = amate_seal::random::bytes(rng);
        if byte < 250 {
            code.push(char::from(b'0' + byte % 10));
        }
    }
    code
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn lists_have_2048_different_words() {
        for list in [WordList::Spanish, WordList::English] {
            let words: HashSet<_> = (0..2_048).map(|n| list.word(n)).collect();
            assert_eq!(words.len(), 2_048);
            assert!(!words.contains(""));
        }
    }

    #[test]
    fn codes_have_the_length_asked_for() {
        let mut rng = amate_seal::random::system();
        assert_eq!(generate_words(WordList::Spanish, 5, &mut rng).split(' ').count(), 5);
        let digits = generate_digits(8, &mut rng);
        assert!(digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()));
    }
}
