// SPDX-License-Identifier: MPL-2.0
//! Bytes that go over the network, both ways, counted by a proxy between phone and relay.

use std::{
    fs,
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use amate_e2e::actor::{Actor, Relay};

use crate::Stopped;

pub(crate) fn measure() -> Result<String, Stopped> {
    let dir = tempfile::tempdir_in(".")?;
    let dir = dir.path().canonicalize()?;
    let report = sent(&dir.join("relato"), 2_048)?;
    let photo = sent(&dir.join("foto"), 3_000_000)?;
    let (text, picture) = (2_048.0, 3_000_000.0);
    Ok(format!(
        "| what | up | down | against the plain bytes | aim |\n|---|---|---|---|---|\n\
         | report of 2 KiB, one recipient, HTTP and all | {} bytes | {} bytes | {:.1}× up | blocks and notice ≤ 12 288 bytes |\n\
         | photo of 3 MB, one recipient, HTTP and all | {} bytes | {} bytes | {:.3}× up | ≤ 1.15× |\n\
         | the second time the same is sent (nothing left to do) | {} bytes | {} bytes | | |",
        report.up,
        report.down,
        report.up as f64 / text,
        photo.up,
        photo.down,
        photo.up as f64 / picture,
        photo.again_up,
        photo.again_down,
    ))
}

struct Sent {
    up: u64,
    down: u64,
    again_up: u64,
    again_down: u64,
}

/// A phone that is paired already sends so many bytes.
fn sent(dir: &Path, length: usize) -> Result<Sent, Stopped> {
    fs::create_dir_all(dir)?;
    let mut relay = Relay::new(dir.join("relevo"));
    let capability = relay.invite()?;
    relay.start()?;
    let counter = Counter::start(relay.url().trim_start_matches("http://"))?;
    let (phone, desk) = (Actor::new(dir, "telefono")?, Actor::new(dir, "mesa")?);
    for (actor, name) in [(&phone, "Testigo"), (&desk, "Mesa")] {
        actor.must(&["init", "--name", name, "--cost", "1"])?;
    }
    desk.must(&["relay", "add", &counter.url, "--capability", &capability])?;
    let text = desk.must(&["pair", "show", "--grant", "1"])?;
    phone.must(&["pair", "scan", text.trim(), "--name", "Mesa"])?;
    if length < 10_000 {
        let story: String = "Volvieron a preguntar por la asamblea. ".repeat(60);
        phone.must(&["log", story.get(..length).unwrap_or(&story)])?;
    } else {
        let file = dir.join("foto.jpg");
        let bytes: Vec<u8> = (0..length as u64)
            .map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8)
            .collect();
        fs::write(&file, bytes)?;
        phone.must(&["import", &file.to_string_lossy()])?;
    }
    let (up, down) = counter.read();
    phone.must(&["send", "--case", "1", "--to", "Mesa"])?;
    let (after_up, after_down) = counter.read();
    phone.must(&["send"])?;
    let (again_up, again_down) = counter.read();
    Ok(Sent {
        up: after_up - up,
        down: after_down - down,
        again_up: again_up - after_up,
        again_down: again_down - after_down,
    })
}

struct Counter {
    url: String,
    up: Arc<AtomicU64>,
    down: Arc<AtomicU64>,
}

impl Counter {
    fn start(to: &str) -> Result<Self, Stopped> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let (up, down) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let (to, up_, down_) = (to.to_owned(), up.clone(), down.clone());
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let Ok(far) = TcpStream::connect(&to) else { continue };
                let (Ok(near_), Ok(far_)) = (near.try_clone(), far.try_clone()) else { continue };
                let (up, down) = (up_.clone(), down_.clone());
                std::thread::spawn(move || pass(near, far, &up));
                std::thread::spawn(move || pass(far_, near_, &down));
            }
        });
        Ok(Self { url, up, down })
    }

    fn read(&self) -> (u64, u64) {
        (self.up.load(Relaxed), self.down.load(Relaxed))
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, count: &AtomicU64) {
    let mut piece = [0; 16_384];
    while let Ok(n @ 1..) = from.read(&mut piece) {
        count.fetch_add(n as u64, Relaxed);
        if to.write_all(piece.get(..n).unwrap_or_default()).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
