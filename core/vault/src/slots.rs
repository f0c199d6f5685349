// SPDX-License-Identifier: MPL-2.0
//! Slots and action records (spec/vault.md §7): eight of each, always full, always all tried.

use amate_seal::{aead, kdf, kdf::derive, secret::Secret};
use zeroize::Zeroizing;

use crate::{
    VaultError,
    device::DeviceKeys,
    geometry::{SLOTS, UNIT},
    header::Header,
    random::Random,
};

/// Bytes of one copy in a slot: salt, volume key, ticket, tag.
const COPY: usize = 16 + 64 + 16;
/// Bytes of one copy of an action: salt, kind, target, zeros, tag.
const ACTION_COPY: usize = 16 + 16 + 16;
const OVERWRITE: u8 = 1;
/// Where the copies stand in their place.
const COPIES: [usize; 2] = [0, UNIT / 2];

/// What a code opens.
pub(crate) struct Opened {
    pub(crate) volume: Secret<32>,
    /// Opens the action record of the same number.
    pub(crate) ticket: Secret<32>,
}

/// What the submission of a code does besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// Another slot becomes noise: what it opened is gone for good.
    Overwrite(u32),
}

/// The key of a code: expensive, and bound to this device.
///
/// `a = Argon2id(code, salt, cost)`; `x₀ = a`, `xⱼ₊₁ = mac(code handle, xⱼ)`, `calls` times;
/// `derive₃₂(a ‖ xₙ, "amate/v1/vault/code", binding)`.
pub(crate) fn code_key(
    header: &Header,
    device: &dyn DeviceKeys,
    code: &[u8],
) -> Result<Secret<32>, VaultError> {
    let stretched = kdf::code_key(code, &header.salt, header.cost)?;
    let mut hardened = stretched.clone();
    for _ in 0..header.calls {
        hardened = device.mac(&header.code_key, hardened.expose())?;
    }
    let both = Zeroizing::new([*stretched.expose(), *hardened.expose()]);
    Ok(derive(both.as_flattened(), "amate/v1/vault/code", &[&header.binding()]))
}

/// A slot's content: both copies sealed, the rest noise.
pub(crate) fn seal(key: &Secret<32>, opened: &Opened, random: &Random, out: &mut [u8]) {
    random.noise(out);
    for (number, start) in COPIES.into_iter().enumerate() {
        let Some(copy) = out.get_mut(start..start + COPY) else { continue };
        let Some((salt, rest)) = copy.split_first_chunk_mut::<16>() else { continue };
        let Some((body, tag)) = rest.split_first_chunk_mut::<64>() else { continue };
        let (volume, ticket) = body.split_at_mut(32);
        volume.copy_from_slice(opened.volume.expose());
        ticket.copy_from_slice(opened.ticket.expose());
        let sealed = aead::seal_once(&copy_key(key, number, salt), &[], body);
        tag.copy_from_slice(&sealed);
    }
}

/// Tries one slot: both copies always, so that what opens takes as long as what does not.
pub(crate) fn open(key: &Secret<32>, slot: &[u8]) -> Option<Opened> {
    let copies = [0, 1].map(|number| open_copy(key, number, slot));
    copies.into_iter().flatten().next()
}

fn open_copy(key: &Secret<32>, number: usize, slot: &[u8]) -> Option<Opened> {
    let start = COPIES.get(number)?;
    let copy = slot.get(*start..start + COPY)?;
    let (salt, rest) = copy.split_first_chunk::<16>()?;
    let (body, tag) = rest.split_first_chunk::<64>()?;
    let mut body = Zeroizing::new(*body);
    aead::open_once(&copy_key(key, number, salt), &[], &mut *body, tag.first_chunk()?).ok()?;
    let (volume, ticket) = body.split_first_chunk::<32>()?;
    Some(Opened { volume: Secret::new(*volume), ticket: Secret::try_from(ticket).ok()? })
}

fn copy_key(key: &Secret<32>, number: usize, salt: &[u8; 16]) -> Secret<32> {
    derive(key.expose(), "amate/v1/vault/slot", &[&[number as u8], salt])
}

/// Under which action records stand, for who has the ticket of their slot, and the device.
///
/// `derive₃₂(ticket ‖ mac(code handle, derive₃₂(ticket, "…/action/input")), "…/action")`.
pub(crate) fn action_key(
    header: &Header,
    device: &dyn DeviceKeys,
    ticket: &Secret<32>,
) -> Result<Secret<32>, VaultError> {
    let input: Secret<32> = derive(ticket.expose(), "amate/v1/vault/action/input", &[]);
    let mac = device.mac(&header.code_key, input.expose())?;
    let both = Zeroizing::new([*ticket.expose(), *mac.expose()]);
    Ok(derive(both.as_flattened(), "amate/v1/vault/action", &[]))
}

/// The content of action record `number`: both copies sealed, the rest noise; without an action
/// all noise.
pub(crate) fn seal_action(
    key: &Secret<32>,
    number: u32,
    action: Option<Action>,
    random: &Random,
    out: &mut [u8],
) {
    random.noise(out);
    let Some(Action::Overwrite(target)) = action else { return };
    for (copy, start) in COPIES.into_iter().enumerate() {
        let Some(bytes) = out.get_mut(start..start + ACTION_COPY) else { continue };
        let Some((salt, rest)) = bytes.split_first_chunk_mut::<16>() else { continue };
        let Some((body, tag)) = rest.split_first_chunk_mut::<16>() else { continue };
        *body = [0; 16];
        (body[0], body[1]) = (OVERWRITE, target as u8);
        let sealed = aead::seal_once(&action_copy_key(key, number, copy, salt), &[], body);
        tag.copy_from_slice(&sealed);
    }
}

/// Tries an action record, both copies always. What is of no known kind is none.
pub(crate) fn open_action(key: &Secret<32>, number: u32, record: &[u8]) -> Option<Action> {
    let copies = [0, 1].map(|copy| open_action_copy(key, number, copy, record));
    copies.into_iter().flatten().next()
}

fn open_action_copy(key: &Secret<32>, number: u32, copy: usize, record: &[u8]) -> Option<Action> {
    let start = COPIES.get(copy)?;
    let bytes = record.get(*start..start + ACTION_COPY)?;
    let (salt, rest) = bytes.split_first_chunk::<16>()?;
    let (body, tag) = rest.split_first_chunk::<16>()?;
    let mut body = Zeroizing::new(*body);
    let key = action_copy_key(key, number, copy, salt);
    aead::open_once(&key, &[], &mut *body, tag.first_chunk()?).ok()?;
    let target = u32::from(body[1]);
    (body[0] == OVERWRITE && target < SLOTS).then_some(Action::Overwrite(target))
}

fn action_copy_key(key: &Secret<32>, number: u32, copy: usize, salt: &[u8; 16]) -> Secret<32> {
    derive(key.expose(), "amate/v1/vault/action/record", &[&[number as u8, copy as u8], salt])
}
