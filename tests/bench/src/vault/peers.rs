// SPDX-License-Identifier: MPL-2.0
//! Amate, plain SQLite and SQLCipher: each step is a process of its own, in turn.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    Stopped,
    report::{median, progress},
};

/// Who does a step.
#[derive(Clone, Copy)]
pub(crate) enum Peer {
    Ours,
    Plain,
    Cipher,
}

/// What a step printed.
pub(crate) struct Figures(BTreeMap<String, f64>);

/// The medians of all peers, in this order.
pub(crate) struct Beside([Vec<Figures>; 3]);

const PEERS: [Peer; 3] = [Peer::Ours, Peer::Plain, Peer::Cipher];

impl Peer {
    fn name(self) -> &'static str {
        match self {
            Self::Ours => "amate",
            Self::Plain => "plain",
            Self::Cipher => "sqlcipher",
        }
    }

    /// Where this one keeps a store of that name.
    pub(crate) fn folder(self, dir: &Path, store: &str) -> PathBuf {
        dir.join(store).join(self.name())
    }

    /// Does a step in a store.
    pub(crate) fn step(
        self,
        dir: &Path,
        step: &str,
        store: &str,
        words: &[&str],
    ) -> Result<Figures, Stopped> {
        let mut command = match self {
            Self::Ours => {
                let mut own = Command::new(std::env::current_exe()?);
                own.arg("vault-step");
                own
            }
            Self::Plain | Self::Cipher => Command::new(Path::new("target/peers").join(self.name())),
        };
        let folder = self.folder(dir, store);
        fs::create_dir_all(&folder)?;
        let output = command
            .arg(step)
            .arg(folder)
            .args(words)
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()?;
        if !output.status.success() {
            return Err(Stopped(format!("{} {step}: {}", self.name(), output.status)));
        }
        Ok(Figures::parse(&String::from_utf8_lossy(&output.stdout)))
    }
}

impl Figures {
    fn parse(text: &str) -> Self {
        let pair = |line: &str| {
            let (name, value) = line.split_once(' ')?;
            Some((name.to_owned(), value.parse().ok()?))
        };
        Self(text.lines().filter_map(pair).collect())
    }

    pub(crate) fn value(&self, name: &str) -> f64 {
        self.0.get(name).copied().unwrap_or(f64::NAN)
    }
}

impl Beside {
    /// Rounds of a step, in which all take turns. A step that makes a store finds none.
    pub(crate) fn of(
        rounds: usize,
        dir: &Path,
        step: &str,
        store: &str,
        words: &[&str],
    ) -> Result<Self, Stopped> {
        let mut all = Self(Default::default());
        for round in 1..=rounds {
            for (peer, figures) in PEERS.into_iter().zip(&mut all.0) {
                let folder = peer.folder(dir, store);
                if matches!(step, "commits" | "bulk" | "notes") && folder.exists() {
                    fs::remove_dir_all(folder)?;
                }
                figures.push(peer.step(dir, step, store, words)?);
            }
            progress(&format!("round {round}: {step}: {}", all.latest()));
        }
        all.same("bytes")?;
        Ok(all)
    }

    /// Medians of a figure: Amate, plain, SQLCipher.
    pub(crate) fn medians(&self, name: &str) -> [f64; 3] {
        self.0
            .each_ref()
            .map(|figures| median(figures.iter().map(|each| each.value(name)).collect()))
    }

    /// All read as many bytes: they did the same work.
    fn same(&self, name: &str) -> Result<(), Stopped> {
        let [ours, plain, cipher] = self.medians(name).map(f64::to_bits);
        if ours == plain && plain == cipher {
            Ok(())
        } else {
            Err(Stopped("the peers did not read the same".into()))
        }
    }

    fn latest(&self) -> String {
        let one = |(peer, figures): (Peer, &Vec<Figures>)| {
            let figures = figures.last()?;
            let time = ["total", "p50", "live"].iter().find_map(|name| figures.0.get(*name))?;
            Some(format!("{} {:.3}", peer.name(), time / 1e6))
        };
        let all: Vec<String> = PEERS.into_iter().zip(&self.0).filter_map(one).collect();
        all.join(", ")
    }
}

/// Bytes that the files of a store take on the disk: Amate, plain, SQLCipher.
pub(crate) fn on_disk(dir: &Path, store: &str) -> Result<[f64; 3], Stopped> {
    let [ours, plain, cipher] = PEERS.map(|peer| taken(&peer.folder(dir, store)));
    Ok([ours?, plain?, cipher?])
}

fn taken(path: &Path) -> Result<f64, Stopped> {
    let status = fs::metadata(path)?;
    if !status.is_dir() {
        return Ok(status.blocks() as f64 * 512.0);
    }
    let mut sum = 0.0;
    for entry in fs::read_dir(path)? {
        sum += taken(&entry?.path())?;
    }
    Ok(sum)
}
