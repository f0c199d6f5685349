// SPDX-License-Identifier: MPL-2.0
//! Media as plain bytes, and how much of each is sure.

use std::{collections::BTreeMap, fmt, sync::Arc};

pub type Id = [u8; 16];

/// All media of the oracle.
#[derive(Clone, Default, Debug)]
pub struct Media(pub BTreeMap<Id, Medium>);

/// A medium.
#[derive(Clone)]
pub struct Medium {
    pub state: State,
    /// What its writer was given.
    pub content: Arc<Vec<u8>>,
    /// So much of it survives a kill.
    pub durable: usize,
    /// An end that failed may be found all the same.
    pub may_have_ended: bool,
}

/// How far a medium is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its writer goes on.
    Open,
    /// Its end is durable; no record names it yet.
    Ended,
    /// Finished and recorded.
    Whole,
    /// Cut, and known to be.
    Prefix,
}

impl fmt::Debug for Medium {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { state, content, durable, may_have_ended } = self;
        let end = if *may_have_ended { ", its end was tried" } else { "" };
        write!(f, "{state:?}, {durable} of {} bytes sure{end}", content.len())
    }
}

impl Media {
    pub fn begin(&mut self, id: Id) {
        let new = Medium {
            state: State::Open,
            content: Arc::default(),
            durable: 0,
            may_have_ended: false,
        };
        assert!(self.0.insert(id, new).is_none(), "an id is new");
    }

    pub fn write(&mut self, id: &Id, bytes: &[u8]) {
        Arc::make_mut(&mut self.medium(id).content).extend_from_slice(bytes);
    }

    pub fn make_durable(&mut self, id: &Id) {
        let medium = self.medium(id);
        medium.durable = medium.content.len();
    }

    pub fn finish(&mut self, id: &Id) {
        self.make_durable(id);
        self.medium(id).state = State::Ended;
    }

    /// The record makes all of it known, whatever a walk found meanwhile.
    pub fn record(&mut self, id: &Id, content: &[u8]) {
        let medium = self.medium(id);
        medium.state = State::Whole;
        medium.content = Arc::new(content.to_vec());
        medium.durable = content.len();
    }

    /// Its end was tried, and failed.
    pub fn may_have_ended(&mut self, id: &Id) {
        self.medium(id).may_have_ended = true;
    }

    pub fn delete(&mut self, id: &Id) {
        self.0.remove(id);
    }

    /// After a crash this much of an open medium was found.
    pub fn found(&mut self, id: &Id, len: usize) {
        let medium = self.medium(id);
        Arc::make_mut(&mut medium.content).truncate(len);
        medium.durable = len;
    }

    /// What the next unlock does to media that no writer ended, or that nobody recorded; one of
    /// which the writer goes on is left alone.
    pub fn walk(&mut self, running: [Option<Id>; 2]) {
        for (id, medium) in &mut self.0 {
            medium.state = match medium.state {
                State::Open if running.contains(&Some(*id)) => State::Open,
                State::Open => State::Prefix,
                State::Ended => State::Whole,
                known => known,
            };
        }
    }

    fn medium(&mut self, id: &Id) -> &mut Medium {
        self.0.get_mut(id).expect("a medium that was begun")
    }
}
