// SPDX-License-Identifier: MPL-2.0
//! Live segments one after another in a stream, as a medium keeps them.

use std::io::{self, ErrorKind, Read};

use amate_wire::live::segment_len;

/// Gives whole segments; a cut tail is an error and the end.
pub struct Segments<R> {
    stream: R,
    ended: bool,
}

impl<R: Read> Segments<R> {
    /// Reads from the first segment on.
    pub fn new(stream: R) -> Self {
        Self { stream, ended: false }
    }

    fn read_one(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        self.stream.by_ref().take(80).read_to_end(&mut bytes)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let head = bytes.first_chunk::<80>().ok_or(ErrorKind::UnexpectedEof)?;
        let len = segment_len(head).map_err(|_| ErrorKind::InvalidData)?;
        let rest = len.saturating_sub(bytes.len()) as u64;
        self.stream.by_ref().take(rest).read_to_end(&mut bytes)?;
        if bytes.len() == len { Ok(Some(bytes)) } else { Err(ErrorKind::UnexpectedEof.into()) }
    }
}

impl<R: Read> Iterator for Segments<R> {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let read = self.read_one();
        self.ended = !matches!(read, Ok(Some(_)));
        read.transpose()
    }
}
