// SPDX-License-Identifier: MPL-2.0
//! Finding what was written down and what was opened, however it is spelled: without accents, and
//! with any of ’ ' ʼ ꞌ where a language has the saltillo.

use std::collections::BTreeSet;

use amate_vault::fold;
use zeroize::Zeroizing;

use crate::{
    problem::Problem,
    records::Incident,
    session::Session,
    store::{
        items::{self, Dossier, Item},
        search::{self as rows, Hit},
        settings,
    },
};

/// What a search found.
pub struct Found {
    /// Cases by number, with their items that fit; a case may fit by its title alone.
    pub cases: Vec<(Dossier, Vec<Item>)>,
    /// `false` while not everything that is kept can be found: the records are too full for it.
    pub whole: bool,
}

/// Bytes of an item's text that are searched.
const MAX_TEXT: usize = 64 * 1024;
/// Words of one expression: SQLite bounds its depth.
const MAX_WORDS: usize = 32;
/// Items that one commit adds when an older vault is filled in.
const STEP: u32 = 8;
/// Name of the setting that says that nothing is left to fill in.
pub(crate) const FILLED: &str = "search-filled";
/// The letter that `fold` makes of ’ ' ʼ ꞌ.
const SALTILLO: char = 'ꞌ';

impl Session {
    /// Finds cases and items by words. All of them must fit; of the last one its beginning is
    /// enough.
    ///
    /// # Errors
    /// The vault's. No text is a wrong one.
    pub fn find(&self, words: &str) -> Result<Found, Problem> {
        let mut hits: Option<BTreeSet<Hit>> = None;
        for expression in expressions(words) {
            let fits: BTreeSet<Hit> =
                self.vault.read(|db| rows::hits(db, &expression))?.into_iter().collect();
            hits = Some(match hits {
                Some(before) => before.intersection(&fits).copied().collect(),
                None => fits,
            });
        }
        let hits = hits.unwrap_or_default();
        let mut cases = Vec::new();
        for dossier in self.dossiers()? {
            if hits.iter().any(|hit| hit.dossier == dossier.id) {
                let mut items = self.items(Some(dossier.id))?;
                items.retain(|item| hits.iter().any(|hit| hit.item == Some(item.id)));
                cases.push((dossier, items));
            }
        }
        let whole = self.vault.read(|db| settings::read(db, FILLED))?.is_some();
        Ok(Found { cases, whole })
    }

    /// Makes what an older version kept be found. Full records leave it for another time: they
    /// must not keep anybody out.
    pub(crate) fn fill_search(&mut self) -> Result<(), Problem> {
        if self.vault.read(|db| settings::read(db, FILLED))?.is_some() {
            return Ok(());
        }
        loop {
            match self.fill_some() {
                Ok(true) => {}
                Ok(false) | Err(Problem::NoSpace) => return Ok(()),
                Err(problem) => return Err(problem),
            }
        }
    }

    /// One commit of it; `false` when nothing was left. A kill leaves the rows before or after.
    fn fill_some(&mut self) -> Result<bool, Problem> {
        let cases = self.vault.read(|db| rows::unsearched_cases(db, STEP))?;
        let waiting = self.vault.read(|db| rows::unsearched(db, STEP))?;
        let mut texts = Vec::new();
        for item in &waiting {
            texts.push(self.words_of(item)?);
        }
        let more = !cases.is_empty() || !waiting.is_empty();
        self.vault.write("fill search", |tx| {
            for (dossier, title) in &cases {
                rows::put_case(tx, *dossier, &text(title, "", None))?;
            }
            for (item, text) in waiting.iter().zip(&texts) {
                rows::put_item(tx, item.dossier, item.id, text)?;
            }
            if more { Ok(()) } else { settings::put(tx, FILLED, &[1]) }
        })?;
        Ok(more)
    }

    /// What is searched of an item that is kept. A record that cannot be read is found by its
    /// title.
    pub(crate) fn words_of(&self, item: &Item) -> Result<Zeroizing<String>, Problem> {
        let dossier = self.vault.read(|db| items::dossier(db, item.dossier))?;
        let case = dossier.map(|one| one.title).unwrap_or_default();
        let incident = self.incident(item).unwrap_or_default();
        Ok(text(&case, &item.title, incident.as_ref()))
    }
}

/// What is searched of an item: the title of its case, its own title or file name, and of written
/// records the story, when and where.
pub(crate) fn text(case: &str, title: &str, incident: Option<&Incident>) -> Zeroizing<String> {
    // A record's own title is the beginning of its story.
    let parts = match incident {
        Some(one) => [
            Some(one.story.as_str()),
            one.when.as_ref().map(|when| when.value.as_str()),
            one.place.as_deref(),
        ],
        None => [Some(title), None, None],
    };
    let mut all = Zeroizing::new(case.to_owned());
    for part in parts.into_iter().flatten() {
        all.push('\n');
        all.push_str(beginning(part));
    }
    let folded = Zeroizing::new(fold(&all));
    // The same mark quotes a word, and people leave it out: such words are found without it too.
    let bare = folded.split_whitespace().filter(|word| word.contains(SALTILLO));
    let bare: Vec<String> = bare.map(|word| word.replace(SALTILLO, "")).collect();
    Zeroizing::new(format!("{}\n{}", *folded, bare.join(" ")))
}

fn beginning(text: &str) -> &str {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// Full-text expressions that all must fit. Each word is quoted, so that nothing a person writes
/// is read as an operator; what holds no letter and no digit says nothing.
fn expressions(words: &str) -> Vec<String> {
    let folded = fold(words);
    let mut words: Vec<&str> = folded
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| word.contains(char::is_alphanumeric))
        .collect();
    let Some(last) = words.pop() else { return Vec::new() };
    words.sort_unstable();
    words.dedup();
    let mut quoted: Vec<String> = words.into_iter().map(quote).collect();
    quoted.push(format!("{} *", quote(last)));
    quoted.chunks(MAX_WORDS).map(|some| some.join(" ")).collect()
}

fn quote(word: &str) -> String {
    format!("\"{}\"", word.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use amate_vault::CodeCost;
    use tempfile::TempDir;

    use super::*;
    use crate::take::Into;

    const CODE: &[u8] = b"cinco palabras de prueba nada";
    const NONE: [u32; 0] = [];
    const CHEAP: CodeCost = CodeCost { memory_kib: 64, passes: 1, lanes: 1 };

    fn vault() -> (TempDir, Session) {
        let dir = tempfile::tempdir().unwrap();
        let session = Session::create(&dir.path().join("v"), CODE, CHEAP, "", 1).unwrap();
        (dir, session)
    }

    fn reopen(dir: &TempDir, session: Session) -> Session {
        drop(session);
        Session::open(&dir.path().join("v"), CODE).unwrap()
    }

    /// Numbers of the items that fit, over all cases.
    fn found(session: &Session, words: &str) -> Vec<u32> {
        let found = session.find(words).unwrap();
        found.cases.iter().flat_map(|(_, items)| items.iter().map(|item| item.number)).collect()
    }

    #[test]
    fn what_was_written_is_found_however_it_is_spelled() {
        let (dir, mut session) = vault();
        let case = Into::New("Camión gris".into());
        let place = Some("Xolotlán");
        session
            .log("Volvieron a preguntar por mí", Some("después de la fiesta"), place, &case, 1)
            .unwrap();
        session.log("Ri kʼicheʼ tzij, dijo ‘nada’", None, None, &Into::Last, 1).unwrap();
        session.import("Acuse_Ñandú.pdf", &mut b"%PDF".as_slice(), &Into::Last, 1).unwrap();
        assert!(session.find("camion").unwrap().whole, "from the first on");
        let session = reopen(&dir, session);
        for (words, numbers) in [
            ("MI", &[1][..]),
            ("volvieron PREGUNTAR", &[1]),
            ("preguntar xolo", &[1]),
            ("xolotlan fies", &[1]),
            ("despu\u{e9}s", &[1]),
            ("despue\u{301}s", &[1]),
            ("k'iche'", &[2]),
            ("k’iche’", &[2]),
            ("kꞌicheꞌ", &[2]),
            ("kiche", &[2]),
            ("kʼich", &[2]),
            ("nada", &[2]),
            ("acuse nandu.pdf", &[3]),
            ("camion", &[1, 2, 3]),
            ("camión xolotlan", &[1]),
            ("preguntar acuse", &[]),
            ("regunta", &[]),
        ] {
            assert_eq!(found(&session, words), numbers, "{words}");
        }
        assert!(session.find("camion").unwrap().whole);
    }

    #[test]
    fn no_text_is_a_wrong_one() {
        let (_dir, mut session) = vault();
        session.log("Dijo NEAR y luego AND, 12-34", None, None, &Into::Last, 1).unwrap();
        for (words, numbers) in [
            ("NEAR", &[1][..]),
            ("near AND", &[1]),
            ("12-34", &[1]),
            ("12-3", &[1]),
            ("luego 🙂", &[1]),
            ("34-12", &[]),
            ("NOT", &[]),
            ("", &[]),
            ("*", &[]),
            ("🙂", &[]),
            ("\"", &[]),
            ("\"\" OR text:dijo", &[]),
            ("text:dijo", &[]),
            ("NEAR(dijo luego, 2)", &[]),
            ("^dijo -luego", &[1]),
            ("dij\0nada", &[]),
            ("\u{1e900}", &[]),
            ("{text} : (", &[]),
        ] {
            assert_eq!(found(&session, words), numbers, "{words:?}");
        }
        let long = "a".repeat(10_000);
        let many: Vec<String> = (0..2_000).map(|n| format!("dijo{n}")).collect();
        let all = ["dijo"; 3_000].join(" ");
        assert_eq!(found(&session, &long), NONE);
        assert_eq!(found(&session, &many.join(" ")), NONE);
        assert_eq!(found(&session, &all), [1]);
    }

    /// As a vault was before it could be searched.
    fn forget_search(session: &mut Session) {
        session
            .vault
            .write("older version", |tx| {
                tx.execute_batch(
                    "DELETE FROM words; DELETE FROM searched;
                     DELETE FROM setting WHERE name = 'search-filled';",
                )
            })
            .unwrap();
    }

    #[test]
    fn an_older_vault_is_filled_in_a_few_rows_at_a_time_and_goes_on_after_a_kill() {
        let (dir, mut session) = vault();
        for n in 0..20 {
            session.log(&format!("Hecho número{n}x"), None, None, &Into::Last, 1).unwrap();
        }
        session.log("Lo último", None, None, &Into::New("Otro".into()), 1).unwrap();
        forget_search(&mut session);
        assert!(session.fill_some().unwrap(), "more is left");
        assert_eq!(found(&session, "hecho").len(), STEP as usize);
        assert!(!session.find("hecho").unwrap().whole, "and it is said");
        let session = reopen(&dir, session);
        assert_eq!(found(&session, "hecho").len(), 20);
        assert_eq!(found(&session, "numero19x"), [20]);
        assert_eq!(session.find("otro").unwrap().cases.len(), 1);
        assert!(session.find("hecho").unwrap().whole);
        let rows: u32 = session
            .vault
            .read(|db| db.query_row("SELECT count(*) FROM words", [], |row| row.get(0)))
            .unwrap();
        assert_eq!(rows, 22, "21 items and the title of a case, each once");
    }

    #[test]
    fn a_record_that_cannot_be_read_keeps_nobody_out() {
        let (dir, mut session) = vault();
        // Long enough to stand in cells.
        let story = format!("Lo que pasó. {}Al final.", "Y siguió. ".repeat(2_000));
        session.log(&story, None, None, &Into::Last, 1).unwrap();
        forget_search(&mut session);
        drop(session);
        let cells = dir.path().join("v/reserve");
        let length = std::fs::metadata(&cells).unwrap().len();
        std::fs::write(&cells, vec![0; usize::try_from(length).unwrap()]).unwrap();
        let session = Session::open(&dir.path().join("v"), CODE).unwrap();
        assert_eq!(found(&session, "paso"), [1], "by its title");
        assert_eq!(found(&session, "final"), NONE, "what it says cannot be read");
    }

    /// How often bytes stand in the tables of the index.
    fn in_the_index(session: &Session, bytes: &[u8]) -> usize {
        let sql =
            "SELECT block FROM words_data UNION ALL SELECT CAST(c0 AS BLOB) FROM words_content";
        let all: Vec<Vec<u8>> = session
            .vault
            .read(|db| db.prepare(sql)?.query_map([], |row| row.get(0))?.collect())
            .unwrap();
        all.iter().map(|blob| blob.windows(bytes.len()).filter(|some| *some == bytes).count()).sum()
    }

    #[test]
    fn nothing_of_a_text_stays_in_the_index_when_it_is_taken_out() {
        let (_dir, mut session) = vault();
        for n in 0..40 {
            session.log(&format!("Hecho zzqwertyuiop{n}"), None, None, &Into::Last, 1).unwrap();
        }
        assert!(in_the_index(&session, b"wertyuiop") > 40);
        session.vault.write("take out", |tx| tx.execute("DELETE FROM words", [])).unwrap();
        assert_eq!(in_the_index(&session, b"wertyuiop"), 0);
    }
}
