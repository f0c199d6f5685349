// SPDX-License-Identifier: MPL-2.0
//! Writes the canonical zip in one go, in order, so that it can be sealed while it is written and
//! its plaintext need never touch a disk.

use std::io::{self, Read, Write};

use super::{
    archive::{Entry, MAX_ENTRIES, end_record},
    bytes::Digest,
    files::{ExportCase, Exporter, Files, Planned, Source, plan},
    index::is_listed_name,
};
use crate::evidence::Segments;

/// Why an export was not written. What was written until then is useless.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// More than the format holds: 4 GiB, 65 534 files, item 9999, 100 receipts of an item.
    #[error("the case is too large for one export")]
    TooLarge,
    /// The content was not the same in both passes.
    #[error("the content changed while it was read")]
    Changed,
    /// Reading or writing failed.
    #[error("the export cannot be written")]
    Io(#[from] io::Error),
}

/// Writes the export of a case. `contents` opens the content of an item by number, twice; for live
/// recordings the segments with their framing, one after another. Gives the bytes written.
///
/// # Errors
/// [`ExportError`].
pub fn write_export<R: Read>(
    case: &ExportCase,
    exporter: &Exporter<'_>,
    mut contents: impl FnMut(u32) -> io::Result<R>,
    mut out: impl Write,
) -> Result<u64, ExportError> {
    let files = plan(case, exporter, &mut contents)?;
    let (entries, offset) = lay_out(&files)?;
    let mut second = SecondPass { contents, open: None };
    for (entry, planned) in entries.iter().zip(files.values()) {
        out.write_all(&entry.local())?;
        second.copy(planned, &mut out)?;
    }
    let directory: Vec<u8> = entries.iter().flat_map(Entry::central).collect();
    out.write_all(&directory)?;
    let count = u16::try_from(entries.len()).map_err(|_| ExportError::TooLarge)?;
    let size = u32::try_from(directory.len()).map_err(|_| ExportError::TooLarge)?;
    let end = end_record(count, size, offset);
    out.write_all(&end)?;
    out.flush()?;
    Ok(u64::from(offset) + u64::from(size) + end.len() as u64)
}

/// Entries in order, and where the directory begins.
fn lay_out(files: &Files) -> Result<(Vec<Entry>, u32), ExportError> {
    let too_large = |_| ExportError::TooLarge;
    if files.len() > MAX_ENTRIES {
        return Err(ExportError::TooLarge);
    }
    let (mut entries, mut offset) = (Vec::with_capacity(files.len()), 0);
    for (name, planned) in files {
        if !name.starts_with("export.") && !is_listed_name(name) {
            return Err(ExportError::TooLarge);
        }
        let size = u32::try_from(planned.digest.length).map_err(too_large)?;
        let entry = Entry { name: name.clone(), crc: planned.digest.crc, size, offset };
        offset = u32::try_from(entry.end()).map_err(too_large)?;
        entries.push(entry);
    }
    Ok((entries, offset))
}

/// Reads the content again, in the order of the archive.
struct SecondPass<R, F> {
    contents: F,
    /// The live recording whose segments are being written.
    open: Option<(u32, Segments<R>)>,
}

impl<R: Read, F: FnMut(u32) -> io::Result<R>> SecondPass<R, F> {
    fn copy(&mut self, planned: &Planned, out: &mut impl Write) -> Result<(), ExportError> {
        match &planned.source {
            Source::Bytes(bytes) => Ok(out.write_all(bytes)?),
            Source::Content(item) => {
                let mut content = Copied { inner: (self.contents)(*item)?, out };
                same(planned, Digest::of(&mut content)?)
            }
            Source::Segment(item) => {
                let segment = self.segment(*item)?;
                out.write_all(&segment)?;
                same(planned, Digest::of_bytes(&segment))
            }
        }
    }

    fn segment(&mut self, item: u32) -> Result<Vec<u8>, ExportError> {
        let mut segments = match self.open.take() {
            Some((open, segments)) if open == item => segments,
            _ => Segments::new((self.contents)(item)?),
        };
        let segment = segments.next().ok_or(ExportError::Changed)??;
        self.open = Some((item, segments));
        Ok(segment)
    }
}

fn same(planned: &Planned, second: Digest) -> Result<(), ExportError> {
    if planned.digest == second { Ok(()) } else { Err(ExportError::Changed) }
}

/// Writes what is read from it.
struct Copied<'a, R, W> {
    inner: R,
    out: &'a mut W,
}

impl<R: Read, W: Write> Read for Copied<'_, R, W> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.out.write_all(buffer.get(..read).unwrap_or_default())?;
        Ok(read)
    }
}
