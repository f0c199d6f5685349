// SPDX-License-Identifier: MPL-2.0
//! Vector files (spec/README.md, Vectors): written here, read by tests.

#![allow(dead_code, reason = "the writer writes, the tests read")]

use std::{fs, path::Path};

use data_encoding::BASE64;

const COLUMNS: usize = 76;

/// One vector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vector {
    pub name: String,
    /// `expect`, `spec`, `comment` and the others, in order; `encoding` is not among them.
    pub header: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Vector {
    pub fn new(name: &str, expect: &str, spec: &str, comment: &str, body: Vec<u8>) -> Self {
        let header = [("expect", expect), ("spec", spec), ("comment", comment)];
        let header = header.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        Self { name: name.into(), header, body }
    }

    /// Adds an input or an expected value.
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.header.push((key.into(), value.into()));
        self
    }

    /// A value of the header.
    pub fn find(&self, key: &str) -> Option<&str> {
        self.header.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The file.
    pub fn to_text(&self) -> String {
        let lines = self.header.iter().map(|(key, value)| format!("{key}: {value}\n"));
        let body = BASE64.encode(&self.body).into_bytes();
        let body = body.chunks(COLUMNS).map(|line| String::from_utf8_lossy(line) + "\n");
        lines.chain(["encoding: base64\n\n".to_owned()]).chain(body.map(Into::into)).collect()
    }

    /// Reads a file.
    pub fn parse(name: &str, text: &str) -> Self {
        let (head, body) = text.split_once("\n\n").unwrap();
        let mut header: Vec<(String, String)> = head
            .lines()
            .map(|line| line.split_once(": ").unwrap())
            .map(|(key, value)| (key.into(), value.into()))
            .collect();
        let at = header.iter().position(|(key, _)| key == "encoding").unwrap();
        let body = match header.remove(at).1.as_str() {
            "base64" => BASE64.decode(body.replace('\n', "").as_bytes()).unwrap(),
            encoding => {
                assert_eq!(encoding, "text");
                body.as_bytes().to_vec()
            }
        };
        Self { name: name.into(), header, body }
    }

    /// All vectors of a folder, by name.
    pub fn read_all(folder: &Path) -> Vec<Self> {
        let mut all: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "vec"))
            .map(|path| {
                let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
                Self::parse(&name, &fs::read_to_string(&path).unwrap())
            })
            .collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }
}
