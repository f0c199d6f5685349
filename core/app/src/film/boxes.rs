// SPDX-License-Identifier: MPL-2.0
//! The boxes of a fragmented MP4: its beginning, then one `moof` and `mdat` a second.

use mp4_atom::{
    Audio, Codec, Dinf, Dops, Dref, DrefEntry, Encode, FourCC, Ftyp, Hdlr, Mdhd, Mdia, Mfhd, Minf,
    Moof, Moov, Mvex, Mvhd, Opus, Smhd, Stbl, Stco, Stsd, Tfdt, Tfhd, Tkhd, Traf, Trak, Trex, Trun,
    TrunEntry, TrunSamples, Url, Visual, Vmhd, Vp08, Vp09, VpcC,
};
use zeroize::Zeroizing;

use super::{Frame, NoFrames, Picture, Sound, Tracks};

/// Ticks of a second, for pictures and for the film.
const TICKS: u32 = 1_000_000;
/// A fragment holds so much time, in microseconds, and then ends before the next key frame...
const LEAST: u64 = 1_000_000;
/// ...or wherever it is, when none comes.
const LONGEST: u64 = 3_000_000;
/// Most bytes of a fragment.
const MOST: usize = 8 << 20;
/// Sample flags of ISO/IEC 14496-12 §8.8.3.1: depends on no other, or on others and no sync sample.
const KEY: u32 = 0x0200_0000;
const NOT_KEY: u32 = 0x0101_0000;
/// How long the last picture or sound of a film is shown, when nothing comes behind it.
const LAST_PICTURE: u32 = 33_333;
const LAST_SOUND: u32 = 20_000;
const PICTURE: u32 = 1;
const SOUND: u32 = 2;

/// `ftyp` and `moov`.
pub(super) fn beginning(tracks: Tracks) -> Result<Vec<u8>, NoFrames> {
    let ftyp = Ftyp {
        major_brand: FourCC::new(b"iso6"),
        minor_version: 0,
        compatible_brands: vec![FourCC::new(b"iso6"), FourCC::new(b"mp41")],
    };
    let mut trak = Vec::new();
    trak.extend(tracks.picture.map(picture));
    trak.extend(tracks.sound.map(sound));
    let trex = trak.iter().map(|one| Trex {
        track_id: one.tkhd.track_id,
        default_sample_description_index: 1,
        default_sample_duration: 0,
        default_sample_size: 0,
        default_sample_flags: 0,
    });
    let moov = Moov {
        mvhd: Mvhd {
            creation_time: 0,
            modification_time: 0,
            timescale: TICKS,
            duration: 0,
            rate: 1.into(),
            volume: 1.into(),
            matrix: Default::default(),
            next_track_id: SOUND + 1,
        },
        meta: None,
        mvex: Some(Mvex { mehd: None, trex: trex.collect() }),
        trak,
        udta: None,
        ainf: None,
    };
    let mut out = Vec::new();
    ftyp.encode(&mut out).map_err(|_| NoFrames)?;
    moov.encode(&mut out).map_err(|_| NoFrames)?;
    Ok(out)
}

fn picture(picture: Picture) -> Trak {
    let visual = Visual {
        data_reference_index: 1,
        width: picture.width,
        height: picture.height,
        ..Visual::default()
    };
    // What decoders need stands in the frames; 4:2:0 of 8 bits is what encoders of phones give.
    let vpcc = VpcC {
        profile: 0,
        level: 41,
        bit_depth: 8,
        chroma_subsampling: 1,
        video_full_range_flag: false,
        color_primaries: 2,
        transfer_characteristics: 2,
        matrix_coefficients: 2,
        codec_initialization_data: Vec::new(),
    };
    let (btrt, colr, pasp, spatial) = (None, None, None, None);
    let codec = match picture.vp9 {
        true => Codec::Vp09(Vp09 { visual, vpcc, btrt, colr, pasp, spatial }),
        false => Codec::Vp08(Vp08 { visual, vpcc, btrt, colr, pasp, spatial }),
    };
    let mut trak = track(PICTURE, b"vide", codec);
    trak.tkhd.width = picture.width.into();
    trak.tkhd.height = picture.height.into();
    trak.mdia.minf.vmhd = Some(Vmhd::default());
    trak
}

fn sound(sound: Sound) -> Trak {
    let audio = Audio {
        data_reference_index: 1,
        channel_count: u16::from(sound.channels),
        sample_size: 16,
        sample_rate: 48_000.into(),
    };
    let dops = Dops {
        output_channel_count: sound.channels,
        pre_skip: 312,
        input_sample_rate: sound.rate,
        output_gain: 0,
        channel_mapping: None,
    };
    let mut trak = track(SOUND, b"soun", Codec::Opus(Opus { audio, dops, btrt: None }));
    trak.tkhd.volume = 1.into();
    trak.mdia.minf.smhd = Some(Smhd::default());
    trak
}

/// A track whose samples all stand in fragments.
fn track(id: u32, handler: &[u8; 4], codec: Codec) -> Trak {
    Trak {
        tkhd: Tkhd {
            creation_time: 0,
            modification_time: 0,
            track_id: id,
            enabled: true,
            in_movie: true,
            ..Tkhd::default()
        },
        edts: None,
        meta: None,
        mdia: Mdia {
            mdhd: Mdhd {
                creation_time: 0,
                modification_time: 0,
                timescale: TICKS,
                duration: 0,
                language: "und".into(),
            },
            hdlr: Hdlr { handler: FourCC::new(handler), name: String::new() },
            minf: Minf {
                dinf: Dinf {
                    dref: Dref { entries: vec![DrefEntry::Url(Url { location: String::new() })] },
                },
                stbl: Stbl {
                    stsd: Stsd { codecs: vec![codec] },
                    stco: Some(Stco { entries: Vec::new() }),
                    ..Stbl::default()
                },
                ..Minf::default()
            },
        },
        senc: None,
        tref: None,
        udta: None,
    }
}

/// Frames that are written together.
pub(super) struct Fragment {
    /// A new one begins with a picture that can be shown.
    with_pictures: bool,
    number: u32,
    frames: Vec<Frame>,
    bytes: usize,
    /// Newest time of each track, pictures first.
    last: [Option<u64>; 2],
}

impl Fragment {
    pub(super) fn new(with_pictures: bool) -> Self {
        Self { with_pictures, number: 0, frames: Vec::new(), bytes: 0, last: [None; 2] }
    }

    /// Whether what is here should be written before this frame comes.
    pub(super) fn is_full_before(&self, frame: &Frame) -> bool {
        let Some(first) = self.frames.first() else { return false };
        let long = frame.time.saturating_sub(first.time);
        let turn = !self.with_pictures || (frame.picture && frame.key);
        (turn && long >= LEAST) || long >= LONGEST || self.bytes + frame.data.len() > MOST
    }

    pub(super) fn add(&mut self, frame: Frame) -> Result<(), NoFrames> {
        let [pictures, sounds] = &mut self.last;
        let last = if frame.picture { pictures } else { sounds };
        if last.is_some_and(|last| frame.time <= last) {
            return Err(NoFrames);
        }
        *last = Some(frame.time);
        self.bytes += frame.data.len();
        self.frames.push(frame);
        Ok(())
    }

    /// `moof` and `mdat` of what is here; nothing when that is nothing.
    pub(super) fn write(&mut self) -> Result<Vec<u8>, NoFrames> {
        let frames = std::mem::take(&mut self.frames);
        self.bytes = 0;
        if frames.is_empty() {
            return Ok(Vec::new());
        }
        self.number += 1;
        let (pictures, sounds): (Vec<_>, Vec<_>) = frames.into_iter().partition(|one| one.picture);
        let tracks = [(PICTURE, pictures, LAST_PICTURE), (SOUND, sounds, LAST_SOUND)];
        let tracks: Vec<_> = tracks.into_iter().filter(|one| !one.1.is_empty()).collect();
        // Once to learn its length, once with the places that follow from it.
        let length = encoded(&self.moof(&tracks, 0)?)?.len();
        let mut out = encoded(&self.moof(&tracks, length + 8)?)?;
        let data: usize = tracks.iter().flat_map(|one| &one.1).map(|one| one.data.len()).sum();
        let all = u32::try_from(data + 8).map_err(|_| NoFrames)?;
        out.extend(all.to_be_bytes());
        out.extend(b"mdat");
        let mut body = Zeroizing::new(Vec::with_capacity(data));
        tracks.iter().flat_map(|one| &one.1).for_each(|one| body.extend_from_slice(&one.data));
        out.extend_from_slice(&body);
        Ok(out)
    }

    fn moof(&self, tracks: &[(u32, Vec<Frame>, u32)], data: usize) -> Result<Moof, NoFrames> {
        let mut at = data;
        let mut traf = Vec::new();
        for (id, frames, last) in tracks {
            traf.push(Traf {
                tfhd: Tfhd { track_id: *id, default_base_is_moof: true, ..Tfhd::default() },
                tfdt: Some(Tfdt {
                    base_media_decode_time: frames.first().map_or(0, |frame| frame.time),
                }),
                trun: vec![Trun {
                    data_offset: Some(i32::try_from(at).map_err(|_| NoFrames)?),
                    samples: TrunSamples::Explicit(samples(frames, *last)?),
                }],
                ..Traf::default()
            });
            at += frames.iter().map(|frame| frame.data.len()).sum::<usize>();
        }
        Ok(Moof { mfhd: Mfhd { sequence_number: self.number }, traf })
    }
}

fn samples(frames: &[Frame], last: u32) -> Result<Vec<TrunEntry>, NoFrames> {
    let next = frames.iter().skip(1).map(|frame| Some(frame.time)).chain([None]);
    let mut duration = last;
    frames
        .iter()
        .zip(next)
        .map(|(frame, next)| {
            // The last one lasts as long as the one before it.
            if let Some(next) = next {
                duration = u32::try_from(next - frame.time).map_err(|_| NoFrames)?;
            }
            Ok(TrunEntry {
                duration: Some(duration),
                size: Some(u32::try_from(frame.data.len()).map_err(|_| NoFrames)?),
                flags: Some(if frame.key || !frame.picture { KEY } else { NOT_KEY }),
                cts: None,
            })
        })
        .collect()
}

fn encoded(moof: &Moof) -> Result<Vec<u8>, NoFrames> {
    let mut out = Vec::new();
    moof.encode(&mut out).map_err(|_| NoFrames)?;
    Ok(out)
}
