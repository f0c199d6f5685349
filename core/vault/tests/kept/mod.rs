// SPDX-License-Identifier: MPL-2.0
//! What every vault in `tests/compat` holds.

/// Opens it.
pub(crate) const CODE: &[u8] = b"cinco palabras de prueba nada";
/// Its notes.
pub(crate) const NOTE: &str = "La camioneta gris volvió a pasar frente a la escuela.";
pub(crate) const SECOND: &str = "Dos personas preguntaron por el taller.";

/// Opens the second door, where there is one, and makes the first code open nothing.
pub(crate) const DOOR: &[u8] = b"otras cinco para la puerta";
/// What is behind it.
pub(crate) const ORDINARY: &str = "Comprar frijol, jabon y cuadernos.";

/// A medium among the records.
pub(crate) fn small() -> Vec<u8> {
    pattern(1_000)
}

/// A medium in cells.
pub(crate) fn large() -> Vec<u8> {
    pattern(70_000)
}

fn pattern(len: u32) -> Vec<u8> {
    (0..len).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}
