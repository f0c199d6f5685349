// SPDX-License-Identifier: MPL-2.0
//! Vectors of spec/vault.md. Everything is written here by the specification alone, without the
//! store's own code, so that one checks the other.

mod cells;
mod header;
mod layer;
mod pages;

use amate_seal::{aead, hash::labelled, kdf::derive, secret::Secret};
use rand_core::TryRng;

use super::{pair::good, sample::Seeded, vector::Vector};

const UNIT: usize = 4_096;

/// All of them.
pub fn vectors() -> Vec<Vector> {
    [header::vectors(), layer::vectors(), pages::vectors(), cells::vectors()].concat()
}

/// The same bytes for the same name.
fn bytes<const N: usize>(name: &str) -> [u8; N] {
    let mut out = [0; N];
    for (n, chunk) in out.chunks_mut(32).enumerate() {
        let block = labelled("amate sample vault", &[name.as_bytes(), &[n as u8]]);
        chunk.copy_from_slice(&block[..chunk.len()]);
    }
    out
}

/// Many of them.
fn noise(name: &'static str, len: usize) -> Vec<u8> {
    let mut out = vec![0; len];
    Seeded::new(name).try_fill_bytes(&mut out).unwrap();
    out
}

fn secret(key: &[u8; 32], label: &str, parts: &[&[u8]]) -> Secret<32> {
    derive(key, label, parts)
}

/// `salt ‖ ChaCha20-Poly1305(derive₃₂(key, label, parts …, salt), nonce 0, AAD "", plain)`.
fn sealed(key: &[u8; 32], label: &str, parts: &[&[u8]], name: &str, plain: &[u8]) -> Vec<u8> {
    let salt: [u8; 16] = bytes(name);
    let parts = [parts, &[&salt]].concat();
    let mut body = plain.to_vec();
    let tag = aead::seal_once(&secret(key, label, &parts), &[], &mut body);
    [salt.as_slice(), &body, &tag].concat()
}

/// Zeros up to a length.
fn padded(mut bytes: Vec<u8>, len: usize) -> Vec<u8> {
    assert!(bytes.len() <= len);
    bytes.resize(len, 0);
    bytes
}

/// The same vector with other bytes where no reader looks (spec/README.md, Conventions): it opens,
/// and gives the same.
fn with_unread(vector: &Vector, body: Vec<u8>) -> Vector {
    let mut other = vector.clone();
    other.name = format!("{}-unread", vector.name);
    other.set("comment", "what no reader looks at is not zero");
    other.body = body;
    other
}

/// Something else than zero up to a length.
fn unread(mut bytes: Vec<u8>, len: usize) -> Vec<u8> {
    assert!(bytes.len() < len);
    bytes.resize(len, 0xa5);
    bytes
}

/// Flips a bit in the middle.
fn flip(vector: &mut Vector) {
    let middle = vector.body.len() / 2;
    vector.body[middle] ^= 1;
}

/// Halves, spool, pages, cells, journal and extents of a vector.
fn plan(vector: Vector, numbers: [u32; 5], extents: &str) -> Vector {
    let names = ["halves", "spool", "pages", "cells", "journal"];
    let with = |vector: Vector, (name, number): (&str, u32)| vector.with(name, number.to_string());
    names.into_iter().zip(numbers).fold(vector, with).with("extents", extents)
}

fn words(numbers: &[u64]) -> String {
    let words: Vec<String> = numbers.iter().map(u64::to_string).collect();
    words.join(" ")
}
