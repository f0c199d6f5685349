// SPDX-License-Identifier: MPL-2.0

mod archive;
mod bytes;
mod explain;
mod files;
mod index;
mod result;
mod verify;
mod write;

pub use explain::explain;
pub use files::{ExportCase, ExportDocument, ExportItem, ExportReceipt, Exporter};
pub use result::{Alteration, Bound, CaseResult, Clock, ExportResult, ItemResult, State, Why};
pub use verify::{NotReadable, verify_export};
pub use write::{ExportError, write_export};

/// Longest JSON, signature or proof that a verifier reads.
const MAX_TEXT: usize = 16 * 1024 * 1024;
