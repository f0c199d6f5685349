// SPDX-License-Identifier: MPL-2.0

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::cursor::Malformed;

const PROOF_HEAD: &str = "c2sp.org/tlog-proof@v1";
/// Most hashes of a path: a tree of 2⁶³ leaves has fewer.
const MAX_PATH: usize = 63;

/// Size and root of a log (C2SP tlog-checkpoint), without extension lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the log.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root of the tree.
    pub root: [u8; 32],
}

/// One signature line of a note (C2SP signed-note).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// Name of the key.
    pub name: String,
    /// Four bytes of key id, then the signature.
    pub blob: Vec<u8>,
}

/// A checkpoint with its signatures, unverified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    /// What is signed.
    pub checkpoint: Checkpoint,
    /// In the order of the note.
    pub signatures: Vec<NoteSignature>,
}

/// A `.tlog-proof` (C2SP tlog-proof), unverified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Place of the leaf.
    pub index: u64,
    /// From the leaf's sibling to the root's child.
    pub path: Vec<[u8; 32]>,
    /// The checkpoint that it leads to.
    pub checkpoint: SignedCheckpoint,
}

impl Checkpoint {
    /// The note body, with its final newline.
    #[must_use]
    pub fn body(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    fn parse(body: &str) -> Result<Self, Malformed> {
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root), Some(""), None) =
            (lines.next(), lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(Malformed("checkpoint"));
        };
        let visible = !origin.is_empty() && origin.bytes().all(|byte| byte.is_ascii_graphic());
        if !visible {
            return Err(Malformed("checkpoint"));
        }
        Ok(Self { origin: origin.to_owned(), size: decimal(size)?, root: hash(root)? })
    }
}

impl SignedCheckpoint {
    /// The text of the note.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = self.checkpoint.body();
        text.push('\n');
        for signature in &self.signatures {
            text += &format!("\u{2014} {} {}\n", signature.name, STANDARD.encode(&signature.blob));
        }
        text
    }

    /// Parses the text of a note.
    ///
    /// # Errors
    /// [`Malformed`]: rule T-1.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let (body, signatures) = text.split_once("\n\n").ok_or(Malformed("checkpoint"))?;
        let checkpoint = Checkpoint::parse(&format!("{body}\n"))?;
        let lines = signatures.strip_suffix('\n').ok_or(Malformed("checkpoint"))?;
        let signatures = lines.split('\n').map(signature).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { checkpoint, signatures })
    }
}

impl TlogProof {
    /// The text of the proof.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("{PROOF_HEAD}\nindex {}\n", self.index);
        for node in &self.path {
            text += &STANDARD.encode(node);
            text.push('\n');
        }
        text.push('\n');
        text + &self.checkpoint.to_text()
    }

    /// Parses the text of a proof. An `extra` line is nobody's here.
    ///
    /// # Errors
    /// [`Malformed`]: rule T-1.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or(Malformed("tlog-proof"))?;
        let mut lines = head.split('\n');
        if lines.next() != Some(PROOF_HEAD) {
            return Err(Malformed("tlog-proof"));
        }
        let index = lines
            .next()
            .and_then(|line| line.strip_prefix("index "))
            .ok_or(Malformed("tlog-proof"))?;
        let path = lines.map(hash).collect::<Result<Vec<_>, _>>()?;
        if path.len() > MAX_PATH {
            return Err(Malformed("tlog-proof"));
        }
        let checkpoint = SignedCheckpoint::parse(checkpoint)?;
        Ok(Self { index: decimal(index)?, path, checkpoint })
    }
}

/// Hashes one a line, as a consistency proof travels (spec/relay.md §1).
///
/// # Errors
/// [`Malformed`]: rule T-1.
pub fn parse_hashes(text: &str) -> Result<Vec<[u8; 32]>, Malformed> {
    let lines = match text.strip_suffix('\n') {
        Some(lines) => lines.split('\n'),
        None if text.is_empty() => return Ok(Vec::new()),
        None => return Err(Malformed("consistency proof")),
    };
    let hashes = lines.map(hash).collect::<Result<Vec<_>, _>>()?;
    if hashes.len() <= 2 * MAX_PATH { Ok(hashes) } else { Err(Malformed("consistency proof")) }
}

/// Writes hashes one a line.
#[must_use]
pub fn hashes_to_text(hashes: &[[u8; 32]]) -> String {
    hashes.iter().map(|hash| STANDARD.encode(hash) + "\n").collect()
}

/// Path of a tile index as in C2SP tlog-tiles: groups of three digits, `x` before all but the last.
///
/// # Errors
/// [`Malformed`] for anything else.
pub fn parse_tile_index(path: &str) -> Result<u64, Malformed> {
    let wrong = Malformed("tile path");
    let mut index = 0_u64;
    let groups: Vec<_> = path.split('/').collect();
    let (last, before) = groups.split_last().ok_or(wrong)?;
    let before = before.iter().map(|group| group.strip_prefix('x').ok_or(wrong));
    for group in before.chain(std::iter::once(Ok(*last))) {
        let group = group?;
        if group.len() != 3 || !group.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong);
        }
        let digits: u64 = group.parse().map_err(|_| wrong)?;
        index = index.checked_mul(1_000).and_then(|n| n.checked_add(digits)).ok_or(wrong)?;
    }
    if tile_index(index) == path { Ok(index) } else { Err(wrong) }
}

/// Writes the path of a tile index.
#[must_use]
pub fn tile_index(index: u64) -> String {
    let last = format!("{:03}", index % 1_000);
    match index / 1_000 {
        0 => last,
        more => {
            let before: Vec<_> = tile_index(more).split('/').map(prefixed).collect();
            format!("{}/{last}", before.join("/"))
        }
    }
}

fn prefixed(group: &str) -> String {
    if group.starts_with('x') { group.to_owned() } else { format!("x{group}") }
}

fn signature(line: &str) -> Result<NoteSignature, Malformed> {
    let wrong = Malformed("note signature");
    let (name, blob) =
        line.strip_prefix("\u{2014} ").and_then(|rest| rest.split_once(' ')).ok_or(wrong)?;
    let named = !name.is_empty() && name.bytes().all(|c| c.is_ascii_graphic() && c != b'+');
    let blob = STANDARD.decode(blob).map_err(|_| wrong)?;
    if named && blob.len() > 4 {
        Ok(NoteSignature { name: name.to_owned(), blob })
    } else {
        Err(wrong)
    }
}

fn hash(text: &str) -> Result<[u8; 32], Malformed> {
    STANDARD
        .decode(text)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(Malformed("hash in base64"))
}

/// Decimal without leading zeros, below 2⁶³.
fn decimal(text: &str) -> Result<u64, Malformed> {
    match text.parse::<u64>() {
        Ok(number) if number.to_string() == text && number < 1 << 63 => Ok(number),
        _ => Err(Malformed("decimal")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of C2SP tlog-cosignature.
    const NOTE: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\u{2014} witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

    #[test]
    fn the_example_of_the_specification_is_read_and_written() {
        let note = SignedCheckpoint::parse(NOTE).unwrap();
        assert_eq!(note.checkpoint.size, 20_852_163);
        assert_eq!(note.signatures.len(), 2);
        assert_eq!(note.to_text(), NOTE);
    }

    #[test]
    fn a_proof_is_read_and_written() {
        let proof = TlogProof {
            index: 3,
            path: vec![[1; 32], [2; 32]],
            checkpoint: SignedCheckpoint::parse(NOTE).unwrap(),
        };
        assert_eq!(TlogProof::parse(&proof.to_text()), Ok(proof.clone()));
        let alone = TlogProof { index: 0, path: Vec::new(), ..proof };
        assert_eq!(TlogProof::parse(&alone.to_text()), Ok(alone));
    }

    #[test]
    fn other_spellings_are_rejected() {
        for (from, to) in [
            ("20852163", "020852163"),
            ("20852163", "+20852163"),
            ("20852163", "-1"),
            ("q2I=\n\n", "q2I=\nextension\n\n"),
            ("q2I=", "q2J="),
            ("q2I=", "q2I"),
            ("\n\n\u{2014}", "\n\n-"),
            ("AYQ8=\n", "AYQ8= \n"),
        ] {
            assert!(SignedCheckpoint::parse(&NOTE.replacen(from, to, 1)).is_err(), "{to:?}");
        }
        assert!(SignedCheckpoint::parse(NOTE.trim_end()).is_err());
    }

    #[test]
    fn tile_paths_are_those_of_tlog_tiles() {
        for (index, path) in [(0, "000"), (999, "999"), (1_234_067, "x001/x234/067")] {
            assert_eq!(tile_index(index), path);
            assert_eq!(parse_tile_index(path), Ok(index));
        }
        for wrong in ["", "1", "0000", "x000/001", "001/002", "x1/001", "+01"] {
            assert!(parse_tile_index(wrong).is_err(), "{wrong}");
        }
    }
}
