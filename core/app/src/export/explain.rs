// SPDX-License-Identifier: MPL-2.0
//! A result in plain words: what is proved, and what is not. Ids and arguments; the words stand in
//! core/data/locales/*/export.ftl.

use amate_wire::{document::unhex, facts::Fact};

use super::{
    Bound, Clock, ExportResult, ItemResult,
    result::{CaseResult, State},
};
use crate::{clock::rfc3339, keys::identity_id, text::Message};

/// The messages of a result, in order.
#[must_use]
pub fn explain(result: &ExportResult) -> Vec<Message> {
    let mut said = Vec::new();
    if result.is_intact() {
        said.push(Message::new("export-intact"));
    } else {
        said.push(Message::new("export-altered"));
        said.extend(result.altered.iter().map(|one| {
            Message::new("export-altered-file").with("file", &one.file).with("why", one.why.word())
        }));
    }
    let exporter = result.exporter.as_ref().and_then(|key| unhex(key).ok());
    said.extend(exporter.map(|key| {
        // The number that pairing shows.
        Message::new("export-exporter").with("identity", identity_id(&key).hex())
    }));
    said.extend(result.case.iter().flat_map(case));
    said.extend(result.items.iter().flat_map(item));
    said.extend(not_shown(result));
    said
}

fn case(case: &CaseResult) -> Vec<Message> {
    let mut said =
        vec![Message::new("export-case").with("here", case.here).with("listed", case.listed)];
    if !case.missing.is_empty() {
        let numbers: Vec<String> = case.missing.iter().map(u32::to_string).collect();
        said.push(Message::new("export-missing").with("numbers", numbers.join(", ")));
    }
    said
}

fn item(item: &ItemResult) -> Vec<Message> {
    let state = match item.state {
        State::Complete => "complete",
        State::Interrupted => "interrupted",
        State::Altered => "altered",
    };
    let mut said = vec![
        Message::new("export-item")
            .with("n", item.n)
            .with("origin", &item.origin)
            .with("state", state)
            .with("segments", item.segments)
            .with("custody", item.custody),
    ];
    said.extend(item.not_before.as_ref().map(|one| bound("export-not-before", one)));
    said.extend(item.not_after.as_ref().map(|one| bound("export-not-after", one)));
    if item.clock == Clock::None {
        said.push(Message::new("export-no-clock"));
    }
    if !item.facts.is_empty() {
        let facts = item.facts.iter().map(|fact| fact_words(*fact)).collect();
        said.push(Message::new("export-facts").with_names("facts", facts));
    }
    said
}

fn fact_words(fact: Fact) -> &'static str {
    match fact {
        Fact::Author => "fact-author",
        Fact::Boot => "fact-boot",
        Fact::Case => "fact-case",
        Fact::Clock => "fact-clock",
        Fact::Device => "fact-device",
        Fact::Identity => "fact-identity",
        Fact::Metadata => "fact-metadata",
        Fact::Name => "fact-name",
        Fact::Network => "fact-network",
        _ => "fact-place",
    }
}

fn bound(id: &'static str, bound: &Bound) -> Message {
    Message::new(id).with("time", rfc3339(bound.time)).with("origin", &bound.origin)
}

/// What nobody may read into it. Without evidence that holds there is nothing to limit.
fn not_shown(result: &ExportResult) -> Vec<Message> {
    if result.items.is_empty() {
        return Vec::new();
    }
    let mut said = vec![Message::new("export-not-shown")];
    let with = |origin: &str| result.items.iter().any(|item| item.origin == origin);
    let timed = result.items.iter().any(|item| item.clock == Clock::Relay);
    said.push(Message::new("export-not-shown-happened"));
    said.push(Message::new("export-not-shown-who"));
    if timed {
        said.push(Message::new("export-not-shown-clock"));
    }
    if with("import") {
        said.push(Message::new("export-not-shown-import"));
    }
    if result.items.iter().any(|item| item.state == State::Interrupted) {
        said.push(Message::new("export-not-shown-interrupted"));
    }
    if result.items.iter().any(|item| !item.facts.is_empty()) {
        said.push(Message::new("export-not-shown-facts"));
    }
    said.push(Message::new("export-not-shown-more"));
    said
}
