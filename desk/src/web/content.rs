// SPDX-License-Identifier: MPL-2.0
//! Content of pieces, shown or handed over: opened piece by piece as the browser asks for it.

use std::{
    collections::VecDeque,
    io::{self, Write},
    sync::{Mutex, MutexGuard, PoisonError},
};

use amate_app::app::Content;
use axum::{
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::sync::mpsc;
use zeroize::Zeroizing;

use super::{
    Shared,
    guard::{same, secret},
};

/// Bytes in the clear at once.
const PIECE: usize = 64 * 1024;
/// Most of a range that is answered at once: players ask for the next.
const RANGE: u64 = 4 << 20;
/// What a browser may show inside a page: nothing that can run or draw anything else.
const SHOWN: [&str; 14] = [
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "audio/webm",
    "video/mp4",
    "video/ogg",
    "video/webm",
    "audio/aac",
    "video/quicktime",
];

/// Links under which something leaves in the clear. Only a warning that was answered makes one, and
/// it leads somewhere once: an address that somebody guesses, or that stayed in the history of the
/// browser, gives nothing.
#[derive(Default)]
pub(super) struct Saves(Mutex<VecDeque<(String, String)>>);

/// Links that nobody followed yet, at most.
const LINKS: usize = 8;

impl Saves {
    /// A new link to a content, under this name.
    pub(super) fn link(&self, medium: &str, file_name: &str) -> String {
        let (link, name) = (secret(), safe(file_name));
        let mut links = self.links();
        links.truncate(LINKS - 1);
        links.push_front((link.clone(), medium.to_owned()));
        format!("/save/{link}/{name}")
    }

    /// Where a link leads, the first time.
    fn take(&self, link: &str) -> Option<String> {
        let mut links = self.links();
        let at = links.iter().position(|(one, _)| same(one, link))?;
        links.remove(at).map(|(_, medium)| medium)
    }

    pub(super) fn clear(&self) {
        self.links().clear();
    }

    fn links(&self) -> MutexGuard<'_, VecDeque<(String, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `GET /content/{medium}`, with ranges.
pub(crate) async fn show(
    State(shared): State<Shared>,
    Path(medium): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(Content::Item(reader)) = open(&shared, medium).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let media_type = reader.media_type().to_owned();
    if !SHOWN.contains(&media_type.as_str()) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let length = reader.length();
    let asked = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let (status, start, end) = match asked.map(|text| range(text, length)) {
        None => (StatusCode::OK, 0, length),
        Some(Some((start, end))) => (StatusCode::PARTIAL_CONTENT, start, end),
        Some(None) => {
            let whole = format!("bytes */{length}");
            return (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, whole)])
                .into_response();
        }
    };
    let mut response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, media_type)
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::CONTENT_LENGTH, end - start);
    if status == StatusCode::PARTIAL_CONTENT {
        let last = end.saturating_sub(1);
        response = response.header(header::CONTENT_RANGE, format!("bytes {start}-{last}/{length}"));
    }
    let body = poured(move |out| {
        let (mut reader, mut at) = (reader, start);
        let mut piece = Zeroizing::new(vec![0; PIECE]);
        while at < end {
            let left = usize::try_from(end - at).unwrap_or(PIECE).min(PIECE);
            let wanted = piece.get_mut(..left).unwrap_or_default();
            let n = reader.read_at(at, wanted).map_err(io::Error::other)?;
            if n == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            out.write_all(piece.get(..n).unwrap_or_default())?;
            at += n as u64;
        }
        Ok(())
    });
    response.body(body).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// `GET /save/{link}/{name}`: as a file of the browser's. The person was warned before.
pub(crate) async fn save(
    State(shared): State<Shared>,
    Path((link, name)): Path<(String, String)>,
) -> Response {
    let Some(medium) = shared.0.saves.take(&link) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Some(content) = open(&shared, medium).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let name = safe(&name);
    let body = poured(move |out| content.write(out).map_err(io::Error::other));
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, body).into_response()
}

async fn open(shared: &Shared, medium: String) -> Option<Content> {
    shared.with(move |app| app.content(&medium).ok()).await.flatten()
}

/// What can stand in a path and in a header as it is.
fn safe(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')).collect()
}

/// A body that a thread writes, a few pieces ahead of the browser.
fn poured(write: impl FnOnce(&mut Pieces) -> io::Result<()> + Send + 'static) -> Body {
    let (sender, receiver) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        let mut out = Pieces(sender);
        if let Err(error) = write(&mut out) {
            // The browser sees a body that broke off, never one that looks whole.
            let _ = out.0.blocking_send(Err(error));
        }
    });
    Body::from_stream(futures_util::stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|piece| (piece, receiver))
    }))
}

struct Pieces(mpsc::Sender<io::Result<Bytes>>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = Bytes::copy_from_slice(bytes);
        self.0.blocking_send(Ok(piece)).map_err(|_| io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// `bytes=a-b`, `bytes=a-`, `bytes=-n`: first byte and the one behind the last.
fn range(text: &str, length: u64) -> Option<(u64, u64)> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let (start, end) = match (first.parse::<u64>().ok(), last.parse::<u64>().ok()) {
        (Some(start), Some(last)) => (start, last.checked_add(1)?.min(length)),
        (Some(start), None) if last.is_empty() => (start, length),
        (None, Some(tail)) if first.is_empty() => (length.saturating_sub(tail), length),
        _ => return None,
    };
    (start < end).then(|| (start, end.min(start.saturating_add(RANGE))))
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn ranges_are_within_the_content_or_refused() {
        assert_eq!(range("bytes=0-", 10), Some((0, 10)));
        assert_eq!(range("bytes=2-5", 10), Some((2, 6)));
        assert_eq!(range("bytes=-3", 10), Some((7, 10)));
        assert_eq!(range("bytes=0-18446744073709551615", 10), None);
        for wrong in
            ["bytes=10-", "bytes=5-2", "bytes=-", "bytes=a-b", "items=0-1", "bytes=0-1,3-4"]
        {
            assert_eq!(range(wrong, 10), None, "{wrong}");
        }
    }
}
