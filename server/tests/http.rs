// SPDX-License-Identifier: MPL-2.0
//! What the relay answers, as readable text: each file of tests/http runs against the real router.
//!
//! `METHOD PATH [as CAPABILITY | signed by KEY [N s old]] [body NAME]`, then `STATUS [WHAT …]`.
//! Names in braces stand for ids of the bodies: `{a}` is the SHA-256 of body `a`.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod world;

use std::{fs, path::Path};

use axum::http::StatusCode;
use world::{World, problem};

#[test]
fn the_scripts_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/http");
    let mut scripts: Vec<_> =
        fs::read_dir(folder).unwrap().map(|one| one.unwrap().path()).collect();
    scripts.sort();
    assert!(scripts.len() >= 5);
    for script in scripts {
        let text = fs::read_to_string(&script).unwrap();
        let name = script.file_name().unwrap().to_string_lossy().into_owned();
        let mut world = World::in_memory();
        let mut lines = text.lines().enumerate();
        while let Some((number, line)) = lines.next() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(seconds) = line.strip_prefix("wait ") {
                world.wait(seconds.parse().unwrap());
                continue;
            }
            let (_, expected) = lines.next().expect("an answer");
            step(&mut world, line, expected, &format!("{name}:{}: {line}", number + 1));
        }
    }
}

fn step(world: &mut World, line: &str, expected: &str, at: &str) {
    let (status, kind, body) = world.ask(line);
    let mut words = expected.split_whitespace();
    let code: u16 = words.next().unwrap().parse().unwrap();
    let text = String::from_utf8_lossy(&body).into_owned();
    assert_eq!(status, StatusCode::from_u16(code).unwrap(), "{at}\n{text}");
    match words.next() {
        None => {}
        Some("problem") => {
            assert_eq!(kind, "application/problem+json", "{at}");
            assert_eq!(problem(&body), words.next().unwrap(), "{at}");
        }
        Some("receipt") => world.receipt(line, &body, at),
        Some("bytes") => assert_eq!(body, world.body(words.next().unwrap()), "{at}"),
        Some("notices") => {
            let names: Vec<Vec<u8>> = words.map(|name| world.body(name)).collect();
            let held: Vec<Vec<u8>> =
                body.chunks(8 + 4096).map(|one| one.get(8..).unwrap().to_vec()).collect();
            assert_eq!(held, names, "{at}");
        }
        Some("proof") => world.proof(line, &text, at),
        Some("checkpoint") => world.checkpoint(&text, at),
        Some("text") => {
            let rest: Vec<_> = words.collect();
            assert_eq!(text.trim(), rest.join(" "), "{at}");
        }
        Some(other) => panic!("{at}: what is {other}?"),
    }
}
