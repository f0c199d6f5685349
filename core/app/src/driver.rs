// SPDX-License-Identifier: MPL-2.0
//! The edge of the core: sends what the state machines ask, over HTTP, on a runtime of its own.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use amate_seal::sign::SigningKey;
use amate_wire::{id::RelayKey, keyset, request};
use reqwest::{Client, Method, RequestBuilder, redirect::Policy};
use tokio::{runtime::Runtime, sync::Notify};

use crate::exchange::{Answer, Ask, NoAnswer, Relay};

/// Sends one request and brings the answer. The state machines know nothing else of a network.
pub trait Carrier {
    /// Blocks until the answer is whole.
    ///
    /// # Errors
    /// [`NoAnswer`] when none came in time or it was larger than any answer may be.
    fn ask(&mut self, relay: &Relay, ask: &Ask) -> Result<Answer, NoAnswer>;

    /// What stops it from another thread.
    fn stopper(&self) -> Stopper {
        Stopper::default()
    }
}

/// Ends a question in progress, and every later one, with [`NoAnswer`].
#[derive(Debug, Clone, Default)]
pub struct Stopper {
    stopped: Arc<AtomicBool>,
    notify: Arc<Notify>,
}

impl Stopper {
    /// From now on.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.notify.notify_one();
    }

    /// Whether it was stopped.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// Whether anybody else has it: else there is nothing left to stop.
    pub(crate) fn is_shared(&self) -> bool {
        Arc::strong_count(&self.stopped) > 1
    }
}

/// Largest answer that any path gives: 64 notices with their numbers, rounded up.
const MAX_ANSWER: usize = 512 * 1024;
const CONNECT: Duration = Duration::from_secs(20);
/// Without any bytes to move; Tor may need most of it.
const PATIENCE: u64 = 30;
/// Bytes a second of the slowest link that is still a link.
const SLOWEST: u64 = 1_024;

/// HTTP with rustls and ring, Mozilla's roots, no redirects, no cookies, no agent name; uploads and
/// fetches on separate connections, so that a relay does not see them on one.
pub struct Http {
    /// Until the end.
    runtime: Option<Runtime>,
    uploads: Client,
    fetches: Client,
    proxied: bool,
    stopper: Stopper,
}

impl Http {
    /// Starts the runtime. `proxy` is a SOCKS address such as `socks5h://127.0.0.1:9050` (Tor).
    ///
    /// # Errors
    /// When the system gives no threads or the proxy is no address.
    pub fn new(proxy: Option<&str>) -> Result<Self, NoAnswer> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|_| NoAnswer)?;
        let (uploads, fetches) = (client(proxy)?, client(proxy)?);
        Ok(Self {
            runtime: Some(runtime),
            uploads,
            fetches,
            proxied: proxy.is_some(),
            stopper: Stopper::default(),
        })
    }
}

impl Carrier for Http {
    fn ask(&mut self, relay: &Relay, ask: &Ask) -> Result<Answer, NoAnswer> {
        if !may_be_asked(&relay.url, self.proxied) || self.stopper.is_stopped() {
            return Err(NoAnswer);
        }
        let client = if uploads(ask) { &self.uploads } else { &self.fetches };
        let request = build(client, relay, ask).timeout(time_for(ask));
        let stopper = &self.stopper;
        let runtime = self.runtime.as_ref().ok_or(NoAnswer)?;
        runtime.block_on(async {
            let answer = async { read(request.send().await.map_err(|_| NoAnswer)?).await };
            tokio::select! {
                biased;
                () = stopper.notify.notified() => Err(NoAnswer),
                answer = answer => answer,
            }
        })
    }

    fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }
}

/// A look-up of a name cannot be broken off, and nobody waits for it: it knows nothing but the name.
impl Drop for Http {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Plain HTTP only where nobody in between could listen: this machine, or an onion service, which
/// only the proxy may look up.
#[must_use]
pub fn may_be_asked(url: &str, proxied: bool) -> bool {
    let Ok(url) = reqwest::Url::parse(url) else { return false };
    let host = url.host_str().unwrap_or_default();
    match url.scheme() {
        "https" => true,
        "http" => {
            matches!(host, "127.0.0.1" | "localhost" | "[::1]")
                || (proxied && host.ends_with(".onion") && host.len() == 62)
        }
        _ => false,
    }
}

fn client(proxy: Option<&str>) -> Result<Client, NoAnswer> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots: rustls::RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| NoAnswer)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(CONNECT);
    let builder = match proxy {
        Some(address) => builder.proxy(reqwest::Proxy::all(address).map_err(|_| NoAnswer)?),
        None => builder,
    };
    builder.build().map_err(|_| NoAnswer)
}

/// How long a request may take: a relay that is silent is given up sooner than one that is slow.
fn time_for(ask: &Ask) -> Duration {
    let bytes = match ask {
        Ask::PutBlock(_, bytes) | Ask::PostNotice(_, bytes) | Ask::PutKeySet(_, bytes) => {
            bytes.len() as u64
        }
        Ask::GetBlock(_) | Ask::ListNotices { .. } => 300_000,
        Ask::GetKeySet { .. } => keyset::MAX_LEN as u64,
        _ => 10_000,
    };
    Duration::from_secs(PATIENCE + bytes / SLOWEST)
}

fn uploads(ask: &Ask) -> bool {
    matches!(ask, Ask::PutBlock(..) | Ask::PostNotice(..) | Ask::PutKeySet(..) | Ask::PostLeaf(_))
}

fn build(client: &Client, relay: &Relay, ask: &Ask) -> RequestBuilder {
    let (method, path) = line(ask);
    let request = client.request(method.clone(), format!("{}{path}", relay.url));
    let request = match &relay.capability {
        Some(capability) if uploads(ask) => {
            request.header("authorization", format!("Amate {capability}"))
        }
        _ => request,
    };
    match ask {
        Ask::PutBlock(_, bytes) | Ask::PostNotice(_, bytes) | Ask::PutKeySet(_, bytes) => {
            request.body(bytes.clone())
        }
        Ask::PutSlot { bytes, .. } => request.body(bytes.clone()),
        Ask::PostLeaf(leaf) => request.body(leaf.to_vec()),
        Ask::GetKeySet { held: Some(held), .. } => {
            request.header("if-none-match", format!("\"{}\"", hex(&held.0)))
        }
        Ask::ShowCheckpoint(text) => request.body(text.clone()),
        Ask::ListNotices { key, time, .. } | Ask::DropNotices { key, time, .. } => {
            signed(request, key, relay.key, method.as_str(), &path, *time)
        }
        _ => request,
    }
}

fn line(ask: &Ask) -> (Method, String) {
    match ask {
        Ask::Info => (Method::GET, "/v1/relay".into()),
        Ask::PutBlock(id, _) => (Method::PUT, format!("/v1/blocks/{}", id.hex())),
        Ask::GetBlock(id) => (Method::GET, format!("/v1/blocks/{}", id.hex())),
        Ask::PostNotice(mailbox, _) => {
            (Method::POST, format!("/v1/mailboxes/{}/notices", mailbox.hex()))
        }
        Ask::ListNotices { mailbox, after, .. } => {
            (Method::GET, format!("/v1/mailboxes/{}/notices?after={after}", mailbox.hex()))
        }
        Ask::DropNotices { mailbox, through, .. } => {
            (Method::DELETE, format!("/v1/mailboxes/{}/notices?through={through}", mailbox.hex()))
        }
        Ask::PutKeySet(id, _) => (Method::PUT, format!("/v1/keysets/{}", id.hex())),
        Ask::GetKeySet { identity, .. } => (Method::GET, format!("/v1/keysets/{}", identity.hex())),
        Ask::PostLeaf(_) => (Method::POST, "/v1/log/leaves".into()),
        Ask::Consistency { old, new } => (Method::GET, format!("/v1/log/consistency/{old}/{new}")),
        Ask::ShowCheckpoint(_) => (Method::POST, "/v1/log/checkpoint".into()),
        Ask::PutSlot { meeting, slot, .. } => {
            (Method::PUT, format!("/v1/meetings/{}/{slot}", hex(meeting)))
        }
        Ask::GetSlot { meeting, slot } => {
            (Method::GET, format!("/v1/meetings/{}/{slot}", hex(meeting)))
        }
    }
}

/// The three headers of a signed fetch (spec/relay.md §3).
fn signed(
    request: RequestBuilder,
    key: &SigningKey,
    relay: RelayKey,
    method: &str,
    path: &str,
    time: u64,
) -> RequestBuilder {
    let message = request::fetch_message(method, path, &relay, time);
    request
        .header("amate-mailbox-key", hex(&key.public()))
        .header("amate-time", time.to_string())
        .header("amate-signature", hex(&key.sign(request::FETCH_LABEL, &message)))
}

async fn read(mut response: reqwest::Response) -> Result<Answer, NoAnswer> {
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|_| NoAnswer)? {
        if body.len() + piece.len() > MAX_ANSWER {
            return Err(NoAnswer);
        }
        body.extend_from_slice(&piece);
    }
    Ok(Answer { status, body })
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

#[cfg(test)]
mod tests {
    use std::{net::TcpListener, sync::mpsc, thread};

    use super::*;

    const AT_MOST: Duration = Duration::from_secs(10);

    #[test]
    fn stopping_ends_a_question_that_nobody_answers() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", silent.local_addr().unwrap());
        let relay = Relay { key: RelayKey([0; 32]), url, capability: None };
        let mut http = Http::new(None).unwrap();
        let stopper = http.stopper();
        let (ended, has_ended) = mpsc::channel();
        let asking = thread::spawn(move || ended.send(http.ask(&relay, &Ask::Info)));
        let (connection, _) = silent.accept().unwrap();
        stopper.stop();
        // Sooner than it would give up by itself.
        assert_eq!(has_ended.recv_timeout(AT_MOST), Ok(Err(NoAnswer)));
        asking.join().unwrap().unwrap();
        drop(connection);
    }

    #[test]
    fn nobody_waits_at_the_end_for_a_name_that_is_looked_up() {
        let http = Http::new(None).unwrap();
        let ((begun, has_begun), (answer, answered)) = (mpsc::channel(), mpsc::channel::<()>());
        // As a look-up does that the system does not answer.
        http.runtime.as_ref().unwrap().spawn_blocking(move || {
            begun.send(()).unwrap();
            let _ = answered.recv();
        });
        has_begun.recv().unwrap();
        let (ended, has_ended) = mpsc::channel();
        let ending = thread::spawn(move || {
            drop(http);
            ended.send(())
        });
        assert_eq!(has_ended.recv_timeout(AT_MOST), Ok(()));
        drop(answer);
        ending.join().unwrap().unwrap();
    }

    #[test]
    fn plain_http_goes_to_this_machine_and_to_onion_services_only() {
        let onion = format!("http://{}.onion", "a".repeat(56));
        for url in ["https://relay.example", "http://127.0.0.1:8443", "http://localhost"] {
            assert!(may_be_asked(url, false), "{url}");
        }
        assert!(may_be_asked(&onion, true));
        assert!(!may_be_asked(&onion, false), "only the proxy may look it up");
        for url in
            ["http://relay.example", "http://10.0.0.1", "ftp://127.0.0.1", "x", "http://a.onion"]
        {
            assert!(!may_be_asked(url, true), "{url}");
        }
    }
}
