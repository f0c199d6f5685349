// SPDX-License-Identifier: MPL-2.0
//! What ends with the lock.

use amate_app::{driver::Stopper, problem::Problem, take::Into};

use super::{pair::two, relay::NOW};

#[test]
fn locking_ends_what_is_asked_for_the_session() {
    let two = two();
    let (now, later) = (Stopper::default(), Stopper::default());
    two.witness.stop_when_locked(now.clone());
    assert!(!now.is_stopped());
    two.witness.clone().lock().unwrap();
    assert!(now.is_stopped());
    two.witness.stop_when_locked(later.clone());
    assert!(later.is_stopped(), "a question that begins after the lock");
}

#[test]
fn any_part_of_a_content_can_be_read_until_the_session_is_locked() {
    let two = two();
    let mut session = two.witness.clone();
    let content: Vec<u8> = (0..150_000_u32).map(|n| n.to_be_bytes()[3]).collect();
    let into = Into::New(String::new());
    session.import("acuse.pdf", &mut content.as_slice(), &into, NOW).unwrap();
    let mut recording = session.record("audio/wav", true, &into, NOW).unwrap();
    recording.push(&content, NOW).unwrap();
    session.finish(recording).unwrap();
    let mut last = None;
    for item in session.items(None).unwrap() {
        let mut reader = session.reader(item.id).unwrap();
        assert_eq!(reader.length(), content.len() as u64, "{}", item.origin);
        for at in [0, 1, 65_535, 65_536, 99_999, 149_990] {
            let mut some = [0; 10];
            let mut read = 0;
            while read < some.len() {
                read += reader.read_at((at + read) as u64, &mut some[read..]).unwrap();
            }
            assert_eq!(some, content[at..at + 10]);
        }
        assert_eq!(reader.read_at(content.len() as u64, &mut [0; 10]).unwrap(), 0);
        assert_eq!(reader.read_at(u64::MAX, &mut [0; 10]).unwrap(), 0);
        last = Some(reader);
    }
    two.witness.lock().unwrap();
    let mut reader = last.unwrap();
    assert!(matches!(reader.read_at(0, &mut [0; 10]), Err(Problem::Locked)));
}
