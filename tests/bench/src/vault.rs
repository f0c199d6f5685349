// SPDX-License-Identifier: MPL-2.0
//! The vault beside plain SQLite and SQLCipher, and its media beside `cp`.

mod material;
pub(crate) mod ours;
mod peers;
pub(crate) mod phone;
pub(crate) mod steps;

use std::{fs::File, path::Path};

use peers::{Beside, Peer, on_disk};

use crate::{
    Stopped,
    capture::{copied, file, text},
    report::{median, now, progress},
};

const ROWS: usize = 10_000;
const NOTES: usize = 10_000;
const FEW: usize = 10;
const ROUNDS: usize = 5;
const MEDIUM: usize = 256 << 20;
const MIB: f64 = 1_048_576.0;

pub(crate) fn measure() -> Result<String, Stopped> {
    let dir = tempfile::tempdir_in(".")?;
    let mut table = Table::default();
    records(dir.path(), &mut table)?;
    media(dir.path(), &mut table)?;
    phone::measure(dir.path(), &mut table)?;
    Ok(table.0)
}

fn records(dir: &Path, table: &mut Table) -> Result<(), Stopped> {
    let rows = text(&material::rows(dir, ROWS)?);
    let lines = text(&material::notes(dir, NOTES)?);
    let (all, few, length) = (ROWS.to_string(), FEW.to_string(), material::ROW.to_string());
    let saved = (ROWS * material::ROW) as f64;

    let commits = Beside::of(ROUNDS, dir, "commits", "una-a-una", &[&rows, &all, &length])?;
    let bulk = Beside::of(ROUNDS, dir, "bulk", "todas", &[&rows, &all, &length])?;
    Beside::of(1, dir, "bulk", "pocas", &[&rows, &few, &length])?;
    Beside::of(1, dir, "notes", "notas", &[&lines])?;
    let reads = Beside::of(ROUNDS, dir, "reads", "todas", &[&all])?;
    let search = Beside::of(ROUNDS, dir, "search", "notas", &[material::SOUGHT])?;
    let scan = Beside::of(ROUNDS, dir, "scan", "todas", &[])?;
    let screen = Beside::of(ROUNDS, dir, "screen", "todas", &[])?;
    let open_few = Beside::of(ROUNDS, dir, "open", "pocas", &[])?;
    let open_all = Beside::of(ROUNDS, dir, "open", "todas", &[])?;
    let live = Beside::of(1, dir, "pages", "todas", &[])?.medians("live");

    let below = "≤ 2.0×, below SQLCipher";
    table.head(["what", "Amate", "SQLCipher", "aim"]);
    table.ratio(&format!("{all} durable commits of one row, p50"), commits.medians("p50"), below);
    table.ratio("the same, p99", commits.medians("p99"), "");
    table.ratio("the same, all of them", commits.medians("total"), "");
    table.ratio(&format!("one durable commit of {all} rows"), bulk.medians("total"), "");
    table.ratio(&format!("{all} rows, each read once"), reads.medians("total"), "");
    table.ratio("full-text query, fresh connection", search.medians("p50"), "≤ 1.4×");
    table.ratio("all rows, fresh connection", scan.medians("p50"), "≤ 3×");
    table.ratio("newest 50 rows, fresh connection", screen.medians("p50"), "");
    table.time("the same", screen.medians("p50"), "≤ 10 ms");
    table.time(&format!("opening with {few} rows"), open_few.medians("p50"), "≤ 5 ms");
    table.time(&format!("opening with {all} rows"), open_all.medians("p50"), "≤ 5 ms, the same");
    table.ratio(&format!("live pages of {all} rows"), live, "≤ 1.05×");
    table.ratio("files on the disk", on_disk(dir, "todas")?, "");
    table.plain("bytes written for each byte saved, one by one", commits.medians("written"), saved);
    table.plain("bytes written for each byte saved, at once", bulk.medians("written"), saved);
    table.peak("peak memory, one by one", commits.medians("peak"));
    table.peak("peak memory, at once", bulk.medians("peak"));
    Ok(())
}

fn media(dir: &Path, table: &mut Table) -> Result<(), Stopped> {
    let source = file(dir, "medio", MEDIUM)?;
    let (source, copy) = (text(&source), text(&dir.join("copia")));
    let mut times: [Vec<f64>; 4] = Default::default();
    let (mut written, mut peak) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        let vault = format!("medio-{round}");
        let into = Peer::Ours.step(dir, "medium-in", &vault, &[&source])?;
        let began = now();
        copied(&source, &copy)?;
        let cp = began.elapsed().as_secs_f64();
        let out = Peer::Ours.step(dir, "medium-out", &vault, &[])?;
        let began = now();
        steps::read_all(File::open(&copy)?)?;
        let read = began.elapsed().as_secs_f64();
        if out.value("bytes").to_bits() != (MEDIUM as f64).to_bits() {
            return Err(Stopped("the medium is not whole".into()));
        }
        std::fs::remove_dir_all(Peer::Ours.folder(dir, &vault))?;
        let each = [into.value("total") / 1e9, cp, out.value("total") / 1e9, read];
        progress(&format!("round {round}: medium in, cp, medium out, read: {each:.3?} s"));
        times.iter_mut().zip(each).for_each(|(times, time)| times.push(time));
        written.push(into.value("written"));
        peak.push(into.value("peak").max(out.value("peak")));
    }
    let [into, cp, out, read] = times.map(median);
    table.head(["medium of 256 MiB", "Amate", "", "aim"]);
    table.row("taking in, against `cp` and a flush", &format!("{:.2}×", into / cp), "", "");
    table.row("reading, against reading a plain file", &format!("{:.2}×", out / read), "", "");
    let each = format!("{:.3}", median(written) / MEDIUM as f64);
    table.row("bytes written for each byte saved", &each, "", "");
    table.row("peak memory", &format!("{:.1} MiB", median(peak) / 1_024.0), "", "≤ 32 MiB");
    Ok(())
}

/// Lines of Markdown. Three figures are those of Amate, plain SQLite and SQLCipher.
#[derive(Default)]
pub(crate) struct Table(String);

impl Table {
    fn head(&mut self, [what, ours, cipher, aim]: [&str; 4]) {
        if !self.0.is_empty() {
            self.0 += "\n\n";
        }
        self.0 += &format!("| {what} | {ours} | {cipher} | {aim} |\n|---|---|---|---|");
    }

    fn row(&mut self, what: &str, ours: &str, cipher: &str, aim: &str) {
        self.0 += &format!("\n| {what} | {ours} | {cipher} | {aim} |");
    }

    /// Both against plain SQLite.
    fn ratio(&mut self, what: &str, [ours, plain, cipher]: [f64; 3], aim: &str) {
        self.row(
            what,
            &format!("{:.2}× plain", ours / plain),
            &format!("{:.2}× plain", cipher / plain),
            aim,
        );
    }

    /// Nanoseconds.
    fn time(&mut self, what: &str, [ours, _, cipher]: [f64; 3], aim: &str) {
        self.row(what, &format!("{:.2} ms", ours / 1e6), &format!("{:.2} ms", cipher / 1e6), aim);
    }

    /// Each against the same number.
    fn plain(&mut self, what: &str, figures: [f64; 3], of: f64) {
        let [ours, plain, cipher] = figures.map(|figure| format!("{:.2}", figure / of));
        self.row(what, &format!("{ours} (plain {plain})"), &cipher, "");
    }

    /// KiB.
    fn peak(&mut self, what: &str, kib: [f64; 3]) {
        let [ours, plain, cipher] = kib.map(|kib| format!("{:.1} MiB", kib * 1_024.0 / MIB));
        self.row(what, &format!("{ours} (plain {plain})"), &cipher, "≤ 32 MiB");
    }
}
