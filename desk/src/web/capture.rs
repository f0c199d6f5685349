// SPDX-License-Identifier: MPL-2.0
//! Bytes of the camera, the recorder or a file on their way into the sealed store, as they come:
//! nothing of them is collected, and nothing becomes a file.

use amate_app::app::CaptureSink;
use amate_screen::{Step, Way};
use amate_wire::id::IdentityId;
use axum::{
    Json,
    body::{Body, Bytes},
    extract::{Multipart, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};

use super::{Shared, act::shown};

/// What is captured.
#[derive(Deserialize)]
pub(crate) struct What {
    way: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    media_type: String,
}

#[derive(Deserialize)]
pub(crate) struct Which {
    id: u64,
}

#[derive(Deserialize)]
pub(crate) struct Picture {
    width: u32,
    height: u32,
}

#[derive(Serialize)]
struct Begun {
    id: u64,
}

/// Longest name of a file that is kept.
const NAME: usize = 200;

/// Tells the vault when the bytes of a photo or a file broke off: the page that sent them went away,
/// and nobody answers it any more.
struct Ended {
    shared: Shared,
    vault: IdentityId,
    cut: bool,
}

impl Ended {
    fn of(shared: &Shared, sink: &CaptureSink) -> Self {
        Self { shared: shared.clone(), vault: sink.vault(), cut: true }
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        if self.cut {
            let (shared, vault) = (self.shared.clone(), self.vault);
            tokio::spawn(async move { shared.with(move |app| app.cut(vault)).await });
        }
    }
}

/// `POST /capture?way=photo|file&name=`: the whole body is the content.
pub(crate) async fn whole(
    State(shared): State<Shared>,
    Query(what): Query<What>,
    body: Body,
) -> Response {
    let Some(way) = way(&what.way) else { return StatusCode::BAD_REQUEST.into_response() };
    let mut stream = body.into_data_stream();
    let mut sink = match begin(&shared, way, &what.name, &what.media_type).await {
        Ok(sink) => sink,
        Err(response) => return response,
    };
    let mut whole = Ended::of(&shared, &sink);
    while let Some(piece) = stream.next().await {
        // A body that breaks off leaves nothing: the sink is dropped.
        let Ok(piece) = piece else { return StatusCode::BAD_REQUEST.into_response() };
        let Some((back, goes_on)) = pushed(sink, piece).await else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        sink = back;
        if !goes_on {
            // Why stands on the screen.
            break;
        }
    }
    whole.cut = false;
    finish(&shared, sink).await
}

/// `POST /upload`: the same from a form without a script.
pub(crate) async fn upload(State(shared): State<Shared>, mut form: Multipart) -> Response {
    let mut chosen = Way::File;
    while let Ok(Some(mut field)) = form.next_field().await {
        if field.name() == Some("way") {
            if let Ok(text) = field.text().await {
                chosen = way(&text).unwrap_or(Way::File);
            }
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        if name.is_empty() {
            break;
        }
        let Ok(mut sink) = begin(&shared, chosen, &name, "").await else { break };
        let mut whole = Ended::of(&shared, &sink);
        loop {
            match field.chunk().await {
                Ok(Some(piece)) => match pushed(sink, piece).await {
                    Some((back, true)) => sink = back,
                    Some((back, false)) => {
                        sink = back;
                        break;
                    }
                    None => return Redirect::to("/").into_response(),
                },
                Ok(None) => break,
                Err(_) => return Redirect::to("/").into_response(),
            }
        }
        whole.cut = false;
        let _ = shared.with(move |app| app.finish(sink).is_ok()).await;
        break;
    }
    Redirect::to("/").into_response()
}

/// `POST /record/start?way=video|voice&media_type=`.
pub(crate) async fn start(State(shared): State<Shared>, Query(what): Query<What>) -> Response {
    let Some(way) = way(&what.way) else { return StatusCode::BAD_REQUEST.into_response() };
    match begin(&shared, way, "", &what.media_type).await {
        Ok(sink) => Json(Begun { id: shared.new_capture(sink) }).into_response(),
        Err(response) => response,
    }
}

/// `POST /record/push?id=`: each piece is durable as the recording's parts are.
pub(crate) async fn push(
    State(shared): State<Shared>,
    Query(which): Query<Which>,
    piece: Bytes,
) -> Response {
    let Some(sink) = shared.captures().remove(&which.id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match pushed(sink, piece).await {
        Some((sink, goes_on)) => {
            shared.keep_capture(which.id, sink);
            match goes_on {
                true => StatusCode::NO_CONTENT.into_response(),
                false => StatusCode::INSUFFICIENT_STORAGE.into_response(),
            }
        }
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// `POST /record/stop?id=`.
pub(crate) async fn stop(State(shared): State<Shared>, Query(which): Query<Which>) -> Response {
    let sink = shared.captures().remove(&which.id);
    match sink {
        Some(sink) => finish(&shared, sink).await,
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `POST /scan?width=&height=`: brightnesses of a picture of the camera; 204 while there is no
/// code in it.
pub(crate) async fn scan(
    State(shared): State<Shared>,
    Query(picture): Query<Picture>,
    luma: Bytes,
) -> Response {
    let found = shared.with(move |app| app.scan(picture.width, picture.height, &luma)).await;
    match found.flatten() {
        Some(step) => Json(shown(&shared, &step)).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    }
}

async fn begin(
    shared: &Shared,
    way: Way,
    name: &str,
    media_type: &str,
) -> Result<CaptureSink, Response> {
    let name: String = name.chars().filter(|c| !c.is_control()).take(NAME).collect();
    let media_type: String = media_type.chars().take(NAME).collect();
    let begun = shared.with(move |app| app.begin(way, &name, &media_type)).await;
    match begun {
        Some(Ok(sink)) => Ok(sink),
        Some(Err(said)) => Err((StatusCode::CONFLICT, said).into_response()),
        None => Err(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
    }
}

/// Waits for the disk where that harms nobody; says whether it goes on.
async fn pushed(mut sink: CaptureSink, piece: Bytes) -> Option<(CaptureSink, bool)> {
    let push = move || {
        let goes_on = sink.push(&piece).is_ok();
        (sink, goes_on)
    };
    tokio::task::spawn_blocking(push).await.ok()
}

async fn finish(shared: &Shared, sink: CaptureSink) -> Response {
    let finished = shared.with(move |app| {
        let step = app.finish(sink);
        // What went wrong stands on the screen.
        step.unwrap_or_else(|_| Step { screen: app.view(), effects: Vec::new() })
    });
    match finished.await {
        Some(step) => Json(shown(shared, &step)).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn way(name: &str) -> Option<Way> {
    Some(match name {
        "photo" => Way::Photo,
        "video" => Way::Video,
        "voice" => Way::Voice,
        "file" => Way::File,
        _ => return None,
    })
}
