// SPDX-License-Identifier: MPL-2.0
//! Pairing by words: two programs that wait for each other, and two people who read aloud.

use crate::actor::{Actor, Stopped};

/// One side of pairing by words.
pub(super) struct Talk {
    child: std::process::Child,
    lines: std::io::Lines<std::io::BufReader<std::process::ChildStdout>>,
}

impl Talk {
    pub(super) fn start(actor: &Actor, words: &[&str]) -> Result<Self, Stopped> {
        use std::io::BufRead;
        let mut child = actor
            .command(&[&["pair", "words"], words].concat())
            .stdin(std::process::Stdio::piped())
            .spawn()?;
        let out = child.stdout.take().ok_or_else(|| Stopped("no output".into()))?;
        Ok(Self { child, lines: std::io::BufReader::new(out).lines() })
    }

    /// What follows the colon on the next line that has the word.
    pub(super) fn line_after(&mut self, word: &str) -> Result<String, Stopped> {
        self.lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                line.contains(word).then(|| line.rsplit(": ").next().map(str::to_owned)).flatten()
            })
            .ok_or_else(|| Stopped(format!("no line with «{word}»")))
    }

    pub(super) fn answer(&mut self, word: &str) -> Result<(), Stopped> {
        use std::io::Write;
        let pipe = self.child.stdin.as_mut().ok_or_else(|| Stopped("no input".into()))?;
        writeln!(pipe, "{word}")?;
        Ok(())
    }

    pub(super) fn ends_well(mut self, word: &str) -> Result<bool, Stopped> {
        let verified = self.lines.by_ref().map_while(Result::ok).any(|line| line.contains(word));
        Ok(self.child.wait()?.success() && verified)
    }
}
