// SPDX-License-Identifier: MPL-2.0
//! What a person did: as a form, or as the script sends it.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

use amate_app::app::App;
use amate_screen::{Action, Block, Effect, Input, Kind, Screen, Step};
use axum::{
    Form, Json,
    extract::{Query, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use super::{Shared, render};

/// How long a page waits for news at most.
const WAIT: Duration = Duration::from_secs(25);

/// What the script sends, in order.
#[derive(Deserialize)]
pub(crate) struct Sent {
    actions: Vec<Done>,
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "lowercase")]
enum Done {
    Tap { key: String },
    Change { key: String, value: String },
    Secret { key: String, value: String },
    Back,
    Hide,
    Lock,
    Look,
}

/// What the script gets.
#[derive(Serialize)]
pub(crate) struct Shown {
    html: String,
    /// Changes with the screen.
    mark: String,
    effects: Vec<Shell>,
}

/// What a page does beyond drawing.
#[derive(Serialize)]
#[serde(tag = "do", rename_all = "lowercase")]
enum Shell {
    Pick,
    Save { href: String },
    Copy { text: String },
    Leave,
}

#[derive(Deserialize)]
pub(crate) struct Since {
    mark: String,
}

/// `POST /act`.
pub(crate) async fn act(State(shared): State<Shared>, request: Request) -> Response {
    use axum::extract::FromRequest;
    let content = request.headers().get(header::CONTENT_TYPE);
    let json = content.is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    if json {
        return match Json::<Sent>::from_request(request, &()).await {
            Ok(Json(sent)) => by_script(&shared, sent).await,
            Err(_) => StatusCode::BAD_REQUEST.into_response(),
        };
    }
    match Form::<Vec<(String, String)>>::from_request(request, &()).await {
        Ok(Form(pairs)) => by_form(&shared, pairs).await,
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// `GET /live?mark=`: answers when the screen is another one, or after a while as it is.
pub(crate) async fn live(State(shared): State<Shared>, Query(since): Query<Since>) -> Response {
    let mut changed = shared.0.changed.subscribe();
    let first = looked(&shared).await;
    let Some(first) = first else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    if first.mark != since.mark {
        return Json(first).into_response();
    }
    let _ = tokio::time::timeout(WAIT, changed.changed()).await;
    match looked(&shared).await {
        Some(shown) => Json(shown).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A step as the script takes it.
pub(super) fn shown(shared: &Shared, step: &Step) -> Shown {
    let html = render::content(&step.screen).into_string();
    let mut hasher = DefaultHasher::new();
    html.hash(&mut hasher);
    let mark = format!("{:016x}", hasher.finish());
    let effects = step.effects.iter().map(|effect| shell(shared, effect)).collect();
    Shown { html, mark, effects }
}

async fn looked(shared: &Shared) -> Option<Shown> {
    let step = shared.with(|app| app.act(Action::Look)).await?;
    Some(shown(shared, &step))
}

async fn by_script(shared: &Shared, sent: Sent) -> Response {
    let done = shared.with(move |app| {
        let mut effects = Vec::new();
        for one in sent.actions {
            effects.extend(app.act(action(one)).effects);
        }
        Step { screen: app.view(), effects }
    });
    match done.await {
        Some(step) => Json(shown(shared, &step)).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// All fields of the screen, then the button; the answer is the page again.
async fn by_form(shared: &Shared, mut pairs: Vec<(String, String)>) -> Response {
    let effects = shared.with(move |app| {
        let effects = filled_in(app, &pairs);
        pairs.iter_mut().for_each(|(_, value)| value.zeroize());
        effects
    });
    let effects = effects.await.unwrap_or_default();
    let to = effects.iter().find_map(|effect| match shell(shared, effect) {
        Shell::Leave => Some("/blank".to_owned()),
        Shell::Save { href } => Some(href),
        _ => None,
    });
    Redirect::to(to.as_deref().unwrap_or("/")).into_response()
}

fn filled_in(app: &mut App, pairs: &[(String, String)]) -> Vec<Effect> {
    let screen = app.view();
    for (name, value) in pairs {
        if let Some(key) = name.strip_prefix("field:")
            && let Some(held) = value_of(&screen, key)
        {
            // Browsers end lines as mail does.
            let value = value.replace("\r\n", "\n");
            if held != value {
                app.act(Action::Change { key: key.to_owned(), value });
            }
        }
        if let Some(key) = name.strip_prefix("secret:").filter(|_| !value.is_empty()) {
            app.act(Action::Secret { key: key.to_owned(), bytes: value.as_bytes().to_vec() });
        }
    }
    let mut effects = Vec::new();
    for (name, value) in pairs {
        let action = match (name.as_str(), value.as_str()) {
            ("tap", key) => Action::Tap { key: key.to_owned() },
            ("do", "back") => Action::Back,
            ("do", "hide") => Action::Hide,
            _ => continue,
        };
        effects.extend(app.act(action).effects);
    }
    effects
}

/// What a field of the screen holds now; `None` where there is no such field.
fn value_of<'a>(screen: &'a Screen, key: &str) -> Option<&'a str> {
    find(&screen.blocks, key)
}

fn find<'a>(blocks: &'a [Block], key: &str) -> Option<&'a str> {
    blocks.iter().find_map(|block| match &block.kind {
        Kind::Field { value, input, .. } if block.key == key && *input != Input::Code => {
            Some(value.as_str())
        }
        Kind::Date { value, .. } if block.key == key => Some(value.as_str()),
        Kind::Card { blocks } => find(blocks, key),
        _ => None,
    })
}

fn action(done: Done) -> Action {
    match done {
        Done::Tap { key } => Action::Tap { key },
        Done::Change { key, value } => Action::Change { key, value },
        Done::Secret { key, value } => Action::Secret { key, bytes: value.into_bytes() },
        Done::Back => Action::Back,
        Done::Hide => Action::Hide,
        Done::Lock => Action::Lock,
        Done::Look => Action::Look,
    }
}

fn shell(shared: &Shared, effect: &Effect) -> Shell {
    match effect {
        Effect::PickFile => Shell::Pick,
        Effect::Share { medium, file_name, .. } => {
            Shell::Save { href: shared.0.saves.link(medium, file_name) }
        }
        Effect::Copy { text } => Shell::Copy { text: text.clone() },
        Effect::Leave => Shell::Leave,
    }
}
