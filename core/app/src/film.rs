// SPDX-License-Identifier: MPL-2.0
//! Films and sound as they are recorded: encoded frames of a platform (WebCodecs, MediaCodec) into
//! fragmented MP4 (ISO/IEC 14496-12; VP8 and VP9 as the VP Codec ISO binding, Opus as its own), a
//! second at a time. What was written plays, wherever it is cut between two fragments. It names no
//! device and no time of day.
//!
//! A shell says once what comes ([`Tracks::from_text`]), then pushes frames in any pieces:
//! `u8` track (1 picture, 2 sound) ‖ `u8` key (1 when it can be shown without those before) ‖
//! `u64` time in microseconds ‖ `u32` length ‖ that many bytes. Numbers are big-endian.

mod boxes;

use amate_wire::cursor::Reader;
use zeroize::Zeroizing;

use boxes::Fragment;

/// What is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tracks {
    /// Pictures.
    pub picture: Option<Picture>,
    /// Sound.
    pub sound: Option<Sound>,
}

/// How pictures come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picture {
    /// VP9; else VP8.
    pub vp9: bool,
    /// In pixels.
    pub width: u16,
    /// In pixels.
    pub height: u16,
}

/// How sound comes: Opus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sound {
    /// One or two.
    pub channels: u8,
    /// Of the microphone, in hertz; Opus itself counts in 48 000.
    pub rate: u32,
}

/// What came is not of the layout above, or makes no film.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no frames of a recording")]
pub struct NoFrames;

/// Turns frames into a film.
pub struct Muxer {
    tracks: Tracks,
    /// Not yet a whole frame.
    rest: Zeroizing<Vec<u8>>,
    fragment: Fragment,
    begun: bool,
}

/// One encoded picture, or a stretch of sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Pictures, or sound.
    pub picture: bool,
    /// Can be shown without those before.
    pub key: bool,
    /// Microseconds since the recording began.
    pub time: u64,
    /// As the encoder gave it.
    pub data: Zeroizing<Vec<u8>>,
}

/// Bytes before the data of a frame.
const HEAD: usize = 14;
/// Largest frame: a key frame of 4K is far below.
const MOST: usize = 4 << 20;
/// Longest recording, in microseconds: a day.
const LONGEST: u64 = 24 * 3_600 * 1_000_000;

impl Tracks {
    /// From the text of a shell: `video/mp4;video=vp9;width=1280;height=720;channels=1;rate=48000`
    /// or `audio/mp4;channels=1;rate=48000`.
    ///
    /// # Errors
    /// [`NoFrames`] for anything else.
    pub fn from_text(text: &str) -> Result<Self, NoFrames> {
        let mut parts = text.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default();
        let (mut vp9, mut width, mut height, mut channels, mut rate) = (None, 0, 0, 0, 0);
        for part in parts {
            let (name, value) = part.split_once('=').ok_or(NoFrames)?;
            match name {
                "video" => vp9 = Some(value == "vp9").filter(|_| matches!(value, "vp8" | "vp9")),
                "width" => width = value.parse().map_err(|_| NoFrames)?,
                "height" => height = value.parse().map_err(|_| NoFrames)?,
                "channels" => channels = value.parse().map_err(|_| NoFrames)?,
                "rate" => rate = value.parse().map_err(|_| NoFrames)?,
                _ => return Err(NoFrames),
            }
        }
        let sound = matches!(channels, 1 | 2).then_some(Sound { channels, rate });
        let sound = sound.filter(|sound| (8_000..=192_000).contains(&sound.rate));
        let picture = vp9.map(|vp9| Picture { vp9, width, height });
        match kind {
            "video/mp4" if picture.is_some() && width > 0 && height > 0 => {
                Ok(Self { picture, sound })
            }
            "audio/mp4" if picture.is_none() && sound.is_some() => Ok(Self { picture, sound }),
            _ => Err(NoFrames),
        }
    }

    /// Media type of the film.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        if self.picture.is_some() { "video/mp4" } else { "audio/mp4" }
    }
}

impl Muxer {
    /// Nothing is written before the first frame.
    #[must_use]
    pub fn new(tracks: Tracks) -> Self {
        let fragment = Fragment::new(tracks.picture.is_some());
        Self { tracks, rest: Zeroizing::default(), fragment, begun: false }
    }

    /// Takes bytes of the layout above; gives what of the film is ready.
    ///
    /// # Errors
    /// [`NoFrames`]: a track that was not announced, a frame that is too large or goes back in
    /// time. What was given before is a film.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<u8>, NoFrames> {
        self.rest.extend_from_slice(bytes);
        let mut out = Vec::new();
        while let Some((frame, length)) = first(&self.rest)? {
            self.rest.drain(..length);
            self.take(frame, &mut out)?;
        }
        Ok(out)
    }

    /// The end: what is left as a last fragment. A frame that is not whole is no part of it.
    ///
    /// # Errors
    /// [`NoFrames`] never for what [`Muxer::push`] took.
    pub fn finish(mut self) -> Result<Vec<u8>, NoFrames> {
        self.fragment.write()
    }

    fn take(&mut self, frame: Frame, out: &mut Vec<u8>) -> Result<(), NoFrames> {
        let known =
            if frame.picture { self.tracks.picture.is_some() } else { self.tracks.sound.is_some() };
        if !known || frame.time > LONGEST {
            return Err(NoFrames);
        }
        if !self.begun {
            // Sound may come first; a film begins with a picture that can be shown.
            if self.tracks.picture.is_some() && !(frame.picture && frame.key) {
                return Ok(());
            }
            out.extend(boxes::beginning(self.tracks)?);
            self.begun = true;
        }
        if self.fragment.is_full_before(&frame) {
            out.extend(self.fragment.write()?);
        }
        self.fragment.add(frame)
    }
}

/// The first whole frame, and how many bytes it took.
fn first(bytes: &[u8]) -> Result<Option<(Frame, usize)>, NoFrames> {
    if bytes.len() < HEAD {
        return Ok(None);
    }
    let mut reader = Reader::new("frame", bytes);
    let head = (reader.u8(), reader.u8(), reader.u64(), reader.u32());
    let (Ok(track), Ok(key), Ok(time), Ok(length)) = head else { return Err(NoFrames) };
    let length = usize::try_from(length).map_err(|_| NoFrames)?;
    if !matches!(track, 1 | 2) || key > 1 || length == 0 || length > MOST {
        return Err(NoFrames);
    }
    let Some(data) = bytes.get(HEAD..HEAD + length) else { return Ok(None) };
    let data = Zeroizing::new(data.to_vec());
    Ok(Some((Frame { picture: track == 1, key: key == 1, time, data }, HEAD + length)))
}

#[cfg(test)]
mod tests;
