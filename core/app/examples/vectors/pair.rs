// SPDX-License-Identifier: MPL-2.0
//! An accepted vector and the rejected ones made from it: each differs by one named defect.

use amate_wire::document::hex;

use super::vector::Vector;

/// Keys that describe a vector; the others are inputs, or results when they begin with `gives-`.
const OWN: [&str; 4] = ["expect", "spec", "comment", "from"];

/// An accepted vector of a structure.
pub fn good(structure: &str, name: &str, spec: &str, why: &str, body: Vec<u8>) -> Vector {
    Vector::new(name, "accept", spec, why, body).with("structure", structure)
}

impl Vector {
    /// Adds bytes in hex.
    pub fn bytes(self, key: &str, bytes: &[u8]) -> Self {
        self.with(key, hex(bytes))
    }

    /// A rejected vector: this one with one defect.
    pub fn bad(
        &self,
        name: &str,
        expect: &str,
        rule: &str,
        why: &str,
        spoil: impl FnOnce(&mut Self),
    ) -> Self {
        let mut other = Self::new(name, expect, rule, why, self.body.clone());
        let inputs = self
            .header
            .iter()
            .filter(|(key, _)| !OWN.contains(&key.as_str()) && !key.starts_with("gives-"));
        other.header.extend(inputs.cloned());
        let before = other.clone();
        spoil(&mut other);
        assert_ne!(before, other, "{name} has no defect");
        other.with("from", self.name.clone())
    }

    /// Replaces an input.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        let found = self.header.iter_mut().find(|(name, _)| name == key);
        found.unwrap().1 = value.into();
    }

    /// Replaces part of a body of text, once.
    pub fn replace(&mut self, from: &str, to: &str) {
        let text = String::from_utf8(self.body.clone()).unwrap();
        assert!(text.contains(from), "{}: {from}", self.name);
        self.body = text.replacen(from, to, 1).into_bytes();
    }
}
