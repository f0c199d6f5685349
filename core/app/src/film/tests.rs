// SPDX-License-Identifier: MPL-2.0
//! Films are read back by the library's own reader; browsers play them in tests/web.

use mp4_atom::{Any, Codec, Decode, Moof, Moov, TrunSamples};

use super::*;

fn bytes(picture: bool, key: bool, time: u64, data: &[u8]) -> Vec<u8> {
    let mut out = vec![if picture { 1 } else { 2 }, u8::from(key)];
    out.extend(time.to_be_bytes());
    out.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
    out.extend(data);
    out
}

fn film(tracks: &str) -> Muxer {
    Muxer::new(Tracks::from_text(tracks).unwrap())
}

/// All boxes of a film.
fn boxes(film: &[u8]) -> Vec<Any> {
    let mut rest = std::io::Cursor::new(film);
    let mut all = Vec::new();
    while usize::try_from(rest.position()).unwrap() < film.len() {
        all.push(Any::decode(&mut rest).unwrap());
    }
    all
}

const FILM: &str = "video/mp4;video=vp8;width=640;height=480;channels=1;rate=44100";

#[test]
fn a_film_has_every_frame_at_its_time_and_is_whole_after_each_fragment() {
    let mut muxer = film(FILM);
    let mut out = Vec::new();
    let mut ends = Vec::new();
    for n in 0..90_u64 {
        let picture = bytes(true, n % 30 == 0, n * 33_000, &[u8::try_from(n).unwrap(); 100]);
        let sound = bytes(false, true, n * 33_000 + 5, b"sound");
        let some = muxer.push(&[picture, sound].concat()).unwrap();
        if !some.is_empty() {
            out.extend(some);
            ends.push(out.len());
        }
    }
    out.extend(muxer.finish().unwrap());
    ends.push(out.len());
    assert!(ends.len() >= 3, "{ends:?}");
    for end in ends {
        let mut times = Vec::new();
        for one in boxes(&out[..end]) {
            match one {
                Any::Moov(Moov { trak, .. }) => {
                    assert!(matches!(trak[0].mdia.minf.stbl.stsd.codecs[0], Codec::Vp08(_)));
                    assert!(matches!(trak[1].mdia.minf.stbl.stsd.codecs[0], Codec::Opus(_)));
                    assert!(trak.iter().all(|one| one.tkhd.creation_time == 0));
                }
                Any::Moof(Moof { traf, .. }) => {
                    let mut time = traf[0].tfdt.as_ref().unwrap().base_media_decode_time;
                    let TrunSamples::Explicit(samples) = &traf[0].trun[0].samples else {
                        panic!("samples")
                    };
                    assert_eq!(samples[0].flags, Some(0x0200_0000), "begins with a key frame");
                    for sample in samples {
                        assert_eq!(sample.size, Some(100));
                        times.push(time);
                        time += u64::from(sample.duration.unwrap());
                    }
                }
                _ => {}
            }
        }
        let wanted: Vec<u64> = (0..times.len() as u64).map(|n| n * 33_000).collect();
        assert_eq!(times, wanted);
    }
}

#[test]
fn frames_may_come_in_any_pieces() {
    let all: Vec<u8> =
        (0..50_u64).flat_map(|n| bytes(false, true, n * 60_000, &n.to_be_bytes())).collect();
    let whole = {
        let mut muxer = film("audio/mp4;channels=2;rate=48000");
        let mut out = muxer.push(&all).unwrap();
        out.extend(muxer.finish().unwrap());
        out
    };
    let mut muxer = film("audio/mp4;channels=2;rate=48000");
    let mut out = Vec::new();
    for piece in all.chunks(7) {
        out.extend(muxer.push(piece).unwrap());
    }
    out.extend(muxer.finish().unwrap());
    assert_eq!(out, whole);
    assert!(boxes(&whole).len() > 4);
}

#[test]
fn what_is_no_frame_is_refused_and_what_was_written_stays_a_film() {
    for wrong in [
        bytes(true, true, 5_000_000, b"x"),
        [&[3, 0][..], &[0; 12]].concat(),
        [&[2, 2][..], &[0; 12]].concat(),
        bytes(false, true, 0, b"")[..14].to_vec(),
        bytes(false, true, 40_000, b"again"),
        bytes(false, true, u64::MAX, b"late"),
        [&[2, 1][..], &1_u64.to_be_bytes(), &u32::MAX.to_be_bytes()].concat(),
    ] {
        let mut muxer = film("audio/mp4;channels=1;rate=48000");
        let out = muxer.push(&bytes(false, true, 40_000, b"sound")).unwrap();
        assert_eq!(muxer.push(&wrong), Err(NoFrames), "{wrong:?}");
        assert_eq!(boxes(&[out, muxer.finish().unwrap()].concat()).len(), 4);
    }
}

#[test]
fn what_is_announced_is_understood_or_refused() {
    assert_eq!(Tracks::from_text(FILM).unwrap().media_type(), "video/mp4");
    assert_eq!(
        Tracks::from_text("audio/mp4; channels=1; rate=16000").unwrap().sound.unwrap().rate,
        16_000
    );
    for wrong in [
        "",
        "video/mp4",
        "audio/mp4",
        "video/webm;video=vp8;width=1;height=1",
        "video/mp4;video=h264;width=640;height=480",
        "video/mp4;video=vp8;width=0;height=480",
        "video/mp4;video=vp8;width=640;height=0",
        "video/mp4;video=vp8;width=70000;height=480",
        "audio/mp4;channels=3;rate=48000",
        "audio/mp4;channels=1;rate=0",
        "audio/mp4;channels=1;rate=48000;title=x",
        "audio/mp4;video=vp8;width=1;height=1;channels=1;rate=48000",
    ] {
        assert_eq!(Tracks::from_text(wrong), Err(NoFrames), "{wrong}");
    }
}
