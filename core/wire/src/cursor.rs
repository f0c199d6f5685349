// SPDX-License-Identifier: MPL-2.0
//! A length-checked reader and a writer for binary layouts (big-endian, spec/README.md).

/// Foreign bytes that are not of the layout they claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("malformed {0}")]
pub struct Malformed(
    /// Which layout, for people who debug: `"notice"`, `"index"` …
    pub &'static str,
);

/// Reads a layout from its first byte to its last.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    rest: &'a [u8],
    what: &'static str,
}

impl<'a> Reader<'a> {
    /// Starts at the first byte; `what` names the layout in errors.
    #[must_use]
    pub fn new(what: &'static str, bytes: &'a [u8]) -> Self {
        Self { rest: bytes, what }
    }

    /// The next `n` bytes.
    ///
    /// # Errors
    /// [`Malformed`] when fewer are left.
    pub fn take(&mut self, n: usize) -> Result<&'a [u8], Malformed> {
        let (head, rest) = self.rest.split_at_checked(n).ok_or(Malformed(self.what))?;
        self.rest = rest;
        Ok(head)
    }

    /// The next `N` bytes as an array.
    ///
    /// # Errors
    /// [`Malformed`] when fewer are left.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (head, rest) = self.rest.split_first_chunk().ok_or(Malformed(self.what))?;
        self.rest = rest;
        Ok(*head)
    }

    /// The next byte.
    ///
    /// # Errors
    /// [`Malformed`] at the end.
    pub fn u8(&mut self) -> Result<u8, Malformed> {
        self.array().map(u8::from_be_bytes)
    }

    /// The next `u16`.
    ///
    /// # Errors
    /// [`Malformed`] when fewer than 2 bytes are left.
    pub fn u16(&mut self) -> Result<u16, Malformed> {
        self.array().map(u16::from_be_bytes)
    }

    /// The next `u32`.
    ///
    /// # Errors
    /// [`Malformed`] when fewer than 4 bytes are left.
    pub fn u32(&mut self) -> Result<u32, Malformed> {
        self.array().map(u32::from_be_bytes)
    }

    /// The next `u64`.
    ///
    /// # Errors
    /// [`Malformed`] when fewer than 8 bytes are left.
    pub fn u64(&mut self) -> Result<u64, Malformed> {
        self.array().map(u64::from_be_bytes)
    }

    /// `u32` length and that many bytes.
    ///
    /// # Errors
    /// [`Malformed`] when the length goes past the end.
    pub fn prefixed(&mut self) -> Result<&'a [u8], Malformed> {
        let len = usize::try_from(self.u32()?).map_err(|_| Malformed(self.what))?;
        self.take(len)
    }

    /// Bytes that must be exactly these: tags, versions, reserved zeros.
    ///
    /// # Errors
    /// [`Malformed`] when they differ.
    pub fn expect(&mut self, bytes: &[u8]) -> Result<(), Malformed> {
        if self.take(bytes.len())? == bytes { Ok(()) } else { Err(Malformed(self.what)) }
    }

    /// All the rest, which must be zero.
    ///
    /// # Errors
    /// [`Malformed`] for any other byte.
    pub fn zeros(self) -> Result<(), Malformed> {
        if self.rest.iter().all(|byte| *byte == 0) { Ok(()) } else { Err(Malformed(self.what)) }
    }

    /// The end: nothing may be left over.
    ///
    /// # Errors
    /// [`Malformed`] for trailing bytes.
    pub fn end(self) -> Result<(), Malformed> {
        if self.rest.is_empty() { Ok(()) } else { Err(Malformed(self.what)) }
    }

    /// What has not been read yet.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The error of this layout, for checks of its own.
    #[must_use]
    pub fn malformed(&self) -> Malformed {
        Malformed(self.what)
    }
}

/// Writes a layout.
#[derive(Debug, Default, Clone)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends bytes.
    #[must_use]
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Appends a byte.
    #[must_use]
    pub fn u8(self, n: u8) -> Self {
        self.bytes(&[n])
    }

    /// Appends a `u16`.
    #[must_use]
    pub fn u16(self, n: u16) -> Self {
        self.bytes(&n.to_be_bytes())
    }

    /// Appends a `u32`.
    #[must_use]
    pub fn u32(self, n: u32) -> Self {
        self.bytes(&n.to_be_bytes())
    }

    /// Appends a `u64`.
    #[must_use]
    pub fn u64(self, n: u64) -> Self {
        self.bytes(&n.to_be_bytes())
    }

    /// `u32` length and the bytes. Everything written is far below 4 GiB.
    #[must_use]
    pub fn prefixed(self, bytes: &[u8]) -> Self {
        self.u32(u32::try_from(bytes.len()).unwrap_or(u32::MAX)).bytes(bytes)
    }

    /// Zeros up to `len` bytes in all.
    #[must_use]
    pub fn pad_to(mut self, len: usize) -> Self {
        if self.0.len() < len {
            self.0.resize(len, 0);
        }
        self
    }

    /// The bytes.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.0
    }
}
