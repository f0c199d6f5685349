// SPDX-License-Identifier: MPL-2.0
//! Looking after a vault: another code, a sealed backup, new keys for every place, and the truth
//! about what can still be read.

use std::{
    fs,
    io::{Read, Write},
    path::Path,
};

use amate_vault::{CodeCost, Container, Damage, Geometry, Surroundings, VaultError, fold};
use zeroize::Zeroizing;

use crate::{
    problem::Problem,
    session::Session,
    store::items::Item,
    text::{Message, size},
};

impl Session {
    /// Puts another code in the place of the one that opened this vault.
    ///
    /// # Errors
    /// [`Problem::SameCode`]; [`Problem::CodeUnsure`]: then the old code still opens, or already the
    /// new one.
    pub fn change_code(&mut self, code: &[u8]) -> Result<(), Problem> {
        self.vault.change_code(code).map_err(|error| match error {
            VaultError::SameCode => Problem::SameCode,
            _ => Problem::CodeUnsure,
        })
    }

    /// Writes a sealed copy of all of this vault, and of nothing else, which opens with these
    /// words wherever it is. Content that cannot be read is left out of it; gives what that is.
    ///
    /// # Errors
    /// [`Problem::NoBackupOfDamaged`] when records cannot be read; [`Problem::CannotWrite`],
    /// [`Problem::NoSpace`] of `out`.
    pub fn back_up(
        &self,
        words: &[u8],
        cost: CodeCost,
        out: impl Write,
    ) -> Result<LeftOut, Problem> {
        let written = self.vault.back_up(&as_sealed(words), cost, out);
        let media = written.map_err(|error| match error {
            VaultError::Damaged => Problem::NoBackupOfDamaged,
            VaultError::Io(_) => Problem::CannotWrite(String::new()),
            other => other.into(),
        })?;
        let mut items = if media.is_empty() { Vec::new() } else { self.items(None)? };
        items.retain(|item| item.medium.is_some_and(|id| media.contains(&id)));
        Ok(LeftOut { others: media.len().saturating_sub(items.len()), items })
    }

    /// Makes a vault in `dir`, which must hold none, with all that a backup has, under a code of
    /// its own. It is there whole, or not at all.
    ///
    /// # Errors
    /// [`Problem::VaultExists`], [`Problem::BackupCannotOpen`], [`Problem::BackupDamaged`],
    /// [`Problem::BackupTooLarge`].
    pub fn restore(
        dir: &Path,
        code: &[u8],
        cost: CodeCost,
        geometry: &Geometry,
        words: &[u8],
        backup: impl Read,
    ) -> Result<Self, Problem> {
        let around = Surroundings::software(dir);
        fs::create_dir_all(dir).map_err(VaultError::from)?;
        let made = Container::restore(around, code, cost, geometry, &as_sealed(words), backup);
        let vault = whole_or_nothing(dir, made).map_err(|error| match error {
            VaultError::CannotOpen => Problem::BackupCannotOpen,
            VaultError::Damaged => Problem::BackupDamaged,
            VaultError::NoSpace => Problem::BackupTooLarge,
            other => other.into(),
        })?;
        Self::over(vault)
    }

    /// What opening found that a person should know, once; nothing when all was well.
    #[must_use]
    pub fn notices(&self) -> Vec<Message> {
        let Ok(found) = self.vault.found() else { return Vec::new() };
        let mut all = Vec::new();
        if found.last_change_dropped {
            all.push(Message::new("notice-change-dropped"));
        }
        if found.lost_pages > 0 {
            all.push(Message::new("notice-lost-pages"));
        }
        if found.old_key_kept {
            all.push(Message::new("notice-old-key"));
        }
        all
    }

    /// Reads everything that is kept.
    ///
    /// # Errors
    /// The file system's. Damage is no error here: it is the answer.
    pub fn check(&self) -> Result<Condition, Problem> {
        let found = self.vault.found()?;
        let (repaired, old_key) = (found.repaired, found.old_key_kept);
        let read = self.vault.check().map_err(Problem::from).and_then(|damage| {
            let items = self.items(None)?;
            Ok((damage, items))
        });
        match read {
            Ok((damage, items)) => {
                Ok(Condition { repaired, old_key, ..Condition::new(&damage, items) })
            }
            Err(Problem::Damaged) => {
                Ok(Condition { unlisted: true, repaired, old_key, ..Condition::default() })
            }
            Err(other) => Err(other),
        }
    }
}

/// Gives every place of both files new keys, from the first one on; asks no code. What was done
/// before the device was out of somebody's hands does not count. `progress` gets places done and
/// places in all, and says whether to go on. `false` when it did not come to the end.
///
/// # Errors
/// The vault's.
pub fn refresh(dir: &Path, mut progress: impl FnMut(u64, u64) -> bool) -> Result<bool, Problem> {
    let container = Container::open(Surroundings::software(dir))?;
    let mut whole = false;
    container.full_pass_anew(|done, all| {
        whole = done >= all;
        progress(done, all)
    })?;
    Ok(whole)
}

/// What a backup does not have, because it cannot be read.
#[derive(Debug, Default)]
pub struct LeftOut {
    items: Vec<Item>,
    /// Media of no item.
    others: usize,
}

impl LeftOut {
    /// Whether the backup has everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.others == 0
    }

    /// What is missing in it, by name; nothing when nothing is.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        if self.is_empty() {
            return Vec::new();
        }
        let mut all = vec![Message::new("backup-without")];
        all.extend(damaged(&self.items, self.others));
        all
    }
}

/// What a check found.
#[derive(Debug, Default)]
pub struct Condition {
    /// Items that were read whole, and their bytes.
    whole: (usize, u64),
    /// Items whose content does not open.
    items: Vec<Item>,
    /// Media of no item that do not open: of what is being received.
    others: usize,
    /// Pages of the records that do not open.
    pages: usize,
    /// Not even the list of what is kept can be read.
    unlisted: bool,
    repaired: bool,
    /// The device keeps a key that opens older copies of the files.
    old_key: bool,
}

impl Condition {
    fn new(damage: &Damage, all: Vec<Item>) -> Self {
        let hurt = |item: &Item| item.medium.is_some_and(|id| damage.media.contains(&id));
        let (items, whole): (Vec<Item>, Vec<Item>) = all.into_iter().partition(hurt);
        Self {
            whole: (whole.len(), whole.iter().map(|item| item.length).sum()),
            others: damage.media.len().saturating_sub(items.len()),
            pages: damage.pages.len(),
            items,
            ..Self::default()
        }
    }

    /// Whether everything was read.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        !self.unlisted && self.pages == 0 && self.items.is_empty() && self.others == 0
    }

    /// What can be read, what cannot, in words.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        let old_key = self.old_key.then(|| Message::new("notice-old-key"));
        if self.unlisted {
            return std::iter::once(Message::new("check-unlisted")).chain(old_key).collect();
        }
        let (count, bytes) = self.whole;
        let id = if self.is_whole() { "check-whole" } else { "check-rest" };
        let mut all = vec![Message::new(id).with("count", count).with("size", size(bytes))];
        all.extend(damaged(&self.items, self.others));
        if self.pages > 0 {
            all.push(Message::new("check-pages").with("count", self.pages));
        }
        if self.repaired {
            all.push(Message::new("check-repaired"));
        }
        all.extend(old_key);
        all
    }

    /// What is hurt, as a problem with its next step; nothing when all is well.
    ///
    /// # Errors
    /// [`Problem::PartlyDamaged`].
    pub fn result(&self) -> Result<(), Problem> {
        if self.is_whole() { Ok(()) } else { Err(Problem::PartlyDamaged) }
    }
}

/// Content that cannot be read, by name.
fn damaged(items: &[Item], others: usize) -> impl Iterator<Item = Message> {
    let others = (others > 0).then(|| Message::new("check-others").with("count", others));
    let named = items.iter().map(|item| {
        Message::new("check-item")
            .with("case", item.dossier)
            .with("number", item.number)
            .with("title", &item.title)
    });
    named.chain(others)
}

/// Words as a backup is sealed with: the same with or without accents, in capitals, over several
/// lines. They are typed from paper, years later.
fn as_sealed(words: &[u8]) -> Zeroizing<Vec<u8>> {
    let text = Zeroizing::new(String::from_utf8_lossy(words).into_owned());
    let folded = Zeroizing::new(fold(&text));
    let mut plain = Zeroizing::new(String::with_capacity(folded.len()));
    for word in folded.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(word);
    }
    Zeroizing::new(plain.as_bytes().to_vec())
}

/// What was begun and not made must not take the room that was missing. The files of a vault that
/// is there, or that another process makes, are not touched.
pub(crate) fn whole_or_nothing<T>(
    dir: &Path,
    made: Result<T, VaultError>,
) -> Result<T, VaultError> {
    if let Err(error) = &made
        && !matches!(error, VaultError::Exists | VaultError::InUse)
        && !dir.join("vault").exists()
    {
        for name in ["vault.unfinished", "reserve"] {
            let _ = fs::remove_file(dir.join(name));
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::as_sealed;
    use crate::keys::WordList;

    #[test]
    fn words_open_however_they_are_typed() {
        let sealed = as_sealed("ábaco niño pingüino".as_bytes());
        for typed in
            ["abaco nino pinguino", "  ÁBACO\tNiño\nPINGÜINO ", "a\u{301}baco nin\u{303}o pinguino"]
        {
            assert_eq!(*as_sealed(typed.as_bytes()), *sealed, "{typed}");
        }
        assert_ne!(*as_sealed("abaco nino".as_bytes()), *sealed);
    }

    #[test]
    fn no_word_is_lost_in_another() {
        for list in [WordList::Spanish, WordList::English] {
            let words: HashSet<_> =
                (0..2_048).map(|n| as_sealed(list.word(n).as_bytes()).to_vec()).collect();
            assert_eq!(words.len(), 2_048);
        }
    }
}
