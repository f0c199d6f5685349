// SPDX-License-Identifier: MPL-2.0
//! Real files for the walk, made here and deterministic: nothing of third parties, no real place.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use jpeg_encoder::{ColorType, Encoder};

/// What [`make`] wrote.
pub struct Media {
    /// Photo with EXIF, GPS position and a thumbnail-sized comment: for an in-app capture.
    pub capture: PathBuf,
    /// The folder of files that exist already: photo with EXIF, voice note, PDF, video, an empty
    /// file, a file whose name claims another type.
    pub folder: PathBuf,
    /// Sound for the live recording.
    pub live: PathBuf,
}

/// Text that stands in the EXIF of the photos and must never be found outside the vault.
pub const EXIF_MARK: &str = "Modelo de prueba Amate-7Q";

/// Writes all files below `dir`; the video has about `video_bytes`.
///
/// # Errors
/// I/O errors of the folder.
pub fn make(dir: &Path, video_bytes: usize) -> io::Result<Media> {
    let folder = dir.join("archivos");
    fs::create_dir_all(&folder)?;
    let capture = dir.join("toma.jpg");
    fs::write(&capture, photo(1))?;
    fs::write(folder.join("foto del camino.jpg"), photo(2))?;
    fs::write(folder.join("nota de voz.wav"), voice(8, 3))?;
    fs::write(folder.join("acuse.pdf"), pdf())?;
    video(&folder.join("video.avi"), video_bytes)?;
    fs::write(folder.join("vacío.txt"), b"")?;
    fs::write(folder.join("parece.png"), photo(4))?;
    let live = dir.join("en vivo.wav");
    fs::write(&live, voice(40, 5))?;
    Ok(Media { capture, folder, live })
}

/// A JPEG of 320 × 240 with an EXIF segment that holds a camera name and a GPS position.
#[must_use]
pub fn photo(seed: u32) -> Vec<u8> {
    let plain = frame(320, 240, seed);
    let exif = exif();
    let length = u16::try_from(exif.len() + 2).unwrap_or(u16::MAX);
    let (start, rest) = plain.split_at(2);
    [start, &[0xff, 0xe1], &length.to_be_bytes(), &exif, rest].concat()
}

/// A WAV of some seconds: 16 kHz, 16 bit, a wavering tone with noise.
#[must_use]
pub fn voice(seconds: u32, seed: u32) -> Vec<u8> {
    let samples = seconds * 16_000;
    let mut noise = Noise(seed);
    let mut out = Vec::new();
    out.extend_from_slice(b"RIFF");
    out.extend_from_slice(&(36 + samples * 2).to_le_bytes());
    out.extend_from_slice(b"WAVEfmt ");
    for field in [16_u32, 0x0001_0001, 16_000, 32_000, 0x0010_0002] {
        out.extend_from_slice(&field.to_le_bytes());
    }
    out.extend_from_slice(b"data");
    out.extend_from_slice(&(samples * 2).to_le_bytes());
    for at in 0..samples {
        let tone = (f64::from(at) * 0.05 + (f64::from(at) * 0.001).sin() * 9.0).sin() * 6_000.0;
        let sample = tone as i32 + i32::from(noise.next() as u8) * 8 - 1_024;
        out.extend_from_slice(&(sample as i16).to_le_bytes());
    }
    out
}

/// A playable AVI with motion JPEG frames, written frame by frame.
fn video(path: &Path, bytes: usize) -> io::Result<()> {
    let frames: Vec<Vec<u8>> = (0..8).map(|seed| frame(640, 480, 100 + seed)).collect();
    let padded = |frame: &Vec<u8>| frame.len() + frame.len() % 2 + 8;
    let round: usize = frames.iter().map(padded).sum();
    let rounds = (bytes / round).max(1);
    let count = (rounds * frames.len()) as u32;
    let movi = (4 + rounds * round) as u32;
    let mut out = io::BufWriter::new(fs::File::create(path)?);
    let header = avi_header(count);
    out.write_all(b"RIFF")?;
    out.write_all(&(4 + header.len() as u32 + 8 + movi).to_le_bytes())?;
    out.write_all(b"AVI ")?;
    out.write_all(&header)?;
    out.write_all(b"LIST")?;
    out.write_all(&movi.to_le_bytes())?;
    out.write_all(b"movi")?;
    for _ in 0..rounds {
        for frame in &frames {
            out.write_all(b"00dc")?;
            out.write_all(&(frame.len() as u32).to_le_bytes())?;
            out.write_all(frame)?;
            out.write_all(&[0][..frame.len() % 2])?;
        }
    }
    out.into_inner()?.sync_all()
}

/// `hdrl` list: main header, one video stream of 640 × 480 MJPG at 25 frames a second.
fn avi_header(frames: u32) -> Vec<u8> {
    let main = words(&[40_000, 0, 0, 0x10, frames, 0, 1, 0, 640, 480, 0, 0, 0, 0]);
    let mut stream = b"vidsMJPG".to_vec();
    stream.extend(words(&[0, 0, 0, 1, 25, 0, frames, 0, 0, 0, 0, (480 << 16) | 640]));
    let mut format = words(&[40, 640, 480, (24 << 16) | 1]);
    format.extend_from_slice(b"MJPG");
    format.extend(words(&[640 * 480 * 3, 0, 0, 0, 0]));
    let streams = [chunk(b"strh", &stream), chunk(b"strf", &format)].concat();
    let list = [b"strl".to_vec(), streams].concat();
    let body = [b"hdrl".to_vec(), chunk(b"avih", &main), chunk(b"LIST", &list)].concat();
    chunk(b"LIST", &body)
}

fn chunk(tag: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [tag.as_slice(), &(body.len() as u32).to_le_bytes(), body].concat()
}

fn words(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// A JPEG of a smooth picture with noise, so that it does not compress away.
fn frame(width: u16, height: u16, seed: u32) -> Vec<u8> {
    let mut noise = Noise(seed.wrapping_mul(2_654_435_761) | 1);
    let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height) * 3);
    for y in 0..u32::from(height) {
        for x in 0..u32::from(width) {
            let grain = noise.next() % 64;
            pixels.push(((x / 3 + grain + seed * 7) % 256) as u8);
            pixels.push(((y / 2 + grain) % 256) as u8);
            pixels.push(((x + y) / 5 % 256) as u8);
        }
    }
    let mut jpeg = Vec::new();
    Encoder::new(&mut jpeg, 85)
        .encode(&pixels, width, height, ColorType::Rgb)
        .expect("an encoder that writes to memory");
    jpeg
}

/// EXIF: a little-endian TIFF with a camera model and a GPS position in the sea off Guerrero.
fn exif() -> Vec<u8> {
    let model = format!("{EXIF_MARK}\0");
    let gps_at = 8 + 2 + 2 * 12 + 4;
    let model_at = gps_at + 2 + 4 * 12 + 4;
    let latitude_at = model_at + model.len();
    let mut tiff = b"II\x2a\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend(entry(0x0110, 2, model.len(), model_at));
    tiff.extend(entry(0x8825, 4, 1, gps_at));
    tiff.extend([0; 4]);
    tiff.extend([4, 0]);
    tiff.extend(entry(1, 2, 2, usize::from(b'N')));
    tiff.extend(entry(2, 5, 3, latitude_at));
    tiff.extend(entry(3, 2, 2, usize::from(b'W')));
    tiff.extend(entry(4, 5, 3, latitude_at + 24));
    tiff.extend([0; 4]);
    tiff.extend(model.bytes());
    tiff.extend(words(&[16, 1, 12, 1, 34, 1, 100, 1, 30, 1, 56, 1]));
    [b"Exif\0\0".as_slice(), &tiff].concat()
}

fn entry(tag: u16, kind: u16, count: usize, value: usize) -> Vec<u8> {
    [
        tag.to_le_bytes().as_slice(),
        &kind.to_le_bytes(),
        &(count as u32).to_le_bytes(),
        &(value as u32).to_le_bytes(),
    ]
    .concat()
}

/// A one-page PDF with a sentence in it.
fn pdf() -> Vec<u8> {
    let text = "BT /F1 14 Tf 72 720 Td (Acuse de recibo de prueba, folio 000-PRUEBA) Tj ET";
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut out = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out += &format!("{} 0 obj\n{object}\nendobj\n", at + 1);
    }
    let start = out.len();
    out += "xref\n0 6\n0000000000 65535 f \n";
    for offset in offsets {
        out += &format!("{offset:010} 00000 n \n");
    }
    out += &format!("trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    out.into_bytes()
}

/// xorshift32: the same noise everywhere.
struct Noise(u32);

impl Noise {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0 >> 8
    }
}
