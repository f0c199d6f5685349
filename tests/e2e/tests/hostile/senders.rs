// SPDX-License-Identifier: MPL-2.0
//! What a sender can do who signs and seals by their own rules, and what the desk makes of it.

use std::collections::BTreeMap;

use amate_app::{
    exchange::{Answer, Ask},
    export::verify_export,
    hand_over::Show,
    problem::Problem,
    store::inbox::Arrival,
    take::Into,
};
use amate_seal::{hash::sha256, random};
use amate_wire::{
    custody::{Act, CustodyEntry},
    document::{SignedDocument, read},
    id::{DocumentId, ItemId},
    parcel::Entry,
    receipt::{Receipt, Stored},
};

use super::{
    forge::{Forger, Piece},
    world::{Pair, Wire, now},
};

/// The desk collects; gives the state of the newest parcel.
pub fn collected(pair: &mut Pair) -> Arrival {
    pair.collect(&mut Wire::honest());
    pair.desk.session.received().unwrap().pop().unwrap().0.state
}

/// Whatever a stranger sent, those who are honest still arrive, and the vault opens again.
fn goes_on(mut pair: Pair) {
    pair.queue("Lo demás sigue llegando.");
    assert!(pair.send(&mut Wire::honest()).is_none());
    assert_eq!(collected(&mut pair), Arrival::Arrived);
    let Pair { server, witness, desk } = pair;
    let desk = desk.reopened();
    assert!(!desk.session.received().unwrap().is_empty());
    drop((server, witness));
}

/// What a stranger sends and does not hold is not even kept.
fn refused_and_forgotten(pair: &mut Pair) {
    let before = pair.desk.session.received().unwrap().len();
    let collected = pair.desk.session.collect(&mut Wire::honest(), now()).unwrap();
    assert_eq!((collected.arrived.len(), collected.refused), (0, 1));
    assert_eq!(pair.desk.session.received().unwrap().len(), before);
}

fn refused(entries: impl Fn(&Forger, &Piece) -> Vec<Entry>) {
    let (mut pair, mut forger) = (Pair::new(), Forger::new());
    let piece = Piece::new(b"Un oficio.", "oficio.txt");
    let entries = entries(&forger, &piece);
    forger.send(&pair, entries, &[&piece.content]);
    refused_and_forgotten(&mut pair);
    assert!(pair.desk.session.items(None).unwrap().is_empty(), "nothing of it is kept as evidence");
    goes_on(pair);
}

#[test]
fn somebody_unknown_is_received_and_shown_as_not_verified() {
    let (mut pair, mut forger) = (Pair::new(), Forger::new());
    forger.send_honestly(&pair, &[&Piece::new(b"Un oficio.", "oficio.txt")]);
    assert_eq!(collected(&mut pair), Arrival::Arrived);
    let (received, name, verified) = pair.desk.session.received().unwrap().remove(0);
    assert_eq!((name.as_str(), verified), ("", false));
    let report = pair.desk.session.open_report(&mut Wire::honest(), received.id, now()).unwrap();
    assert_eq!(report.items.len(), 1);
    assert!(!report.told, "nobody knows where an answer would go");
    let again = pair.desk.session.open_report(&mut Wire::honest(), received.id, now()).unwrap();
    assert!(!again.told, "and it is not said the second time either");
    goes_on(pair);
}

#[test]
fn content_that_is_not_the_manifests_is_refused() {
    let (mut pair, mut forger) = (Pair::new(), Forger::new());
    let true_hash = sha256(b"Un oficio.");
    for (content, hash, length) in [
        (&b"Otro texto"[..], true_hash, 10),
        (b"Un oficio.", true_hash, 9),
        (b"Un oficio. Y algo", true_hash, 10),
        (b"", true_hash, 10),
    ] {
        let piece = Piece::described(content, &hash, length, "oficio.txt");
        forger.send_honestly(&pair, &[&piece]);
        refused_and_forgotten(&mut pair);
    }
    goes_on(pair);
}

#[test]
fn a_manifest_with_a_duplicate_key_is_refused() {
    refused(|forger, piece| {
        let mut document = piece.made.document.clone();
        let json = String::from_utf8(document.json).unwrap();
        let twice = json.replacen("\"origin\":", "\"origin\":\"capture\",\"origin\":", 1);
        document.signature = piece.key().sign("amate/v1/manifest", twice.as_bytes());
        document.json = twice.into_bytes();
        let lie = Entry::Manifest(document.encode());
        let mut entries = forger.entries(&[piece]);
        entries.retain(|entry| !matches!(entry, Entry::Manifest(_)));
        [entries, vec![lie]].concat()
    });
}

#[test]
fn a_manifest_under_another_signature_is_refused() {
    refused(|forger, piece| {
        let mut document = piece.made.document.clone();
        document.signature = forger.case.sign("amate/v1/manifest", &document.json);
        let mut entries = forger.entries(&[piece]);
        entries.retain(|entry| !matches!(entry, Entry::Manifest(_)));
        [entries, vec![Entry::Manifest(document.encode())]].concat()
    });
}

#[test]
fn a_custody_chain_that_forks_inside_a_parcel_is_refused() {
    refused(|forger, piece| {
        let mut rng = random::system();
        let after = |act, rng: &mut _| {
            let first = &piece.made.entry;
            let key = piece.key();
            amate_app::evidence::next_entry(piece.made.id, (0, first.id), &key, act, "", "", rng)
        };
        let (one, two) = (after(Act::Send, &mut rng), after(Act::View, &mut rng));
        let both = [one, two].map(|made| Entry::Custody(made.document.encode()));
        [forger.entries(&[piece]), both.into()].concat()
    });
}

#[test]
fn a_chain_shown_otherwise_to_the_same_desk_is_named_and_refused() {
    let (mut pair, mut forger) = (Pair::new(), Forger::new());
    let piece = Piece::new(b"Un oficio.", "oficio.txt");
    for (act, expected) in [(Act::Send, Arrival::Arrived), (Act::View, Arrival::Refused)] {
        let next = amate_app::evidence::next_entry(
            piece.made.id,
            (0, piece.made.entry.id),
            &piece.key(),
            act,
            "",
            "",
            &mut random::system(),
        );
        let more = Entry::Custody(next.document.encode());
        let entries = [forger.entries(&[&piece]), vec![more]].concat();
        forger.send(&pair, entries, &[&piece.content]);
        if expected == Arrival::Arrived {
            assert_eq!(collected(&mut pair), expected);
        } else {
            refused_and_forgotten(&mut pair);
        }
    }
    let items = pair.desk.session.items(None).unwrap();
    assert_eq!(items.len(), 1, "what was whole before stays");
    goes_on(pair);
}

#[test]
fn an_item_that_its_maker_did_not_put_into_the_case_is_refused() {
    refused(|forger, piece| {
        // Somebody else's item, listed under a countersignature that is not its capture key's.
        let other = Piece::new(b"Ajeno.", "ajeno.txt");
        let mut entries = forger.of_piece(1, piece);
        entries.insert(0, Entry::Case(forger.statement(&[&other]).encode()));
        entries
    });
}

#[test]
fn facts_that_are_not_those_committed_to_are_refused() {
    refused(|forger, piece| {
        let mut entries = forger.entries(&[piece]);
        for entry in &mut entries {
            if let Entry::Facts(_, json) = entry {
                let lie = String::from_utf8_lossy(json).replace("oficio.txt", "orden.txt");
                *json = lie.into_bytes();
            }
        }
        entries
    });
}

#[test]
fn a_parcel_with_a_case_and_nothing_in_it_is_refused() {
    refused(|forger, piece| vec![Entry::Case(forger.statement(&[piece]).encode())]);
}

#[test]
fn entries_for_items_that_are_not_described_are_refused() {
    refused(|forger, piece| {
        let stray = Entry::Facts(ItemId([7; 32]), b"[]".to_vec());
        [forger.entries(&[piece]), vec![stray]].concat()
    });
}

#[test]
fn bytes_that_are_no_parcel_manifest_are_refused() {
    let (mut pair, mut forger) = (Pair::new(), Forger::new());
    forger.send(&pair, vec![Entry::Manifest(vec![0xff; 300])], &[]);
    refused_and_forgotten(&mut pair);
    forger.send(&pair, vec![Entry::Address(b"AMATE1:....".to_vec())], &[]);
    refused_and_forgotten(&mut pair);
    goes_on(pair);
}

#[test]
fn an_item_of_the_case_that_is_withheld_is_missed_by_number() {
    let (mut pair, mut forger) = (Pair::new(), Forger::new());
    let (one, two) = (Piece::new(b"Uno.", "1.txt"), Piece::new(b"Dos.", "2.txt"));
    let mut entries = vec![Entry::Case(forger.statement(&[&one, &two]).encode())];
    entries.extend(forger.of_piece(1, &two));
    forger.send(&pair, entries, &[&two.content]);
    assert_eq!(collected(&mut pair), Arrival::Arrived);
    let report = pair.desk.session.open_report(&mut Wire::honest(), 1, now()).unwrap();
    assert_eq!(report.case.statement.items.len(), 2, "two are listed");
    let here: Vec<u32> = report.items.iter().map(|one| one.item.number).collect();
    assert_eq!(here, [2], "one is here");
}

#[test]
fn a_notice_sealed_again_by_somebody_else_is_that_persons_and_not_the_senders() {
    // Who receives a notice knows the seed, and can only announce the parcel under their own name.
    let (mut pair, mut forger) = (Pair::new(), Forger::new());
    let piece = Piece::new(b"Un oficio.", "oficio.txt");
    forger.send_honestly(&pair, &[&piece]);
    assert_eq!(collected(&mut pair), Arrival::Arrived);
    let mut thief = Forger::new();
    thief.send_honestly(&pair, &[&piece]);
    // The thief has no key of the case that lists it: a case of their own needs the item's key.
    let stolen = thief.entries(&[&piece]);
    thief.send(&pair, stolen, &[&piece.content]);
    pair.collect(&mut Wire::honest());
    let senders: Vec<_> =
        pair.desk.session.received().unwrap().iter().map(|one| one.0.sender).collect();
    assert_ne!(senders[0], senders[1]);
}

/// Files of the export of a case, by name.
pub fn exported(pair: &mut Pair, case: i64) -> BTreeMap<String, Vec<u8>> {
    let mut zip = Vec::new();
    pair.desk.session.hand_over(case, &Show::All, &[], &mut zip, now()).unwrap();
    let (mut files, mut at) = (BTreeMap::new(), 0);
    while zip[at..].starts_with(b"PK\x03\x04") {
        let size = u32::from_le_bytes(zip[at + 18..at + 22].try_into().unwrap()) as usize;
        let data = at + 30 + usize::from(zip[at + 26]);
        let name = String::from_utf8(zip[at + 30..data].to_vec()).unwrap();
        files.insert(name, zip[data..data + size].to_vec());
        at = data + size;
    }
    files
}

pub fn document(files: &BTreeMap<String, Vec<u8>>, stem: &str) -> Vec<u8> {
    let signature = files[&format!("{stem}.sig")].as_slice().try_into().unwrap();
    SignedDocument { json: files[&format!("{stem}.json")].clone(), signature }.encode()
}

/// The witness's part of the first item's custody.
pub fn witness_part(files: &BTreeMap<String, Vec<u8>>) -> Vec<Entry> {
    let entry = |stem: &str| -> CustodyEntry { read(&files[&format!("{stem}.json")]).unwrap() };
    let by = entry("items/0001/custody/0000").by;
    (0..)
        .map(|n| format!("items/0001/custody/{n:04}"))
        .take_while(|stem| files.contains_key(&format!("{stem}.json")) && entry(stem).by == by)
        .map(|stem| Entry::Custody(document(files, &stem)))
        .collect()
}

#[test]
fn ones_own_item_sent_back_overwrites_nothing() {
    let mut pair = Pair::new();
    let into = Into::New("Propio".into());
    pair.desk.session.log("Nota de la mesa.", None, None, &into, now()).unwrap();
    let before = pair.desk.session.items(None).unwrap().remove(0);
    let files = exported(&mut pair, before.dossier);
    let item = before.id;
    let mut entries = witness_part(&files);
    entries.extend([
        Entry::Case(document(&files, "case")),
        Entry::Manifest(document(&files, "items/0001/manifest")),
        Entry::Facts(item, b"[]".to_vec()),
        Entry::Content { item, first: 1, count: 1 },
    ]);
    Forger::new().send(&pair, entries, &[&files["items/0001/content"]]);
    assert_eq!(collected(&mut pair), Arrival::Arrived);
    let after = pair.desk.session.items(None).unwrap().remove(0);
    assert!(after.mine, "it stays one's own");
    assert_eq!((after.kept, after.facts, after.medium), (before.kept, before.facts, before.medium));
    // And it can still be sent, as its maker made it, with nothing of this device in it.
    let text = pair.witness.session.pairing_text(&mut Wire::honest(), None, now()).unwrap();
    pair.desk.session.scan(&mut Wire::honest(), &text, "Quien documenta", now()).unwrap();
    for _ in 0..2 {
        let to = ["Quien documenta".to_owned()];
        pair.desk.session.queue(after.dossier, &[], &to, now()).unwrap();
        assert!(pair.desk.session.deliver(&mut Wire::honest(), now()).unwrap().problem.is_none());
        let collected = pair.witness.session.collect(&mut Wire::honest(), now()).unwrap();
        assert_eq!((collected.arrived.len(), collected.refused), (1, 0));
    }
    goes_on(pair);
}

#[test]
fn a_cut_copy_of_a_live_recording_changes_nothing_of_the_whole_one() {
    let mut pair = Pair::new();
    let into = Into::New("Caso".into());
    let mut recording = pair.witness.session.record("audio/wav", true, &into, now()).unwrap();
    for second in 0..4_u8 {
        recording.push(&[second; 10], now() + 6 * u64::from(second)).unwrap();
    }
    pair.witness.session.finish(recording).unwrap();
    pair.witness.session.queue(1, &[], &["Mesa".into()], now()).unwrap();
    assert!(pair.send(&mut Wire::honest()).is_none());
    assert_eq!(collected(&mut pair), Arrival::Arrived);
    let whole = pair.desk.session.items(None).unwrap().remove(0);
    pair.desk.session.open_report(&mut Wire::honest(), 1, now()).unwrap();
    let files = exported(&mut pair, whole.dossier);
    assert!(files.keys().any(|name| name.ends_with(".tlog-proof")));
    // Somebody who received it too sends its first segment on, with a proof of that shorter end.
    let segment = &files["items/0001/segments/000000"];
    let running: [u8; 32] = *segment[segment.len() - 96..].first_chunk().unwrap();
    let head_n = u32::try_from(witness_part(&files).len()).unwrap() - 1;
    let head = sha256(&files[&format!("items/0001/custody/{head_n:04}.json")]);
    let salt = [9; 32];
    let leaf = amate_seal::note::leaf(&salt, &whole.id.0, &running, &head);
    let relay = amate_wire::id::RelayKey(pair.server.key.public());
    let logged = super::forge::ask(&pair, &Ask::PostLeaf(leaf));
    let item = whole.id;
    let mut entries = witness_part(&files);
    entries.extend([
        Entry::Case(document(&files, "case")),
        Entry::Opening(document(&files, "items/0001/opening")),
        Entry::Facts(item, b"[]".to_vec()),
        Entry::Receipt { item, relay, salt, head_n, head: DocumentId(head), proof: logged },
        Entry::Content { item, first: 1, count: 1 },
    ]);
    Forger::new().send(&pair, entries, &[segment]);
    assert_eq!(collected(&mut pair), Arrival::Arrived);
    let mut zip = Vec::new();
    pair.desk.session.hand_over(whole.dossier, &Show::All, &[], &mut zip, now()).unwrap();
    let result = verify_export(std::io::Cursor::new(zip)).unwrap();
    assert!(result.is_intact(), "{}", String::from_utf8_lossy(&result.to_json()));
    assert!(result.items[0].not_after.is_some());
}

#[test]
fn numbers_beyond_what_is_kept_exactly_stop_nothing() {
    let (mut pair, mut forger) = (Pair::new(), Forger::new());
    for sequence in [u64::MAX - 1, 1 << 63, 1 << 53] {
        forger.sequence = sequence - 1;
        let piece = Piece::new(&sequence.to_be_bytes(), "n.txt");
        forger.send_honestly(&pair, &[&piece]);
    }
    let collected = pair.desk.session.collect(&mut Wire::honest(), now()).unwrap();
    assert!(collected.arrived.is_empty(), "such a notice is none");
    pair.queue("Lo demás sigue llegando.");
    assert!(pair.send(&mut Wire::honest()).is_none());
    assert_eq!(pair.collect(&mut Wire::honest()), 1);
}

#[test]
fn a_parcel_that_names_a_block_many_times_fetches_none_of_them() {
    let (mut pair, mut forger) = (Pair::new(), Forger::new());
    let piece = Piece::new(&[7; 300_000], "grande.bin");
    forger.repeat = 200;
    forger.send_honestly(&pair, &[&piece]);
    refused_and_forgotten(&mut pair);
    goes_on(pair);
}

#[test]
fn a_parcel_that_never_comes_whole_gives_its_room_back() {
    let (mut pair, mut forger) = (Pair::new(), Forger::new());
    forger.send_honestly(&pair, &[&Piece::new(&[7; 300_000], "grande.bin")]);
    let mut asked = 0;
    let mut one_block = Wire::lying(move |ask, real| {
        asked += u32::from(matches!(ask, Ask::GetBlock(_)));
        if asked > 2 { Ok(Answer { status: 404, body: Vec::new() }) } else { real(ask) }
    });
    assert_eq!(pair.desk.session.collect(&mut one_block, now()).unwrap().waiting, 1);
    assert!(pair.desk.session.storage().unwrap().media.used > 0);
    // Three days pass, as a receipt for something of the desk's own shows.
    let later = now() + 3 * 86_400;
    let key = pair.server.key.clone();
    let mut wire = Wire::lying(move |ask, real| {
        let Ask::PutBlock(_, bytes) = ask else { return real(ask) };
        real(ask)?;
        let receipt = Receipt {
            relay: amate_wire::id::RelayKey(key.public()),
            stored: Stored::Block,
            hash: sha256(bytes),
            length: u32::try_from(bytes.len()).unwrap(),
            at: later,
            until: later + 100,
        };
        Ok(Answer { status: 201, body: amate_seal::note::sign_receipt(&key, &receipt) })
    });
    let into = Into::New("Propio".into());
    pair.desk.session.log("Nota.", None, None, &into, later).unwrap();
    pair.desk.session.queue(1, &[], &["Quien documenta".into()], later).unwrap();
    pair.desk.session.deliver(&mut wire, later).unwrap();
    let collected = pair.desk.session.collect(&mut Wire::honest(), later).unwrap();
    assert_eq!((collected.refused, collected.waiting), (1, 0));
    assert!(pair.desk.session.received().unwrap().is_empty());
    assert_eq!(pair.desk.session.storage().unwrap().media.used, 0, "nothing of it is left");
    assert_eq!(pair.desk.session.items(None).unwrap().len(), 1, "and all of the desk's own");
}

#[test]
fn a_parcel_larger_than_the_reserve_does_not_stop_the_next() {
    let (mut pair, mut forger) = (Pair::new(), Forger::new());
    forger.send_honestly(&pair, &[&Piece::new(&[7; 3_000_000], "grande.bin")]);
    pair.desk.session.set_reserve(1_000_000).unwrap();
    pair.queue("Lo demás sigue llegando.");
    assert!(pair.send(&mut Wire::honest()).is_none());
    let collected = pair.desk.session.collect(&mut Wire::honest(), now()).unwrap();
    assert!(matches!(collected.problem, Some(Problem::NoSpace)), "{:?}", collected.problem);
    assert_eq!((collected.arrived.len(), collected.waiting), (1, 1));
    pair.desk.session.set_reserve(100_000_000).unwrap();
    assert_eq!(pair.collect(&mut Wire::honest()), 1, "it comes when there is room");
}

#[test]
fn hostile_file_names_are_text_and_never_paths() {
    let (mut pair, mut forger) = (Pair::new(), Forger::new());
    let names = ["../../etc/passwd", "a\n\rb\u{1b}[2J", "\u{202e}gpj.exe", "", "CON", "x\0y"];
    for name in names {
        forger.send_honestly(&pair, &[&Piece::new(name.as_bytes(), name)]);
        forger.case = amate_seal::sign::SigningKey::random(&mut random::system());
        assert_eq!(collected(&mut pair), Arrival::Arrived, "{name:?}");
    }
    let titles: Vec<String> =
        pair.desk.session.items(None).unwrap().into_iter().map(|one| one.title).collect();
    assert_eq!(titles, names, "kept as they came, shown through text::printable");
    goes_on(pair);
}

#[test]
fn the_same_notice_in_the_box_twice_arrives_once() {
    let (mut pair, mut forger) = (Pair::new(), Forger::new());
    let sealed = forger.send_honestly(&pair, &[&Piece::new(b"Un oficio.", "oficio.txt")]);
    let contact = pair.witness.session.contacts().unwrap().remove(0);
    let set = amate_app::keys::VerifiedKeySet::check(&contact.key_set, contact.identity, None);
    let mailbox = set.unwrap().set().mailboxes[0].mailbox;
    super::forge::put(&pair, &Ask::PostNotice(mailbox, sealed));
    assert_eq!(collected(&mut pair), Arrival::Arrived);
    assert_eq!(pair.desk.session.received().unwrap().len(), 1);
}

#[test]
fn an_item_that_is_sent_again_arrives_again_with_its_longer_custody() {
    let mut pair = Pair::new();
    pair.queue("Una nota.");
    assert!(pair.send(&mut Wire::honest()).is_none());
    assert_eq!(collected(&mut pair), Arrival::Arrived);
    pair.desk.session.open_report(&mut Wire::honest(), 1, now()).unwrap();
    pair.witness.session.queue(1, &[], &["Mesa".into()], now()).unwrap();
    assert!(pair.send(&mut Wire::honest()).is_none());
    assert_eq!(collected(&mut pair), Arrival::Arrived);
    assert_eq!(pair.desk.session.items(None).unwrap().len(), 1);
}

#[test]
fn a_recording_that_was_cut_before_its_first_part_is_not_sent() {
    let mut pair = Pair::new();
    let into = Into::New("Caso".into());
    let recording = pair.witness.session.record("audio/wav", true, &into, now()).unwrap();
    drop(recording);
    let Pair { server, witness, desk } = pair;
    let mut pair = Pair { server, witness: witness.reopened(), desk };
    let to = ["Mesa".to_owned()];
    let nothing = pair.witness.session.queue(1, &[], &to, now());
    assert!(matches!(nothing, Err(Problem::NothingToSend)));
    pair.witness.session.log("Una nota.", None, None, &Into::Last, now()).unwrap();
    pair.witness.session.queue(1, &[], &to, now()).unwrap();
    assert!(pair.send(&mut Wire::honest()).is_none());
    assert_eq!(collected(&mut pair), Arrival::Arrived);
}

#[test]
fn a_grant_replaces_no_capability_that_is_held() {
    let mut pair = Pair::new();
    let own = |pair: &Pair| pair.desk.session.relays().unwrap()[0].capability.clone();
    let before = own(&pair);
    let text = pair.desk.session.pairing_text(&mut Wire::honest(), Some(9), now()).unwrap();
    let mut other = super::world::Person::new("Otra mesa");
    let server = &pair.server;
    let (url, capability) = (&server.url, &server.capability);
    other.session.add_relay(&mut Wire::honest(), url, None, Some(capability)).unwrap();
    other.session.scan(&mut Wire::honest(), &text, "Mesa", now()).unwrap();
    let held = other.session.relays().unwrap()[0].capability.clone();
    assert_eq!(held.as_ref(), Some(capability), "an organisation's own stays");
    let text = other.session.pairing_text(&mut Wire::honest(), None, now()).unwrap();
    pair.desk.session.scan(&mut Wire::honest(), &text, "Otra mesa", now()).unwrap();
    pair.desk.session.deliver(&mut Wire::honest(), now()).unwrap();
    other.session.collect(&mut Wire::honest(), now()).unwrap();
    assert_eq!(other.session.relays().unwrap()[0].capability, held);
    assert_eq!(own(&pair), before);
}

#[test]
fn who_is_blocked_is_not_heard() {
    let mut pair = Pair::new();
    pair.desk.session.block("Quien documenta").unwrap();
    pair.queue("Una nota.");
    assert!(pair.send(&mut Wire::honest()).is_none());
    assert_eq!(pair.collect(&mut Wire::honest()), 0);
    assert!(pair.desk.session.received().unwrap().is_empty());
}
