// SPDX-License-Identifier: MPL-2.0
//! Listening, slow clients, and stopping without losing an answer.

use std::{sync::Arc, time::Duration};

use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
    sync::Semaphore,
};

use crate::{relay::Relay, router};

/// Whole header within this time.
const HEADER: Duration = Duration::from_secs(10);
/// Connections at once.
const CONNECTIONS: usize = 2_048;
/// Running answers may take this long after a stop.
const GRACE: Duration = Duration::from_secs(20);
const HOUR: Duration = Duration::from_secs(3_600);

/// Serves until SIGTERM or SIGINT, then finishes what runs.
///
/// # Errors
/// When the signals cannot be watched.
pub async fn serve(
    relay: Arc<Relay>,
    listener: TcpListener,
    metrics: Option<TcpListener>,
) -> std::io::Result<()> {
    let mut term = signal(SignalKind::terminate())?;
    let mut int = signal(SignalKind::interrupt())?;
    let service = TowerToHyperService::new(router(relay.clone()));
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut hours = tokio::time::interval(HOUR);
    if let Some(listener) = metrics {
        tokio::spawn(serve_metrics(relay.clone(), listener));
    }
    loop {
        tokio::select! {
            _ = term.recv() => break,
            _ = int.recv() => break,
            _ = hours.tick() => relay.expire(),
            Ok((stream, _)) = listener.accept() => {
                // Beyond the limit the connection is closed at once: the client comes again.
                let Ok(place) = places.clone().try_acquire_owned() else { continue };
                let connection = connection(stream, service.clone());
                let watched = graceful.watch(connection);
                tokio::spawn(async move {
                    let _ = watched.await;
                    drop(place);
                });
            }
        }
    }
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
    Ok(())
}

type Connection =
    hyper::server::conn::http1::Connection<TokioIo<TcpStream>, TowerToHyperService<axum::Router>>;

fn connection(stream: TcpStream, service: TowerToHyperService<axum::Router>) -> Connection {
    let _ = stream.set_nodelay(true);
    hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER)
        .serve_connection(TokioIo::new(stream), service)
}

/// Metrics on a port of their own, for this machine.
async fn serve_metrics(relay: Arc<Relay>, listener: TcpListener) {
    let service = axum::Router::new().route(
        "/metrics",
        axum::routing::get(move || {
            let relay = relay.clone();
            async move { relay.read(|state| relay.metrics.text(state)) }
        }),
    );
    let service = TowerToHyperService::new(service);
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(connection(stream, service.clone()));
    }
}
