// SPDX-License-Identifier: MPL-2.0
//! 200 processes killed at any moment of saving, taking in, recording, sending and storing: what
//! was reported as saved or stored is there, and everything goes on.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]
#![allow(clippy::disallowed_methods, reason = "a kill must come within the time of a run")]

use std::{
    fs,
    io::{Read, Write},
    path::Path,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use amate_app::session::Session;
use amate_e2e::{
    actor::{Actor, Relay},
    rounds,
};
use amate_seal::hash::sha256;
use amate_vault::Vault;
use tempfile::TempDir;

/// Fractions of a whole run after which it is killed, the same in each test run.
struct Moments(u64);

impl Moments {
    fn next(&mut self, whole: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        whole.mul_f64((self.0 % 1_100) as f64 / 1_000.0)
    }
}

fn vault(dir: &Path, name: &str) -> Actor {
    let actor = Actor::new(dir, name).unwrap();
    actor.must(&["init", "--name", name, "--cost", "1"]).unwrap();
    actor
}

fn open(actor: &Actor, name: &str) -> Session {
    Session::open(actor.home(), format!("cinco palabras de prueba {name}").as_bytes()).unwrap()
}

/// Lets it run for so long, then SIGKILL. `true` when it had ended well before.
fn killed_after(mut child: Child, time: Duration) -> (bool, String) {
    std::thread::park_timeout(time);
    let reported = child.try_wait().unwrap().is_some_and(|status| status.success());
    let _ = child.kill();
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    child.wait().unwrap();
    (reported, out)
}

/// How long a whole run takes here and now.
fn whole(run: impl FnOnce()) -> Duration {
    let began = Instant::now();
    run();
    began.elapsed()
}

#[test]
fn what_was_said_to_be_saved_is_there_after_60_kills() {
    let dir = TempDir::new().unwrap();
    let actor = vault(dir.path(), "uno");
    let first = whole(|| drop(actor.must(&["log", "Hecho inicial."]).unwrap()));
    let mut moments = Moments(0x9e37_79b9_7f4a_7c15);
    let mut saved = vec!["Hecho inicial.".to_owned()];
    let mut tried = saved.clone();
    for n in 0..rounds(60) {
        let story = format!("Hecho número {n}.");
        let child = actor.command(&["log", &story]).spawn().unwrap();
        let (reported, said) = killed_after(child, moments.next(first));
        if reported || !said.trim().is_empty() {
            saved.push(story.clone());
        }
        tried.push(story);
    }
    let session = open(&actor, "uno");
    let here: Vec<String> = session
        .items(None)
        .unwrap()
        .iter()
        .map(|item| session.incident(item).unwrap().unwrap().story)
        .collect();
    assert!(here.len() < tried.len(), "no kill came before the end");
    assert!(saved.len() > 1, "every kill came before the end");
    for story in &saved {
        assert_eq!(here.iter().filter(|one| *one == story).count(), 1, "{story}");
    }
    assert!(here.iter().all(|story| tried.contains(story)), "nothing is half there");
}

#[test]
fn what_was_said_to_be_taken_in_is_there_after_50_kills() {
    let dir = TempDir::new().unwrap();
    let actor = vault(dir.path(), "dos");
    let file = dir.path().join("video.bin");
    let bytes: Vec<u8> =
        (0..6_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    fs::write(&file, &bytes).unwrap();
    let file = file.to_str().unwrap();
    let first = whole(|| drop(actor.must(&["import", file]).unwrap()));
    let mut moments = Moments(0x2545_f491_4f6c_dd1d);
    let mut saved = 1;
    for _ in 0..rounds(50) {
        let child = actor.command(&["import", file]).spawn().unwrap();
        let (reported, said) = killed_after(child, moments.next(first));
        saved += usize::from(reported || !said.trim().is_empty());
    }
    let session = open(&actor, "dos");
    let items = session.items(None).unwrap();
    assert!(items.len() >= saved && items.len() <= rounds(50), "{} of {saved}", items.len());
    for item in &items {
        let mut content = Vec::new();
        session.write_content(item, &mut content).unwrap();
        assert_eq!(sha256(&content), sha256(&bytes));
    }
    let used = session.storage().unwrap().media.used;
    drop(session);
    let vault = Vault::open(actor.home(), b"cinco palabras de prueba dos").unwrap();
    assert_eq!(vault.media().unwrap().len(), items.len(), "nothing of what was cut is kept");
    // 6 000 000 bytes fill 92 cells of 65 508 bytes.
    assert_eq!(used, items.len() as u64 * 92 * 65_508, "nor takes any room");
    assert!(vault.check().unwrap().is_none());
}

#[test]
fn a_recording_that_is_killed_holds_up_to_its_last_whole_segment_30_times() {
    let dir = TempDir::new().unwrap();
    let actor = vault(dir.path(), "tres");
    let mut moments = Moments(0xd1b5_4a32_d192_ed03);
    for n in 0..rounds(30) {
        let mut child =
            actor.command(&["record", "--small"]).stdin(Stdio::piped()).spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let wait = moments.next(Duration::from_millis(400));
        let began = Instant::now();
        // Writing ends with the process.
        while began.elapsed() < wait && pipe.write_all(&[n as u8; 20_000]).is_ok() {
            std::thread::park_timeout(Duration::from_millis(2));
        }
        let _ = child.kill();
        drop(pipe);
        child.wait().unwrap();
    }
    let session = open(&actor, "tres");
    let items = session.items(None).unwrap();
    assert!(!items.is_empty(), "every kill came before the first byte");
    let whole = items.iter().filter(|item| item.length > 0).count();
    assert!(whole > 0, "no recording reached a whole segment");
    drop(session);
    for item in items.iter().filter(|item| item.length > 0) {
        let number = item.number.to_string();
        let out = dir.path().join(format!("vista-{number}"));
        let path = out.to_str().unwrap();
        let case = item.dossier.to_string();
        actor.must(&["view", "--case", &case, &number, path]).unwrap();
        let framing = item.length - fs::metadata(&out).unwrap().len();
        assert!(framing > 0 && framing.is_multiple_of(176), "whole segments alone: {framing}");
    }
    let zip = dir.path().join("caso.zip");
    actor.must(&["export", "--case", "1", zip.to_str().unwrap()]).unwrap();
    actor.must(&["verify", zip.to_str().unwrap()]).unwrap();
}

#[test]
fn everything_arrives_once_after_60_kills_of_the_phone_and_of_the_relay() {
    let dir = TempDir::new().unwrap();
    let mut relay = Relay::new(dir.path().join("relevo"));
    let capability = relay.invite().unwrap();
    relay.start().unwrap();
    let (phone, desk) = (vault(dir.path(), "cuatro"), vault(dir.path(), "mesa"));
    desk.must(&["relay", "add", &relay.url(), "--capability", &capability]).unwrap();
    let text = desk.must(&["pair", "show", "--grant", "1"]).unwrap();
    phone.must(&["pair", "scan", text.trim(), "--name", "Mesa"]).unwrap();
    let text = phone.must(&["pair", "show"]).unwrap();
    desk.must(&["pair", "scan", text.trim(), "--name", "Testigo"]).unwrap();
    let file = dir.path().join("foto.bin");
    fs::write(&file, vec![7; 900_000]).unwrap();
    let file = file.to_str().unwrap();
    let send = |n: usize| {
        let title = format!("Caso {n}");
        phone.must(&["import", "--new-case", &title, file]).unwrap();
        phone.must(&["send", "--case", &(n + 1).to_string(), "--to", "Mesa", "--later"]).unwrap();
    };
    send(0);
    let first = whole(|| drop(phone.must(&["send"]).unwrap()));
    let mut moments = Moments(0x8bb8_4b93_962e_acc9);
    let mut sent = 1;
    for n in 0..rounds(60) {
        if n % 6 == 0 {
            send(sent);
            sent += 1;
        }
        let child = phone.command(&["send", "--tries", "1"]).spawn().unwrap();
        let time = moments.next(first);
        if n % 2 == 0 {
            killed_after(child, time);
        } else {
            std::thread::park_timeout(time);
            relay.kill();
            killed_after(child, first);
            relay.start().unwrap();
        }
    }
    phone.must(&["send"]).unwrap();
    let states = phone.must(&["status"]).unwrap();
    assert_eq!(states.matches("en el relevo").count(), sent, "{states}");
    desk.must(&["receive"]).unwrap();
    let session = open(&desk, "mesa");
    let received = session.received().unwrap();
    assert_eq!(received.len(), sent, "each once");
    let items = session.items(None).unwrap();
    assert_eq!(items.len(), sent);
    assert!(items.iter().all(|item| item.length == 900_000));
}
