// SPDX-License-Identifier: MPL-2.0
//! The paths of spec/relay.md: typed extract, one call, typed answer.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use amate_seal::{hash::sha256, note, sign};
use amate_wire::{
    block::BlockClass,
    capability::Capability,
    document::{hex, unhex},
    id::{IdentityId, MailboxId},
    keyset::{self, KeySet},
    log::{hashes_to_text, parse_tile_index},
    notice::SEALED_LEN,
    receipt::{Receipt, Stored},
    request::{FETCH_LABEL, FETCH_WINDOW, fetch_message},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Path, RawQuery, Request, State},
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH},
    },
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{delete, get, post, put},
};
use tokio::sync::Semaphore;

use crate::{
    committer::{Durable, Job, LIFE},
    metrics::Metrics,
    problem::{PROBLEM, Problem},
    relay::Relay,
    store::Owner,
};

/// Method and path of everything that is served, as OpenAPI writes them.
pub const ROUTES: &[(&str, &str)] = &[
    ("GET", "/health"),
    ("GET", "/v1/relay"),
    ("PUT", "/v1/blocks/{id}"),
    ("GET", "/v1/blocks/{id}"),
    ("POST", "/v1/mailboxes/{mailbox}/notices"),
    ("GET", "/v1/mailboxes/{mailbox}/notices"),
    ("DELETE", "/v1/mailboxes/{mailbox}/notices"),
    ("PUT", "/v1/keysets/{identity}"),
    ("GET", "/v1/keysets/{identity}"),
    ("POST", "/v1/log/leaves"),
    ("GET", "/v1/log/checkpoint"),
    ("POST", "/v1/log/checkpoint"),
    ("GET", "/v1/log/consistency/{old}/{new}"),
    ("GET", "/v1/log/tile/{path}"),
    ("PUT", "/v1/meetings/{id}/{slot}"),
    ("GET", "/v1/meetings/{id}/{slot}"),
    ("PUT", "/v1/capabilities/{n}/revoked"),
];

/// Whole body within this time: 256 KiB at 1 KiB/s, and a little.
const BODY: Duration = Duration::from_secs(300);
/// Bodies that are read at once: 128 × 256 KiB = 32 MiB.
const BODIES: usize = 128;
/// Of them, for one capability.
const BODIES_EACH: usize = 32;
/// Bodies of those who show no capability, and their time: they are small.
const OPEN_BODIES: usize = 32;
const OPEN_BODY: Duration = Duration::from_secs(60);
const PAGE: usize = 64;
const BLOCK_MAX: usize = 262_144;
const TEXT_MAX: usize = 8_192;
const TILE: u64 = 256;

type Shared = State<Served>;
type Answer = Result<Response, Problem>;

/// What handlers get.
#[derive(Clone)]
struct Served {
    relay: Arc<Relay>,
    bodies: Arc<Bodies>,
}

/// Places for bodies under way.
struct Bodies {
    all: Semaphore,
    open: Semaphore,
    each: Mutex<HashMap<Owner, usize>>,
}

/// A capability's place; given back on drop.
struct Place<'a>(&'a Bodies, Owner);

impl Bodies {
    fn place(&self, owner: Owner) -> Result<Place<'_>, Problem> {
        let mut each = self.each.lock().unwrap_or_else(PoisonError::into_inner);
        let held = each.entry(owner).or_default();
        if *held >= BODIES_EACH {
            return Err(Problem::Busy);
        }
        *held += 1;
        Ok(Place(self, owner))
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut each = self.0.each.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = each.get_mut(&self.1) {
            *held -= 1;
            if *held == 0 {
                each.remove(&self.1);
            }
        }
    }
}

/// The router over a relay.
pub fn router(relay: Arc<Relay>) -> Router {
    let bodies = Bodies {
        all: Semaphore::new(BODIES),
        open: Semaphore::new(OPEN_BODIES),
        each: Mutex::default(),
    };
    let served = Served { relay, bodies: Arc::new(bodies) };
    Router::new()
        .route("/health", get(health))
        .route("/v1/relay", get(about))
        .route("/v1/blocks/{id}", put(put_block).get(get_block))
        .route(
            "/v1/mailboxes/{mailbox}/notices",
            post(post_notice).get(list_notices).merge(delete(drop_notices)),
        )
        .route("/v1/keysets/{identity}", put(put_key_set).get(get_key_set))
        .route("/v1/log/leaves", post(post_leaf))
        .route("/v1/log/checkpoint", get(checkpoint).post(show_checkpoint))
        .route("/v1/log/consistency/{old}/{new}", get(consistency))
        .route("/v1/log/tile/{*path}", get(tile))
        .route("/v1/meetings/{id}/{slot}", put(put_slot).get(get_slot))
        .route("/v1/capabilities/{n}/revoked", put(revoke))
        .fallback(|| async { Problem::NotFound })
        .method_not_allowed_fallback(|| async { Problem::MethodNotAllowed })
        .layer(from_fn_with_state(served.clone(), count))
        .with_state(served)
}

async fn count(State(served): Shared, request: Request, next: Next) -> Response {
    Metrics::add(&served.relay.metrics.requests);
    if request.headers().contains_key("amate-token") {
        return Problem::BadRequest.into_response();
    }
    let response = next.run(request).await;
    if !response.status().is_client_error() {
        return response;
    }
    Metrics::add(&served.relay.metrics.refused);
    let kind = response.headers().get(CONTENT_TYPE);
    if kind.is_some_and(|kind| kind == PROBLEM) {
        response
    } else {
        // A path or query that does not even decode.
        Problem::BadRequest.into_response()
    }
}

async fn health(State(served): Shared) -> Response {
    if served.relay.read(|state| state.halted) {
        (StatusCode::SERVICE_UNAVAILABLE, "signing-stopped\n").into_response()
    } else {
        "ok\n".into_response()
    }
}

async fn about(State(served): Shared) -> Response {
    let relay = &served.relay;
    let (epoch, signing) = relay.read(|state| (state.epoch, !state.halted));
    let body = serde_json::json!({
        "relay_key": relay.key().hex(),
        "origin": note::origin(&relay.key(), epoch),
        "time": (relay.clock)(),
        "signing": signing,
        "limits": {
            "lifetime_days": LIFE / 86_400,
            "block_sizes": BlockClass::ALL.map(BlockClass::size),
            "notices_per_page": PAGE,
        },
    });
    ([(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

// Blocks and notices --------------------------------------------------------------------------

async fn put_block(
    State(served): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let hash: [u8; 32] = unhex(&id).map_err(|_| Problem::BadRequest)?;
    let owner = served.owner(&headers)?;
    let bytes = served.body(owner, body, BLOCK_MAX).await?;
    BlockClass::from_size(bytes.len()).map_err(|_| Problem::TooLarge)?;
    if sha256(&bytes) != hash {
        return Err(Problem::WrongHash);
    }
    Metrics::add(&served.relay.metrics.blocks);
    served.store(hash, None, owner, bytes).await
}

async fn get_block(State(served): Shared, Path(id): Path<String>) -> Answer {
    let hash: [u8; 32] = unhex(&id).map_err(|_| Problem::BadRequest)?;
    let now = (served.relay.clock)();
    let held = served.relay.read(|state| state.blocks.get(&hash).copied());
    let held = held.filter(|held| held.until >= now).ok_or(Problem::NotFound)?;
    served.relay.bytes(held.place).map(bytes)
}

async fn post_notice(
    State(served): Shared,
    Path(mailbox): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let mailbox = MailboxId::from_hex(&mailbox).map_err(|_| Problem::BadRequest)?;
    let owner = served.owner(&headers)?;
    let bytes = served.body(owner, body, SEALED_LEN).await?;
    if bytes.len() != SEALED_LEN {
        return Err(Problem::TooLarge);
    }
    Metrics::add(&served.relay.metrics.notices);
    served.store(sha256(&bytes), Some(mailbox), owner, bytes).await
}

async fn list_notices(
    State(served): Shared,
    Path(mailbox): Path<String>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Answer {
    let mailbox = served.reader(&mailbox, &request)?;
    let after = number(query, "after=")?;
    let now = (served.relay.clock)();
    let page: Vec<_> = served.relay.read(|state| {
        let letters = state.mailboxes.get(&mailbox);
        letters
            .into_iter()
            .flat_map(|letters| letters.range(after.saturating_add(1)..))
            .filter(|(_, letter)| letter.held.until >= now)
            .take(PAGE)
            .map(|(number, letter)| (*number, letter.held.place))
            .collect()
    });
    let mut body = Vec::with_capacity(page.len() * (8 + SEALED_LEN));
    for (number, place) in page {
        body.extend_from_slice(&number.to_be_bytes());
        body.extend_from_slice(&served.relay.bytes(place)?);
    }
    Ok(bytes(body))
}

async fn drop_notices(
    State(served): Shared,
    Path(mailbox): Path<String>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Answer {
    let mailbox = served.reader(&mailbox, &request)?;
    let through = number(query, "through=")?;
    served.relay.committer.ask(|reply| Job::Drop { mailbox, through, reply }).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

// Key sets ------------------------------------------------------------------------------------

async fn put_key_set(
    State(served): Shared,
    Path(identity): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let id = IdentityId::from_hex(&identity).map_err(|_| Problem::BadRequest)?;
    let owner = served.owner(&headers)?;
    let bytes = served.body(owner, body, keyset::MAX_LEN).await?;
    let sequence = check_key_set(id, &bytes).map_err(|_| Problem::BadRequest)?;
    let job = |reply| Job::KeySet { id, sequence, bytes, owner, reply };
    let new = served.relay.committer.ask(job).await?;
    Ok(if new { StatusCode::CREATED } else { StatusCode::OK }.into_response())
}

/// 33 KiB of keys are half a minute on a slow link: who has them already is told so.
async fn get_key_set(
    State(served): Shared,
    Path(identity): Path<String>,
    headers: HeaderMap,
) -> Answer {
    let id = IdentityId::from_hex(&identity).map_err(|_| Problem::BadRequest)?;
    let held = served.relay.read(|state| state.key_sets.get(&id).map(|(_, held)| held.clone()));
    let held = held.ok_or(Problem::NotFound)?;
    let tag = format!("\"{}\"", hex(&sha256(&held)));
    let same = headers.get(IF_NONE_MATCH).is_some_and(|given| given.as_bytes() == tag.as_bytes());
    let answer = if same { StatusCode::NOT_MODIFIED.into_response() } else { bytes(held) };
    Ok(([(ETAG, tag)], answer).into_response())
}

/// Rule A-4: valid under its own signature, and of the identity that names it.
fn check_key_set(id: IdentityId, bytes: &[u8]) -> Result<u32, Problem> {
    let set = KeySet::parse(bytes).map_err(|_| Problem::BadRequest)?;
    let signed = set.signed_bytes().map_err(|_| Problem::BadRequest)?;
    sign::verify(&set.identity, keyset::LABEL, &signed, &set.signature)
        .map_err(|_| Problem::BadRequest)?;
    let own = amate_seal::hash::labelled("amate/v1/identity", &[&set.identity]);
    if own == id.0 { Ok(set.sequence) } else { Err(Problem::BadRequest) }
}

// Log -----------------------------------------------------------------------------------------

async fn post_leaf(State(served): Shared, headers: HeaderMap, body: Body) -> Answer {
    let owner = served.owner(&headers)?;
    let bytes = served.body(owner, body, 32).await?;
    let entry: [u8; 32] = bytes.try_into().map_err(|_| Problem::TooLarge)?;
    let (proof, new) = served.relay.log(owner, entry).await?;
    let status = if new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, proof).into_response())
}

async fn checkpoint(State(served): Shared) -> Answer {
    let text = served.relay.read(|state| state.checkpoint.as_ref().map(|one| one.to_text()));
    text.map(IntoResponse::into_response).ok_or(Problem::NotFound)
}

async fn show_checkpoint(State(served): Shared, body: Body) -> Answer {
    let bytes = served.open_body(body, TEXT_MAX).await?;
    let text = String::from_utf8(bytes).map_err(|_| Problem::BadRequest)?;
    served.relay.shown(&text).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn consistency(State(served): Shared, Path((old, new)): Path<(u64, u64)>) -> Answer {
    let path = served.relay.read(|state| {
        let published = state.checkpoint.as_ref().map_or(0, |one| one.checkpoint.size);
        if new <= published { state.tree.consistency(old, new) } else { None }
    });
    path.map(|path| hashes_to_text(&path).into_response()).ok_or(Problem::NotFound)
}

/// C2SP tlog-tiles: `L/N[.p/W]` and `entries/N[.p/W]`.
async fn tile(State(served): Shared, Path(path): Path<String>) -> Answer {
    let (kind, rest) = path.split_once('/').ok_or(Problem::NotFound)?;
    let (index, width) = match rest.split_once(".p/") {
        Some((index, width)) => (index, width.parse().map_err(|_| Problem::NotFound)?),
        None => (rest, TILE),
    };
    let index = parse_tile_index(index).map_err(|_| Problem::NotFound)?;
    if width == 0 || width > TILE {
        return Err(Problem::NotFound);
    }
    let range = index.checked_mul(TILE).map(|first| first..first.saturating_add(width));
    let range = range.ok_or(Problem::NotFound)?;
    let data = served.relay.read(|state| match kind {
        "entries" => range.map(|at| bundle(&state.leaves, at)).collect::<Option<Vec<_>>>(),
        level => {
            let level: usize = level.parse().ok().filter(|level| *level < 8)?;
            range.map(|at| state.tree.node(level * 8, at).map(Vec::from)).collect()
        }
    });
    data.map(|pieces| bytes(pieces.concat())).ok_or(Problem::NotFound)
}

fn bundle(leaves: &[[u8; 32]], at: u64) -> Option<Vec<u8>> {
    let entry = leaves.get(usize::try_from(at).ok()?)?;
    Some([&[0, 32], entry.as_slice()].concat())
}

// Meetings, capabilities ----------------------------------------------------------------------

async fn put_slot(
    State(served): Shared,
    Path((id, slot)): Path<(String, usize)>,
    body: Body,
) -> Answer {
    let id = unhex(&id).map_err(|_| Problem::BadRequest)?;
    let bytes = served.open_body(body, keyset::MAX_LEN).await?;
    let new = served.relay.meetings.put(id, slot, bytes, (served.relay.clock)())?;
    Ok(if new { StatusCode::CREATED } else { StatusCode::OK }.into_response())
}

async fn get_slot(State(served): Shared, Path((id, slot)): Path<(String, usize)>) -> Answer {
    let id = unhex(&id).map_err(|_| Problem::BadRequest)?;
    let held = served.relay.meetings.get(&id, slot, (served.relay.clock)());
    held.map(bytes).ok_or(Problem::NotFound)
}

async fn revoke(State(served): Shared, Path(n): Path<u32>, headers: HeaderMap) -> Answer {
    let owner = served.owner(&headers)?;
    if owner.n != 0 || n == 0 {
        return Err(Problem::Unauthorised);
    }
    let organisation = owner.organisation;
    served.relay.committer.ask(|reply| Job::Revoke { organisation, n, reply }).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

// Shared steps --------------------------------------------------------------------------------

impl Served {
    /// The whole body, at most `most` bytes, in time; memory is bounded by the permits, and no
    /// capability takes them all.
    async fn body(&self, owner: Owner, body: Body, most: usize) -> Result<Vec<u8>, Problem> {
        let _place = self.bodies.place(owner)?;
        let _permit = self.bodies.all.try_acquire().map_err(|_| Problem::Busy)?;
        read(body, most, BODY).await
    }

    /// The body of somebody who shows no capability.
    async fn open_body(&self, body: Body, most: usize) -> Result<Vec<u8>, Problem> {
        let _permit = self.bodies.open.try_acquire().map_err(|_| Problem::Busy)?;
        read(body, most, OPEN_BODY).await
    }

    /// Who uploads (rule A-1).
    fn owner(&self, headers: &HeaderMap) -> Result<Owner, Problem> {
        let text = headers
            .get("authorization")
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Amate "))
            .ok_or(Problem::Unauthorised)?;
        let capability = Capability::from_text(text).map_err(|_| Problem::Unauthorised)?;
        self.relay.owner(&capability)
    }

    /// Whose mailbox is read (rule A-2).
    fn reader(&self, mailbox: &str, request: &Request) -> Result<MailboxId, Problem> {
        let mailbox = MailboxId::from_hex(mailbox).map_err(|_| Problem::BadRequest)?;
        let header = |name: &str| request.headers().get(name).and_then(|one| one.to_str().ok());
        let refused = Problem::Unauthorised;
        let key: [u8; 32] =
            header("amate-mailbox-key").and_then(|text| unhex(text).ok()).ok_or(refused)?;
        let time: u64 = header("amate-time").and_then(|text| text.parse().ok()).ok_or(refused)?;
        let signature: [u8; 64] =
            header("amate-signature").and_then(|text| unhex(text).ok()).ok_or(refused)?;
        let path = request.uri().path_and_query().map_or("", |path| path.as_str());
        let message = fetch_message(request.method().as_str(), path, &self.relay.key(), time);
        let own = amate_seal::hash::labelled("amate/v1/mailbox", &[&key]) == mailbox.0;
        let signed = sign::verify(&key, FETCH_LABEL, &message, &signature).is_ok();
        let fresh = time.abs_diff((self.relay.clock)()) <= FETCH_WINDOW;
        if own && signed && fresh { Ok(mailbox) } else { Err(refused) }
    }

    /// Makes a blob durable and signs the receipt.
    async fn store(
        &self,
        hash: [u8; 32],
        mailbox: Option<MailboxId>,
        owner: Owner,
        bytes: Vec<u8>,
    ) -> Answer {
        let length = u32::try_from(bytes.len()).map_err(|_| Problem::TooLarge)?;
        let job = |reply| Job::Blob { hash, mailbox, owner, bytes, reply };
        let Durable { new, at, until } = self.relay.committer.ask(job).await?;
        let stored = mailbox.map_or(Stored::Block, Stored::Notice);
        let receipt = Receipt { relay: self.relay.key(), stored, hash, length, at, until };
        let status = if new { StatusCode::CREATED } else { StatusCode::OK };
        Ok((status, crate::http::bytes(note::sign_receipt(&self.relay.key, &receipt)))
            .into_response())
    }
}

async fn read(body: Body, most: usize, time: Duration) -> Result<Vec<u8>, Problem> {
    let whole = tokio::time::timeout(time, to_bytes(body, most)).await;
    whole.map_err(|_| Problem::Timeout)?.map(Vec::from).map_err(|_| Problem::TooLarge)
}

fn bytes(bytes: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, "application/octet-stream")], bytes).into_response()
}

/// The one number of a query, in decimal digits.
fn number(query: Option<String>, name: &str) -> Result<u64, Problem> {
    let digits = query.as_deref().and_then(|query| query.strip_prefix(name));
    let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    digits.and_then(|digits| digits.parse().ok()).ok_or(Problem::BadRequest)
}
