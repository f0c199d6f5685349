// SPDX-License-Identifier: MPL-2.0
//! Connections: whoever does not say in time what they want holds none.

use std::{sync::Arc, time::Duration};

use axum::Router;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, sync::Semaphore};

/// Whole header within this time, also of the next request of a connection.
const HEADER: Duration = Duration::from_secs(60);
/// Connections at once: a browser opens six to a place.
const CONNECTIONS: usize = 64;
/// After an error of the system, such as too many open files.
const REST: Duration = Duration::from_secs(1);

/// Answers as long as it is polled.
pub(super) async fn answer(listener: TcpListener, router: Router) {
    let service = TowerToHyperService::new(router);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        // Beyond the limit they wait to be accepted.
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(REST).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER)
            .serve_connection(TokioIo::new(stream), service.clone());
        tokio::spawn(async move {
            let _ = connection.await;
            drop(place);
        });
    }
}
