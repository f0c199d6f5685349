// SPDX-License-Identifier: MPL-2.0
//! `amate phone` and `amate desk`: the screens in a browser of this machine.

use std::sync::Arc;

use amate_app::{
    app::{Device, Platform, Setup},
    driver::{Carrier, Http},
    problem::Problem,
    text::Message,
};

use super::{Context, vault};
use crate::{screen, web::Server, zone};

const MEBIBYTE: u64 = 1024 * 1024;
/// Room for records and for media that a phone offers, in MiB, when the line names none.
const SIZES: [(u64, u64); 3] = [(64, 512), (128, 2048), (128, 8192)];

pub(super) fn serve(context: &Context<'_>, device: Device) -> Result<(), Problem> {
    let setup = Setup {
        dir: context.home(),
        device,
        cost: vault::cost(context),
        sizes: sizes(context),
        language: context.texts.of("language"),
        browser: true,
        cameras: true,
    };
    let proxy = context.text("proxy").map(str::to_owned);
    let port = context.arguments.get_one::<u16>("port").copied().unwrap_or(0);
    let runtime = tokio::runtime::Runtime::new().map_err(|_| Problem::Internal("threads"))?;
    let said = context.texts.say(&Message::new("screens-open"));
    let served = runtime.block_on(async move {
        let server = Server::bind(setup, |changed| platform(proxy, changed), port).await?;
        screen::warn(&said);
        screen::say(&server.address());
        server.serve(ended()).await
    });
    served.map_err(|_| Problem::Internal("the port is taken"))
}

fn sizes(context: &Context<'_>) -> Vec<(u64, u64)> {
    let given = |name| context.number(name).map(|mebibytes| u64::from(mebibytes) * MEBIBYTE);
    match (given("records"), given("reserve")) {
        (Some(records), Some(reserve)) => vec![(records, reserve)],
        _ => SIZES.map(|(records, media)| (records * MEBIBYTE, media * MEBIBYTE)).to_vec(),
    }
}

fn platform(proxy: Option<String>, changed: Arc<dyn Fn() + Send + Sync>) -> Platform {
    Platform {
        now: Arc::new(|| zone::here(amate_app::clock::wall())),
        carrier: Arc::new(move || {
            let http = Http::new(proxy.as_deref())?;
            Ok(Box::new(http) as Box<dyn Carrier + Send>)
        }),
        changed,
    }
}

/// Ctrl-C, or the end that a system asks for.
async fn ended() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
