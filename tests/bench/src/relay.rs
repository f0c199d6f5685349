// SPDX-License-Identifier: MPL-2.0
//! Durable blocks a second, beside a sink that keeps nothing and nginx's WebDAV.

use std::{
    fs,
    io::Write,
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use amate_e2e::actor::Relay;
use amate_seal::{hash::sha256, random};
use axum::{Router, body::Bytes, http::StatusCode, routing::put};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    runtime::Runtime,
};

use crate::{
    Stopped,
    load::{Put, load},
    report::{median, now, progress, until},
};

const CONNECTIONS: usize = 64;
const ROUNDS: usize = 5;
const SLOW: usize = 1_000;

pub(crate) fn measure() -> Result<String, Stopped> {
    let dir = tempfile::tempdir_in(".")?;
    let runtime = Runtime::new()?;
    let mut relay = Relay::new(dir.path().join("relevo"));
    // One capability may have 32 bodies under way.
    let capabilities = [relay.invite()?, relay.invite()?, relay.invite()?, relay.invite()?];
    relay.start()?;
    let relay_address = address(&relay.url())?;
    let nginx = Nginx::start(dir.path())?;
    let sink = runtime.block_on(sink())?;
    let mut table = "| 64 connections | against a sink that keeps nothing (same HTTP stack) | aim \
                     | against nginx WebDAV, which does not flush | aim | against the disk: append 32 blocks, flush |\n|---|---|---|---|---|---|"
        .to_owned();
    for (size, count) in [(4_096, 8_000), (16_384, 4_000), (262_144, 800)] {
        let mut times = [Vec::new(), Vec::new(), Vec::new()];
        let mut disk = Vec::new();
        for round in 0..ROUNDS {
            let blocks = blocks(size, count);
            disk.push(flushed(&dir.path().join("tope"), &blocks)?);
            let each = [
                ("relay", relay_address, "/v1/blocks/", capabilities.as_slice()),
                ("sink", sink, "/", &[]),
                ("nginx", nginx.address, "/", &[]),
            ];
            for ((name, server, path, capabilities), times) in each.into_iter().zip(&mut times) {
                let puts = puts(&blocks, path, capabilities);
                let time = runtime.block_on(load(server, puts, CONNECTIONS))?;
                progress(&format!(
                    "round {}: {name}: {:.0} of {size} bytes a second",
                    round + 1,
                    count as f64 / time
                ));
                times.push(time);
            }
        }
        let [relay, sink, nginx] = times.map(median);
        table += &format!(
            "\n| {} KiB blocks, durable before 201 | {:.2} | ≥ 0.55 | {:.2}× | ≥ 1.5× | {:.2} |",
            size / 1_024,
            sink / relay,
            nginx / relay,
            median(disk) / relay
        );
    }
    let slow = runtime.block_on(slow(relay_address, relay.process()))?;
    Ok(format!(
        "{table}\n\nPeak memory of the relay after all of this and {SLOW} clients that send a byte a second: {slow:.0} MiB (aim ≤ 64 MiB)."
    ))
}

fn blocks(size: usize, count: usize) -> Vec<Vec<u8>> {
    let seed: [u8; 32] = random::bytes(&mut random::system());
    (0..count)
        .map(|n| {
            let mut block = vec![0x5a; size];
            for (slot, byte) in block.iter_mut().zip(seed.into_iter().chain(n.to_be_bytes())) {
                *slot = byte;
            }
            block
        })
        .collect()
}

/// Seconds to append the blocks to one file, flushed after every 32.
fn flushed(path: &Path, blocks: &[Vec<u8>]) -> Result<f64, Stopped> {
    let mut file = fs::File::create(path)?;
    let began = now();
    for group in blocks.chunks(32) {
        file.write_all(&group.concat())?;
        file.sync_data()?;
    }
    let time = began.elapsed().as_secs_f64();
    fs::remove_file(path)?;
    Ok(time)
}

fn puts(blocks: &[Vec<u8>], path: &str, capabilities: &[String]) -> Arc<Vec<Put>> {
    let put = |(n, block): (usize, &Vec<u8>)| {
        let id: String = sha256(block).iter().map(|byte| format!("{byte:02x}")).collect();
        let capability = capabilities.get(n % CONNECTIONS % capabilities.len().max(1));
        let header = capability.map(|text| format!("Authorization: Amate {text}\r\n"));
        let header = header.unwrap_or_default();
        Put { path: format!("{path}{id}"), header, bytes: block.clone() }
    };
    Arc::new(blocks.iter().enumerate().map(put).collect())
}

/// The relay's HTTP stack without a store behind it.
async fn sink() -> Result<SocketAddr, Stopped> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let router = Router::new()
        .route("/{id}", put(|_: Bytes| async { StatusCode::CREATED }))
        .layer(axum::extract::DefaultBodyLimit::max(1 << 20));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

/// Peak memory in MiB while many clients send slowly.
async fn slow(address: SocketAddr, process: u32) -> Result<f64, Stopped> {
    let mut streams = Vec::new();
    for _ in 0..SLOW {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"PUT /v1/blocks/").await?;
        streams.push(stream);
    }
    for _ in 0..5 {
        for stream in &mut streams {
            // Those that the relay has given up are gone.
            let _ = stream.write_all(b"0").await;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = kib.and_then(|text| text.split_whitespace().next()).and_then(|n| n.parse().ok());
    Ok(kib.unwrap_or(f64::NAN) / 1_024.0)
}

struct Nginx {
    child: Child,
    address: SocketAddr,
}

impl Nginx {
    fn start(dir: &Path) -> Result<Self, Stopped> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let (data, prefix) = (dir.join("nginx-data"), dir.join("nginx"));
        fs::create_dir_all(&data)?;
        fs::create_dir_all(&prefix)?;
        let prefix = prefix.canonicalize()?;
        let data = data.canonicalize()?;
        let configuration = format!(
            "daemon off; user root; worker_processes auto; pid {0}/pid; error_log {0}/error;\n\
             events {{ worker_connections 1024; }}\n\
             http {{ access_log off; client_body_temp_path {0}/body; proxy_temp_path {0}/p;\n\
             fastcgi_temp_path {0}/f; uwsgi_temp_path {0}/u; scgi_temp_path {0}/s;\n\
             client_max_body_size 2m; client_body_buffer_size 512k; keepalive_requests 100000;\n\
             server {{ listen 127.0.0.1:{port}; location / {{ root {1}; dav_methods PUT; }} }} }}\n",
            prefix.display(),
            data.display(),
        );
        fs::write(prefix.join("conf"), configuration)?;
        let child = Command::new("nginx")
            .arg("-p")
            .arg(&prefix)
            .arg("-c")
            .arg(prefix.join("conf"))
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let nginx = Self { child, address };
        until(|| std::net::TcpStream::connect(address).is_ok())?;
        Ok(nginx)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // SIGTERM ends the workers with it.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

fn address(url: &str) -> Result<SocketAddr, Stopped> {
    url.trim_start_matches("http://").parse().map_err(|_| Stopped("no address".into()))
}
