// SPDX-License-Identifier: MPL-2.0
//! A phone's two files: what a code submission and a full pass cost.

use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use amate_vault::{Container, Geometry, Surroundings};

use super::{
    Table, material,
    ours::{CODE, COST},
    peers::Peer,
    steps::{Figures, Rows, passed, written},
};
use crate::{
    Stopped,
    capture::{copied, text},
    report::{median, now, progress},
};

const RECORDS: u64 = 128 << 20;
const RESERVE: u64 = 1 << 30;
const ROWS: usize = 10_000;
const ROUNDS: usize = 3;
/// Submissions in one process, of each kind.
const SUBMISSIONS: usize = 9;
const SECOND: &[u8] = b"y otras cinco para la puerta";
const WRONG: &[u8] = b"otras cinco palabras mas";
const SCREEN: &str = "SELECT id, body FROM records ORDER BY id DESC LIMIT 50";

/// Adds a table: the files are made once, with rows in them.
pub(crate) fn measure(dir: &Path, table: &mut Table) -> Result<(), Stopped> {
    let store = "telefono";
    let (count, length) = (ROWS.to_string(), material::ROW.to_string());
    let rows = text(&material::rows(dir, ROWS)?);
    Peer::Ours.step(dir, "phone-make", store, &[&rows, &count, &length])?;
    let (mut submits, mut passes, mut copies) = (Vec::new(), Vec::new(), Vec::new());
    let folder = Peer::Ours.folder(dir, store);
    for round in 1..=ROUNDS {
        submits.push(Peer::Ours.step(dir, "phone-submit", store, &[])?);
        let pass = Peer::Ours.step(dir, "phone-pass", store, &[])?;
        let began = now();
        for file in ["vault", "reserve"] {
            copied(&text(&folder.join(file)), &text(&dir.join(file)))?;
        }
        copies.push(began.elapsed().as_secs_f64());
        let (done, copy) = (pass.value("total") / 1e9, copies.last().copied().unwrap_or_default());
        progress(&format!("round {round}: full pass {done:.3} s, cp {copy:.3} s"));
        passes.push(pass);
    }
    let of = |all: &[super::peers::Figures], name: &str| {
        median(all.iter().map(|figures| figures.value(name)).collect())
    };
    table.head(["phone: 128 MiB of records and 1 GiB of media", "Amate", "", "aim"]);
    let mib = |bytes: f64| format!("{:.1} MiB", bytes / 1_048_576.0);
    let ms = |time: f64| format!("{:.2} ms", time / 1e6);
    let right = of(&submits, "right");
    table.row("bytes written by a code submission", &mib(of(&submits, "written")), "", "≤ 16 MiB");
    table.row("a code submission, beyond the derivation", &ms(right), "", "");
    for (name, what) in [("second", "the second door's code"), ("wrong", "a wrong code")] {
        let ratio = format!("{:.2}× its time", of(&submits, name) / right);
        table.row(&format!("{what}, against the right one"), &ratio, "", "");
    }
    let span = |name: &str| {
        let (least, most) = (format!("{name}-least"), format!("{name}-most"));
        format!("{:.0} to {:.0}", of(&submits, &least) / 1e6, of(&submits, &most) / 1e6)
    };
    let spans = format!("{}; {}; {} ms", span("right"), span("second"), span("wrong"));
    table.row("from the quickest to the slowest: right; second; wrong", &spans, "", "overlap");
    let beside = format!("{:.1}× its time", of(&passes, "beside") / right);
    table.row("the right code while a full pass goes on", &beside, "", "");
    table.row("newest 50 rows after it", &ms(of(&submits, "screen")), "", "≤ 10 ms");
    let speed = format!("{:.2} of its speed", median(copies) * 1e9 / of(&passes, "total"));
    table.row("full pass, against `cp` of both files and a flush", &speed, "", "≥ 0.4");
    table.row("bytes written by a full pass", &mib(of(&passes, "written")), "", "");
    let peak = of(&submits, "peak").max(of(&passes, "peak"));
    table.row("peak memory", &mib(peak * 1_024.0), "", "≤ 32 MiB");
    Ok(())
}

pub(crate) fn make(dir: &str, mut rows: Rows, count: usize) -> Result<Figures, Stopped> {
    let around = Surroundings::software(Path::new(dir));
    let geometry = Geometry::phone(RECORDS, RESERVE);
    let mut vault = Container::create(around, CODE, COST, &geometry)?;
    vault.write("bench", |tx| {
        tx.execute_batch(
            "CREATE TABLE records(id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT",
        )?;
        rows.insert(tx, count)
    })?;
    let (second, new) = vault.begin_second(SECOND)?;
    second.lock()?;
    vault.finish_second(new, false)?;
    vault.lock()?;
    Ok(Figures::default())
}

/// Right codes, those of a second door, and wrong ones in turn.
pub(crate) fn submit(dir: &str) -> Result<Figures, Stopped> {
    let container = Container::open(Surroundings::software(Path::new(dir)))?;
    let mut times: [Vec<u64>; 5] = Default::default();
    for _ in 0..SUBMISSIONS {
        let (before, began) = (written()?, now());
        let vault = container.unlock(CODE)?;
        let right = passed(began);
        let bytes = written()? - before;
        let began = now();
        vault.read(|db| {
            let mut select = db.prepare(SCREEN)?;
            let mut rows = select.query([])?;
            while let Some(row) = rows.next()? {
                row.get_ref(1)?.as_str()?;
            }
            Ok(())
        })?;
        let screen = passed(began);
        vault.lock()?;
        let began = now();
        let vault = container.unlock(SECOND)?;
        let second = passed(began);
        vault.lock()?;
        let began = now();
        if container.unlock(WRONG).is_ok() {
            return Err(Stopped("a wrong code opens".into()));
        }
        let all = [right, bytes, screen, second, passed(began)];
        times.iter_mut().zip(all).for_each(|(times, time)| times.push(time));
    }
    let mut figures = Figures::default();
    let names = ["right", "written", "screen", "second", "wrong"];
    for (name, mut times) in names.into_iter().zip(times) {
        times.sort_unstable();
        figures.say(name, times.get(SUBMISSIONS / 2).copied().unwrap_or_default());
        figures.say(&format!("{name}-least"), times.first().copied().unwrap_or_default());
        figures.say(&format!("{name}-most"), times.last().copied().unwrap_or_default());
    }
    Ok(figures)
}

pub(crate) fn pass(dir: &str) -> Result<Figures, Stopped> {
    let container = Container::open(Surroundings::software(Path::new(dir)))?;
    let (before, began) = (written()?, now());
    container.full_pass_anew(|_, _| true)?;
    let mut figures = Figures::of("total", passed(began));
    figures.say("written", written()? - before);
    figures.say("beside", beside(&container)?);
    Ok(figures)
}

/// Right codes while another pass goes on: the median.
fn beside(container: &Container) -> Result<u64, Stopped> {
    let ended = AtomicBool::new(false);
    let mut times: Vec<u64> = thread::scope(|scope| {
        let pass = scope.spawn(|| container.full_pass_anew(|_, _| !ended.load(Ordering::SeqCst)));
        let times: Result<_, Stopped> =
            (0..SUBMISSIONS).map(|_| submitted_beside(container)).collect();
        ended.store(true, Ordering::SeqCst);
        pass.join().map_err(|_| Stopped("the full pass broke".into()))??;
        times
    })?;
    times.sort_unstable();
    Ok(times.get(SUBMISSIONS / 2).copied().unwrap_or_default())
}

fn submitted_beside(container: &Container) -> Result<u64, Stopped> {
    // The pass is in the middle of a stretch.
    thread::park_timeout(Duration::from_millis(40));
    let began = now();
    let vault = container.unlock(CODE)?;
    let time = passed(began);
    vault.lock()?;
    Ok(time)
}
