// SPDX-License-Identifier: MPL-2.0
//! A file into the vault, beside what people do today.

use std::{
    fs::{self, File},
    io::Write,
    path::Path,
    process::Command,
};

use amate_seal::{aead, hash::Hasher, secret::Secret};

use crate::{
    Stopped,
    report::{Runner, median, now, run, turns},
    vault::ours::Ours,
};

const GIBIBYTE: usize = 1 << 30;
const PHOTO: usize = 5 << 20;
const PIECE: usize = 1 << 16;

pub(crate) fn measure() -> Result<String, Stopped> {
    let dir = tempfile::tempdir_in(".")?;
    let (bound, aead, hash) = bound();
    let large = file(dir.path(), "grande", GIBIBYTE)?;
    let small = file(dir.path(), "foto", PHOTO)?;
    let times = compare(dir.path(), &large, 3)?;
    let [amate, copied, both, age] = times.as_slice() else {
        return Err(Stopped("four are compared".into()));
    };
    let photo = photo(dir.path(), &small)?;
    let memory = memory(dir.path(), &large)?;
    let sha = if has_sha() { "has" } else { "has no" };
    Ok(format!(
        "The processor {sha} SHA instructions. AEAD alone: {aead:.0} MB/s; SHA-256 alone: {hash:.0} MB/s (one thread, in memory).\n\n\
         | what | measured | aim |\n|---|---|---|\n\
         | seal + SHA-256 + durable write of 1 GiB, against the bound 1/(1/AEAD + 1/hash) | {:.2} | ≥ 0.90 |\n\
         | the same, against `cp` and a flush | {:.2}× its time | |\n\
         | \"sha256sum, then age\" (two passes, and a flush), against Amate | {:.2}× its time | ≥ {}× |\n\
         | stock age alone (and a flush), against Amate | {:.2}× its time | |\n\
         | 5 MiB photo, press to durable, against `cp` and a flush | {photo:.2}× its time | ≤ 1.6 |\n\
         | peak memory of a process that takes in 1 GiB | {memory:.1} MiB | ≤ 32 MiB |",
        bound / amate,
        amate / copied,
        both / amate,
        if has_sha() { "4" } else { "1.4" },
        age / amate,
    ))
}

/// Takes one file in and says what memory that took; a process of its own.
pub(crate) fn once(file: &str, home: &str) -> Result<String, Stopped> {
    Ours::create(Path::new(home))?.take_in(Path::new(file))?;
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next());
    Ok(kib.unwrap_or_default().to_owned())
}

/// Seconds for a gibibyte if nothing but the two primitives took time; both rates in MB/s.
fn bound() -> (f64, f64, f64) {
    let key = Secret::new([7; 32]);
    let mut piece = vec![0x5a; PIECE];
    let count = GIBIBYTE / PIECE;
    let began = now();
    for n in 0..count {
        let mut nonce = [0; 12];
        for (slot, byte) in nonce.iter_mut().zip((n as u64).to_be_bytes()) {
            *slot = byte;
        }
        let _ = aead::seal(&key, &nonce, &[], &mut piece);
    }
    let aead = began.elapsed().as_secs_f64();
    let began = now();
    let mut hasher = Hasher::default();
    (0..count).for_each(|_| hasher.update(&piece));
    let _ = hasher.finish();
    let hash = began.elapsed().as_secs_f64();
    let rate = |seconds: f64| GIBIBYTE as f64 / seconds / 1e6;
    (aead + hash, rate(aead), rate(hash))
}

fn compare(dir: &Path, large: &Path, rounds: usize) -> Result<Vec<f64>, Stopped> {
    let mut vault = Ours::create(&dir.join("vault"))?;
    let (key, recipient) = age_key(dir)?;
    drop(key);
    let (source, out) = (text(large), text(&dir.join("salida")));
    let amate = Runner {
        name: "amate",
        run: Box::new(|| {
            let id = vault.take_in(large)?;
            vault.forget(&id)
        }),
    };
    let copy = Runner { name: "cp and flush", run: Box::new(|| copied(&source, &out)) };
    let both = Runner {
        name: "sha256sum, then age",
        run: Box::new(|| {
            run("sha256sum", &[&source])?;
            aged(&recipient, &source, &out)
        }),
    };
    let age = Runner { name: "age", run: Box::new(|| aged(&recipient, &source, &out)) };
    let times = turns(rounds, &mut [amate, copy, both, age])?;
    fs::remove_file(dir.join("salida"))?;
    Ok(times)
}

fn photo(dir: &Path, small: &Path) -> Result<f64, Stopped> {
    let mut vault = Ours::create(&dir.join("fotos"))?;
    let bytes = fs::read(small)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..15 {
        let began = now();
        let id = vault.save(&bytes)?;
        ours.push(began.elapsed().as_secs_f64());
        vault.forget(&id)?;
        let began = now();
        let mut out = File::create(dir.join("copia"))?;
        out.write_all(&bytes)?;
        out.sync_all()?;
        theirs.push(began.elapsed().as_secs_f64());
    }
    Ok(median(ours) / median(theirs))
}

fn memory(dir: &Path, large: &Path) -> Result<f64, Stopped> {
    let own = std::env::current_exe()?;
    let output =
        Command::new(own).arg("capture-once").arg(large).arg(dir.join("memoria")).output()?;
    let kib: f64 = String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .map_err(|_| Stopped("no memory figure".into()))?;
    Ok(kib / 1_024.0)
}

pub(crate) fn copied(source: &str, out: &str) -> Result<(), Stopped> {
    run("cp", &[source, out])?;
    Ok(File::open(out)?.sync_all()?)
}

fn aged(recipient: &str, source: &str, out: &str) -> Result<(), Stopped> {
    run("target/tools/bin/age", &["-r", recipient, "-o", out, source])?;
    Ok(File::open(out)?.sync_all()?)
}

fn age_key(dir: &Path) -> Result<(String, String), Stopped> {
    let output = Command::new("target/tools/bin/age-keygen").arg("-pq").output()?;
    let key = String::from_utf8_lossy(&output.stdout).into_owned();
    fs::write(dir.join("llave"), &key)?;
    let recipient = key.lines().find_map(|line| line.strip_prefix("# public key: "));
    let recipient = recipient.ok_or_else(|| Stopped("age-keygen gave no key".into()))?.to_owned();
    Ok((key, recipient))
}

/// A file of bytes that do not repeat.
pub(crate) fn file(dir: &Path, name: &str, length: usize) -> Result<std::path::PathBuf, Stopped> {
    let path = dir.join(name);
    let mut out = File::create(&path)?;
    let key = Secret::new([3; 32]);
    let mut piece = vec![0; PIECE];
    for n in 0..length / PIECE {
        let mut nonce = [1; 12];
        for (slot, byte) in nonce.iter_mut().zip((n as u64).to_be_bytes()) {
            *slot = byte;
        }
        let _ = aead::seal(&key, &nonce, &[], &mut piece);
        out.write_all(&piece)?;
    }
    out.sync_all()?;
    Ok(path)
}

fn has_sha() -> bool {
    fs::read_to_string("/proc/cpuinfo")
        .is_ok_and(|text| text.contains("sha_ni") || text.contains(" sha2"))
}

pub(crate) fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
