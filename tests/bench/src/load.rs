// SPDX-License-Identifier: MPL-2.0
//! The client that every server gets: so many connections, each one `PUT` after another.

use std::{net::SocketAddr, sync::Arc};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

use crate::{Stopped, report::now};

/// What is put: path and bytes, with the header lines of the one who puts it.
pub(crate) struct Put {
    pub(crate) path: String,
    pub(crate) header: String,
    pub(crate) bytes: Vec<u8>,
}

/// Puts all; gives seconds.
pub(crate) async fn load(
    address: SocketAddr,
    puts: Arc<Vec<Put>>,
    connections: usize,
) -> Result<f64, Stopped> {
    let began = now();
    let mut tasks = JoinSet::new();
    for first in 0..connections {
        let puts = Arc::clone(&puts);
        tasks.spawn(async move {
            let mut stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            for put in puts.iter().skip(first).step_by(connections) {
                one(&mut stream, put).await?;
            }
            Ok::<(), Stopped>(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.map_err(|error| Stopped(error.to_string()))??;
    }
    Ok(began.elapsed().as_secs_f64())
}

async fn one(stream: &mut TcpStream, put: &Put) -> Result<(), Stopped> {
    let head = format!(
        "PUT {} HTTP/1.1\r\nHost: relay\r\nContent-Length: {}\r\n{}\r\n",
        put.path,
        put.bytes.len(),
        put.header
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&put.bytes).await?;
    let mut answer = Vec::with_capacity(1_024);
    let mut piece = [0; 1_024];
    loop {
        match whole(&answer) {
            Some((200 | 201 | 204, 0)) => return Ok(()),
            Some((status, 0)) => return Err(Stopped(format!("{}: {status}", put.path))),
            _ => {}
        }
        let n = stream.read(&mut piece).await?;
        if n == 0 {
            return Err(Stopped("the connection was closed".into()));
        }
        answer.extend_from_slice(piece.get(..n).unwrap_or_default());
    }
}

/// Status, and bytes of the body that are not here yet; `None` before the end of the header.
fn whole(answer: &[u8]) -> Option<(u16, usize)> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(answer.get(..end)?).to_ascii_lowercase();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|text| text.trim().parse::<usize>().ok())
        .unwrap_or(0);
    Some((status, (end + length).saturating_sub(answer.len())))
}
