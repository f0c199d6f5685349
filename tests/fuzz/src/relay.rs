// SPDX-License-Identifier: MPL-2.0
//! The relay: requests against the real router, and segment files as a start finds them.

use std::{
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use amate_relay::{
    relay::Relay,
    router,
    store::{Blob, Disk, Memory, Owner, Store},
};
use amate_seal::{
    hash::{labelled, sha256},
    kdf::derive,
};
use amate_wire::{
    capability::Capability,
    document::hex,
    id::{MailboxId, RelayKey},
    keyset::{self, KeySet},
    request::{FETCH_LABEL, fetch_message},
};
use axum::{
    body::{Body, to_bytes},
    http::{Request, Uri},
};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt;

use crate::world::{Cursor, TIME, key, secret};

const METHODS: [&str; 8] = ["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS", "BREW"];
/// A relay of this process lives for so many requests.
const LIFE: u32 = 5_000;
const QUOTA: u64 = 64 * 1024 * 1024;

struct Running {
    relay: Arc<Relay>,
    runtime: Runtime,
    requests: u32,
}

/// `u8(method) ‖ u8(flags) ‖ path ‖ '\n' ‖ body`. In the path, `{h}` stands for the hash of the
/// body, `{i}` for an identity, `{m}` for a mailbox. Flags: 1 a capability that holds, 2 a
/// signature of the mailbox, 4 a key set that the identity signs, 8 the body as capability.
pub fn relay(bytes: &[u8]) -> bool {
    static RUNNING: OnceLock<Mutex<Running>> = OnceLock::new();
    let mut cursor = Cursor(bytes);
    let (method, flags) = (METHODS[usize::from(cursor.u8()) % METHODS.len()], cursor.u8());
    let Some(at) = cursor.0.iter().position(|byte| *byte == b'\n') else { return false };
    let (path, body) = cursor.0.split_at(at);
    let body = if flags & 4 == 0 { body[1..].to_vec() } else { signed_key_set(&body[1..]) };
    let path = String::from_utf8_lossy(path)
        .replace("{h}", &hex(&sha256(&body)))
        .replace("{i}", &hex(&labelled("amate/v1/identity", &[&key("identity").public()])))
        .replace("{m}", &hex(&labelled("amate/v1/mailbox", &[&key("mailbox").public()])));
    let Ok(uri) = path.parse::<Uri>() else { return false };
    let mut running = RUNNING.get_or_init(|| Mutex::new(start())).lock().expect("no panic before");
    if running.requests == LIFE {
        let old = std::mem::replace(&mut *running, start());
        old.relay.finish();
    }
    running.requests += 1;
    let Some(request) = request(&running.relay, method, uri, flags, body) else { return false };
    ask(&running, request)
}

fn request(
    relay: &Relay,
    method: &str,
    uri: Uri,
    flags: u8,
    body: Vec<u8>,
) -> Option<Request<Body>> {
    let mut request = Request::builder().method(method);
    if flags & 2 != 0 {
        let path = uri.path_and_query().map_or("", |path| path.as_str());
        let message = fetch_message(method, path, &relay.key(), TIME);
        request = request
            .header("amate-mailbox-key", hex(&key("mailbox").public()))
            .header("amate-time", TIME.to_string())
            .header("amate-signature", hex(&key("mailbox").sign(FETCH_LABEL, &message)));
    }
    if flags & 8 != 0 {
        request = request.header("authorization", [b"Amate ", body.as_slice()].concat());
    } else if flags & 1 != 0 {
        let org = Relay::capability(&secret("capabilities"), [1; 16]);
        let own = derive(&org.secret, "amate/v1/capability/sub", &[&7_u32.to_be_bytes()]);
        let person = Capability { id: org.id, n: 7, secret: *own.expose() };
        let held = if flags & 16 == 0 { person } else { org };
        request = request.header("authorization", format!("Amate {}", held.to_text()));
    }
    request.uri(uri).body(Body::from(body)).ok()
}

/// Served, or refused with a problem document; never an error of the relay's own.
fn ask(running: &Running, request: Request<Body>) -> bool {
    let router = router(running.relay.clone());
    let head = request.method() == "HEAD";
    let (status, kind, body) = running.runtime.block_on(async move {
        let response = router.oneshot(request).await.expect("infallible");
        let kind = response.headers().get("content-type").cloned();
        let status = response.status();
        let body = to_bytes(response.into_body(), 1 << 22).await.expect("whole");
        (status, kind, body)
    });
    if status.is_success() {
        return true;
    }
    assert!(status.is_client_error(), "{status}");
    assert!(kind.is_some_and(|kind| kind == "application/problem+json"), "{status}");
    if !head {
        let value: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        let code = value.get("type").and_then(|one| one.as_str());
        assert!(code.is_some_and(|code| code.starts_with("urn:amate:relay:")));
    }
    false
}

fn start() -> Running {
    let mut store = Memory::default();
    store.invite([1; 16], QUOTA);
    let clock = Arc::new(|| TIME);
    let relay = Relay::start(Box::new(store), key("relay"), secret("capabilities"), clock, None)
        .expect("started");
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    Running { relay, runtime, requests: 0 }
}

fn signed_key_set(bytes: &[u8]) -> Vec<u8> {
    let Ok(mut set) = KeySet::parse(bytes) else { return bytes.to_vec() };
    set.identity = key("identity").public();
    let Ok(signed) = set.signed_bytes() else { return bytes.to_vec() };
    set.signature = key("identity").sign(keyset::LABEL, &signed);
    set.encode().unwrap_or_default()
}

/// The relay that the samples belong to.
pub(crate) fn relay_key() -> RelayKey {
    RelayKey(key("relay").public())
}

/// A segment file of blobs, read at a start: what is whole is served, and what is stored after that
/// is found by the next start.
pub fn relay_segment(bytes: &[u8]) -> bool {
    static DIR: OnceLock<Mutex<TempDir>> = OnceLock::new();
    let dir = DIR.get_or_init(|| Mutex::new(memory_dir()));
    let dir = dir.lock().unwrap_or_else(PoisonError::into_inner);
    std::fs::create_dir_all(dir.path().join("segments")).expect("a folder");
    std::fs::write(dir.path().join("segments/00000001.seg"), bytes).expect("written");
    let found = start_and_store(dir.path());
    let mut again = Disk::open(dir.path()).expect("opens");
    let blobs = again.load().expect("loads").blobs;
    assert_eq!(blobs.len(), found + 1, "what was acknowledged is there");
    let (blob, place) = blobs.last().expect("one");
    let place = place.expect("stored");
    assert_eq!(again.reader().read(place).expect("readable"), b"new");
    assert_eq!(blob.hash, [8; 32]);
    found > 0
}

fn start_and_store(dir: &Path) -> usize {
    let mut disk = Disk::open(dir).expect("opens");
    let loaded = disk.load().expect("loads");
    let reader = disk.reader();
    for (_, place) in &loaded.blobs {
        if let Some(place) = place {
            assert_eq!(reader.read(*place).expect("readable").len(), place.len as usize);
        }
    }
    disk.append(&[blob(8, None, b"new")]).expect("stored");
    loaded.blobs.len()
}

pub(crate) fn blob(n: u8, notice: Option<(MailboxId, u64)>, bytes: &[u8]) -> Blob {
    let owner = Owner { organisation: [1; 16], n: 7 };
    Blob { hash: [n; 32], notice, owner, at: TIME, until: TIME + 9, bytes: bytes.to_vec() }
}

/// A segment file with a block, a notice and a renewal.
pub(crate) fn segment_file() -> Vec<u8> {
    let dir = memory_dir();
    let mut disk = Disk::open(dir.path()).expect("opens");
    disk.load().expect("loads");
    let blobs = [
        blob(1, None, &[5; 300]),
        blob(2, Some((MailboxId([3; 32]), 4)), &[6; 40]),
        blob(1, None, &[]),
    ];
    disk.append(&blobs).expect("stored");
    std::fs::read(dir.path().join("segments/00000001.seg")).expect("there")
}

/// Where nothing is flushed to a disk.
fn memory_dir() -> TempDir {
    let memory = Path::new("/dev/shm");
    let dir = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    dir.expect("a folder")
}
