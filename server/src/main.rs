// SPDX-License-Identifier: MPL-2.0
//! `amate-relay`: one binary, one data folder, no configuration needed.

use std::{io::Write, net::SocketAddr, path::PathBuf, process::ExitCode};

use amate_relay::{
    clock,
    relay::Relay,
    serve::serve,
    store::{Disk, StoreError},
};
use amate_seal::{random, sign::SigningKey};
use clap::{Parser, Subcommand};
use tokio::net::TcpListener;

/// A blind relay for Amate: stores sealed blocks and notices it cannot read.
#[derive(Parser)]
#[command(
    version,
    after_help = "Examples:\n  amate-relay invite --data /var/lib/amate-relay\n  amate-relay serve --data /var/lib/amate-relay --listen 127.0.0.1:8443"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves until it is told to stop. Put TLS (a reverse proxy) or an onion service before it.
    Serve {
        /// Folder for everything; made when it is not there.
        #[arg(long)]
        data: PathBuf,
        /// Where to listen; port 0 takes a free one.
        #[arg(long, default_value = "127.0.0.1:8443")]
        listen: SocketAddr,
        /// Where metrics are, for this machine only; leave out for none.
        #[arg(long, value_parser = local)]
        metrics: Option<SocketAddr>,
        /// File outside the data folder that keeps the newest checkpoint: a restored older folder
        /// then stops signing at once.
        #[arg(long)]
        anchor: Option<PathBuf>,
    },
    /// Makes an organisation and prints its capability. The relay must not be running.
    Invite {
        /// Folder of the relay.
        #[arg(long)]
        data: PathBuf,
        /// What the organisation may store, in GiB.
        #[arg(long, default_value_t = 10)]
        quota: u64,
    },
    /// Starts a new log after a backup was restored. The relay must not be running.
    NewOrigin {
        /// Folder of the relay.
        #[arg(long)]
        data: PathBuf,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.command {
        Command::Serve { data, listen, metrics, anchor } => run(data, listen, metrics, anchor),
        Command::Invite { data, quota } => invite(&data, quota),
        Command::NewOrigin { data } => new_origin(&data),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr().lock(), "amate-relay: {error}");
            ExitCode::FAILURE
        }
    }
}

/// An address that only this machine reaches.
fn local(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text.parse().map_err(|_| "give an address such as 127.0.0.1:9100")?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("metrics are for this machine only: give an address such as 127.0.0.1:9100".into())
    }
}

fn run(
    data: PathBuf,
    listen: SocketAddr,
    metrics: Option<SocketAddr>,
    anchor: Option<PathBuf>,
) -> Result<(), StoreError> {
    let mut disk = Disk::open(&data)?;
    let secrets = disk.records().secrets(&mut random::system())?;
    let key = SigningKey::from_seed(&secrets.relay);
    let relay = Relay::start(Box::new(disk), key, secrets.capability, clock::system(), anchor)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let listener = TcpListener::bind(listen).await?;
        let metrics = match metrics {
            Some(address) => Some(TcpListener::bind(address).await?),
            None => None,
        };
        let key = relay.key().hex();
        for (segment, offset) in relay.damaged() {
            let what = "is damaged; the blob there is not served any more";
            let _ = writeln!(std::io::stderr(), "segment {segment}, byte {offset}, {what}");
        }
        say(&format!("relay key {key}"));
        say(&format!("listening http://{}", listener.local_addr()?));
        serve(relay.clone(), listener, metrics).await
    });
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    relay.finish();
    Ok(served?)
}

fn invite(data: &std::path::Path, quota: u64) -> Result<(), StoreError> {
    let mut rng = random::system();
    let mut disk = Disk::open(data)?;
    let secrets = disk.records().secrets(&mut rng)?;
    let quota = quota.saturating_mul(1 << 30).min(1 << 62);
    let id = disk.records().add_organisation(quota, &mut rng)?;
    let key = SigningKey::from_seed(&secrets.relay).public();
    say(&format!("relay key {}", amate_wire::document::hex(&key)));
    say(&Relay::capability(&secrets.capability, id).to_text());
    Ok(())
}

fn new_origin(data: &std::path::Path) -> Result<(), StoreError> {
    let epoch = Disk::open(data)?.records().new_origin()?;
    say(&format!("epoch {epoch}"));
    Ok(())
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}
