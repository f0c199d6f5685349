// SPDX-License-Identifier: MPL-2.0
//! The canonical zip (spec/export.md §1): every header byte follows from names, sizes and CRCs, so
//! a reader computes them and compares.

use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom, Take};

/// Most entries without zip64.
pub(super) const MAX_ENTRIES: usize = 65_534;
const MAX_NAME: usize = 100;
const LOCAL: &[u8; 4] = b"PK\x03\x04";
const CENTRAL: &[u8; 4] = b"PK\x01\x02";
const END: &[u8; 4] = b"PK\x05\x06";
const LOCAL_LEN: u64 = 30;
const CENTRAL_LEN: usize = 46;
const END_LEN: usize = 22;
/// Named when no entry can be.
const WHOLE: &str = "archive";

/// One file of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// 1 to 100 bytes of `a–z 0–9 - . /`.
    pub(super) name: String,
    /// CRC-32 of its bytes.
    pub(super) crc: u32,
    /// Their number.
    pub(super) size: u32,
    /// Where its local header begins.
    pub(super) offset: u32,
}

impl Entry {
    /// Header before the data.
    pub(super) fn local(&self) -> Vec<u8> {
        [LOCAL.as_slice(), &self.fields(), self.name.as_bytes()].concat()
    }

    /// Header in the central directory.
    pub(super) fn central(&self) -> Vec<u8> {
        let made_by = 0x0014_u16.to_le_bytes();
        // Comment length, disk, internal and external attributes.
        let zeros = [0; 10];
        let offset = self.offset.to_le_bytes();
        [CENTRAL.as_slice(), &made_by, &self.fields(), &zeros, &offset, self.name.as_bytes()]
            .concat()
    }

    /// Where the next local header begins.
    pub(super) fn end(&self) -> u64 {
        self.data() + u64::from(self.size)
    }

    fn data(&self) -> u64 {
        u64::from(self.offset) + LOCAL_LEN + self.name.len() as u64
    }

    /// Version needed 20, flags, method and time 0, date 1980-01-01, CRC, sizes, no extra field.
    fn fields(&self) -> Vec<u8> {
        let [size, crc] = [self.size, self.crc].map(u32::to_le_bytes);
        let name = u16::try_from(self.name.len()).unwrap_or(u16::MAX).to_le_bytes();
        [&[20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0], crc.as_slice(), &size, &size, &name, &[0; 2]].concat()
    }
}

/// The end record of a directory of `size` bytes at `offset`.
pub(super) fn end_record(count: u16, size: u32, offset: u32) -> Vec<u8> {
    let count = count.to_le_bytes();
    let (size, offset) = (size.to_le_bytes(), offset.to_le_bytes());
    [END.as_slice(), &[0; 4], &count, &count, &size, &offset, &[0; 2]].concat()
}

/// 1 to 100 bytes of `a–z 0–9 - . /`.
pub(super) fn is_name(bytes: &[u8]) -> bool {
    let good = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'/');
    (1..=MAX_NAME).contains(&bytes.len()) && bytes.iter().all(good)
}

/// Why an archive did not open.
#[derive(Debug)]
pub(super) enum OpenFault {
    /// Neither begins nor ends as a zip.
    NotAnExport,
    /// The first difference, by entry name or `archive` (rule Z-1).
    Altered(String),
    /// The reader failed.
    Io(io::Error),
}

impl From<io::Error> for OpenFault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// An archive whose every header byte is canonical.
#[derive(Debug)]
pub(super) struct Archive<R> {
    reader: R,
    entries: Vec<Entry>,
}

impl<R: Read + Seek> Archive<R> {
    /// Reads and compares all headers; memory grows with the number of entries only.
    ///
    /// # Errors
    /// [`OpenFault`]: rule Z-1.
    pub(super) fn open(mut reader: R) -> Result<Self, OpenFault> {
        let len = reader.seek(SeekFrom::End(0))?;
        let end = Directory::find(&mut reader, len)?;
        let entries = end.entries(&mut reader)?;
        for entry in &entries {
            reader.seek(SeekFrom::Start(entry.offset.into()))?;
            let expected = entry.local();
            if read_up_to(&mut reader, expected.len())? != expected {
                return Err(OpenFault::Altered(entry.name.clone()));
            }
        }
        Ok(Self { reader, entries })
    }

    /// All entries, by name.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of this name.
    pub(super) fn find(&self, name: &str) -> Option<&Entry> {
        let at = self.entries.binary_search_by(|entry| entry.name.as_str().cmp(name)).ok()?;
        self.entries.get(at)
    }

    /// The entries whose names begin so.
    pub(super) fn below(&self, prefix: &str) -> &[Entry] {
        let start = self.entries.partition_point(|entry| entry.name.as_str() < prefix);
        let rest = self.entries.get(start..).unwrap_or_default();
        let count = rest.partition_point(|entry| entry.name.starts_with(prefix));
        rest.get(..count).unwrap_or_default()
    }

    /// The bytes of an entry as a stream.
    pub(super) fn stream(&mut self, entry: &Entry) -> io::Result<Take<&mut R>> {
        self.reader.seek(SeekFrom::Start(entry.data()))?;
        Ok(self.reader.by_ref().take(entry.size.into()))
    }

    /// The bytes of an entry; `None` when there are more than `most`.
    pub(super) fn read(&mut self, entry: &Entry, most: usize) -> io::Result<Option<Vec<u8>>> {
        let size = usize::try_from(entry.size).unwrap_or(usize::MAX);
        if size > most {
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(size);
        self.stream(entry)?.read_to_end(&mut bytes)?;
        if bytes.len() == size { Ok(Some(bytes)) } else { Err(ErrorKind::UnexpectedEof.into()) }
    }
}

/// What the end record says, already compared with the length of the file.
struct Directory {
    count: u16,
    size: u32,
    offset: u32,
}

impl Directory {
    fn find(reader: &mut (impl Read + Seek), len: u64) -> Result<Self, OpenFault> {
        reader.seek(SeekFrom::Start(0))?;
        let begins = read_up_to(reader, LOCAL.len())? == LOCAL;
        reader.seek(SeekFrom::Start(len.saturating_sub(END_LEN as u64)))?;
        let end = read_up_to(reader, END_LEN)?;
        let ends = end.starts_with(END);
        match (begins, ends) {
            (false, false) => Err(OpenFault::NotAnExport),
            (_, true) => Self::parse(&end, len).ok_or_else(|| OpenFault::Altered(WHOLE.into())),
            _ => Err(OpenFault::Altered(WHOLE.into())),
        }
    }

    fn parse(end: &[u8], len: u64) -> Option<Self> {
        let count = u16::from_le_bytes(*end.get(10..)?.first_chunk()?);
        let size = u32::from_le_bytes(*end.get(12..)?.first_chunk()?);
        let offset = u32::from_le_bytes(*end.get(16..)?.first_chunk()?);
        let whole = u64::from(offset) + u64::from(size) + END_LEN as u64 == len;
        let canonical = end == end_record(count, size, offset);
        let few = usize::from(count) <= MAX_ENTRIES;
        (whole && canonical && few).then_some(Self { count, size, offset })
    }

    fn entries(&self, reader: &mut (impl Read + Seek)) -> Result<Vec<Entry>, OpenFault> {
        reader.seek(SeekFrom::Start(self.offset.into()))?;
        let mut reader = BufReader::new(reader.take(self.size.into()));
        let mut entries: Vec<Entry> = Vec::new();
        let mut running = 0;
        for _ in 0..self.count {
            let last = entries.last().map_or("", |entry| entry.name.as_str());
            let entry = next_entry(&mut reader, running, last)?;
            running = entry.end();
            entries.push(entry);
        }
        let ended = read_up_to(&mut reader, 1)?.is_empty();
        let whole = ended && running == u64::from(self.offset);
        if whole { Ok(entries) } else { Err(OpenFault::Altered(WHOLE.into())) }
    }
}

fn next_entry(reader: &mut impl Read, running: u64, last: &str) -> Result<Entry, OpenFault> {
    let altered = || OpenFault::Altered(WHOLE.into());
    let fixed = read_up_to(reader, CENTRAL_LEN)?;
    let fixed: &[u8; CENTRAL_LEN] = fixed.first_chunk().ok_or_else(altered)?;
    let field = |at: usize| fixed.get(at..).and_then(<[u8]>::first_chunk).copied();
    let name_len = fixed.get(28..).and_then(<[u8]>::first_chunk).copied().map(u16::from_le_bytes);
    let name_len = usize::from(name_len.ok_or_else(altered)?);
    let name = read_up_to(reader, name_len)?;
    if !fixed.starts_with(CENTRAL) || name.len() != name_len || !is_name(&name) {
        return Err(altered());
    }
    let name = String::from_utf8(name).map_err(|_| altered())?;
    if name.as_str() <= last {
        return Err(altered());
    }
    let [crc, size] = [16, 24].map(|at| field(at).map(u32::from_le_bytes).unwrap_or_default());
    // An offset that u32 cannot hold is not the one that the header says, whatever it says.
    let offset = u32::try_from(running).map_err(|_| OpenFault::Altered(name.clone()))?;
    let entry = Entry { name, crc, size, offset };
    if entry.central().starts_with(fixed) { Ok(entry) } else { Err(OpenFault::Altered(entry.name)) }
}

/// The next `n` bytes, or fewer at the end.
fn read_up_to(reader: &mut impl Read, n: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(n);
    reader.take(n as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
