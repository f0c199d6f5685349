// SPDX-License-Identifier: MPL-2.0
//! The screens in a browser, on this machine alone: a phone, or a desk.
//!
//! One process, one vault, one person. Whoever has the address that was printed once gets a cookie
//! for it; nobody else on this machine or in this browser reaches anything ([`guard`]).

mod act;
mod capture;
mod content;
mod guard;
mod listen;
mod look;
mod render;
#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use amate_app::app::{App, CaptureSink, Device, Platform, Setup};
use amate_screen::{Action, Icon, icon_svg};
use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{HeaderValue, header},
    middleware,
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use tokio::sync::watch;

/// What every request reaches.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Inner>);

struct Inner {
    app: Mutex<App>,
    guard: guard::Guard,
    device: &'static str,
    /// Rises when a live screen may have changed.
    changed: watch::Sender<u64>,
    captures: Mutex<HashMap<u64, CaptureSink>>,
    next_capture: AtomicU64,
    saves: content::Saves,
    /// Whether the vault was open after the last call of the app.
    open: AtomicBool,
    /// Seconds of the process at the last request of a person.
    seen: watch::Sender<()>,
}

/// Without any request for so long the app locks.
const PATIENCE: Duration = Duration::from_secs(300);
/// Most bytes of a form without files.
const FORM: usize = 256 * 1024;
const SCRIPT: &str = include_str!("../assets/app.js");
const STYLE: &str = include_str!("../assets/style.css");

/// The server, before it serves.
pub(crate) struct Server {
    shared: Shared,
    listener: tokio::net::TcpListener,
    port: u16,
}

impl Server {
    /// Listens on this machine; port 0 is any that is free.
    pub(crate) async fn bind(
        setup: Setup,
        platform: impl FnOnce(Arc<dyn Fn() + Send + Sync>) -> Platform,
        port: u16,
    ) -> std::io::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = tokio::net::TcpListener::bind(address).await?;
        let port = listener.local_addr()?.port();
        Ok(Self { shared: Shared::new(setup, platform, port), listener, port })
    }

    /// The address that works once.
    pub(crate) fn address(&self) -> String {
        let token = self.shared.0.guard.token();
        format!("http://127.0.0.1:{}/enter?t={token}", self.port)
    }

    /// Serves until `end`, then locks.
    pub(crate) async fn serve(self, end: impl Future<Output = ()> + Send) -> std::io::Result<()> {
        let shared = self.shared.clone();
        let locker = tokio::spawn(lock_when_nobody_is_there(shared.clone()));
        tokio::select! {
            () = listen::answer(self.listener, router(shared.clone())) => {}
            () = end => {}
        }
        locker.abort();
        shared.act(Action::Lock).await;
        Ok(())
    }
}

impl Shared {
    fn new(
        setup: Setup,
        platform: impl FnOnce(Arc<dyn Fn() + Send + Sync>) -> Platform,
        port: u16,
    ) -> Self {
        let device = match setup.device {
            Device::Phone => "phone",
            Device::Desk => "desk",
        };
        let (changed, _) = watch::channel(0);
        let wake = changed.clone();
        let platform = platform(Arc::new(move || wake.send_modify(|count| *count += 1)));
        Self(Arc::new(Inner {
            app: Mutex::new(App::new(setup, platform)),
            guard: guard::Guard::new(port),
            device,
            changed,
            captures: Mutex::default(),
            next_capture: AtomicU64::new(1),
            saves: content::Saves::default(),
            open: AtomicBool::new(false),
            seen: watch::channel(()).0,
        }))
    }

    fn app(&self) -> MutexGuard<'_, App> {
        self.0.app.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn captures(&self) -> MutexGuard<'_, HashMap<u64, CaptureSink>> {
        self.0.captures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the app on a thread that may wait for the disk.
    pub(crate) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut App) -> T + Send + 'static,
    ) -> Option<T> {
        let shared = self.clone();
        let work = move || {
            let mut app = shared.app();
            let done = work(&mut app);
            shared.0.open.store(app.is_open(), Ordering::SeqCst);
            shared.drop_when_locked();
            done
        };
        tokio::task::spawn_blocking(work).await.ok()
    }

    /// A recording holds keys of its own, a link leads to a content: both end with the lock.
    fn drop_when_locked(&self) {
        if !self.0.open.load(Ordering::SeqCst) {
            self.captures().clear();
            self.0.saves.clear();
        }
    }

    /// Keeps a recording until its next piece; not beyond a lock that came meanwhile.
    fn keep_capture(&self, id: u64, sink: CaptureSink) {
        self.captures().insert(id, sink);
        self.drop_when_locked();
    }

    async fn act(&self, action: Action) {
        let _ = self.with(|app| app.act(action)).await;
    }

    fn new_capture(&self, sink: CaptureSink) -> u64 {
        let id = self.0.next_capture.fetch_add(1, Ordering::SeqCst);
        self.keep_capture(id, sink);
        id
    }
}

/// All paths; every one behind the guard.
fn router(shared: Shared) -> Router {
    Router::new()
        .route("/", get(whole))
        .route("/act", post(act::act).layer(DefaultBodyLimit::max(FORM)))
        .route("/live", get(act::live))
        .route("/upload", post(capture::upload).layer(DefaultBodyLimit::disable()))
        .route("/capture", post(capture::whole).layer(DefaultBodyLimit::disable()))
        .route("/record/start", post(capture::start))
        .route("/record/push", post(capture::push).layer(DefaultBodyLimit::max(8 << 20)))
        .route("/record/stop", post(capture::stop))
        .route("/scan", post(capture::scan).layer(DefaultBodyLimit::max(4 << 20)))
        .route("/content/{medium}", get(content::show))
        .route("/save/{link}/{name}", get(content::save))
        .layer(middleware::from_fn_with_state(shared.clone(), guard::inside))
        .route("/enter", get(guard::enter))
        .route("/blank", get(guard::blank))
        .route("/assets/app.js", get(|| async { asset("text/javascript", SCRIPT.to_owned()) }))
        .route("/assets/style.css", get(|| async { asset("text/css", STYLE.to_owned()) }))
        .route("/assets/look.css", get(|| async { asset("text/css", look::css()) }))
        .route("/assets/icon.svg", get(|| async { asset("image/svg+xml", icon_svg(Icon::Log)) }))
        .fallback(guard::nothing)
        .layer(middleware::from_fn_with_state(shared.clone(), guard::outside))
        .with_state(shared)
}

async fn whole(State(shared): State<Shared>) -> Response {
    // Where no script looks for news, asking for the page does.
    let screen = shared.with(|app| app.act(Action::Look).screen).await;
    match screen {
        Some(screen) => Html(render::page(&screen, shared.0.device).into_string()).into_response(),
        None => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn asset(media_type: &'static str, body: String) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static(media_type))], body).into_response()
}

/// Locks after a while in which no person asked for anything.
async fn lock_when_nobody_is_there(shared: Shared) {
    let mut seen = shared.0.seen.subscribe();
    loop {
        match tokio::time::timeout(PATIENCE, seen.changed()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return,
            Err(_) => {
                shared.act(Action::Lock).await;
                shared.0.changed.send_modify(|count| *count += 1);
            }
        }
    }
}
