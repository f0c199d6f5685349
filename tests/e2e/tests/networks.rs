// SPDX-License-Identifier: MPL-2.0
//! Networks as they are in the mountains: as slow as 2G, losing packets, gone every few seconds.
//! Two network namespaces of our own; nothing leaves this machine.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use amate_e2e::actor::{Actor, Relay};
use tempfile::TempDir;

fn run(words: &str) {
    let mut parts = words.split(' ');
    let status = Command::new(parts.next().unwrap()).args(parts).status().unwrap();
    assert!(status.success(), "{words} (needs root)");
}

/// A phone's namespace, joined to a relay's by one link.
struct Net {
    phone: String,
    relay: String,
    forward: Vec<Child>,
}

impl Net {
    fn new(name: &str, number: u8) -> Self {
        let (phone, relay) = (format!("amate-{name}-p"), format!("amate-{name}-r"));
        let (near, far) = (format!("am{number}p"), format!("am{number}r"));
        for old in [&phone, &relay] {
            let _ = Command::new("ip").args(["netns", "del", old]).stderr(Stdio::null()).status();
        }
        run(&format!("ip netns add {phone}"));
        run(&format!("ip netns add {relay}"));
        run(&format!("ip link add {near} type veth peer name {far}"));
        for (space, link, end) in [(&phone, &near, 1), (&relay, &far, 2)] {
            run(&format!("ip link set {link} netns {space}"));
            run(&format!("ip -n {space} addr add 10.{number}.7.{end}/24 dev {link}"));
            run(&format!("ip -n {space} link set {link} up"));
            run(&format!("ip -n {space} link set lo up"));
        }
        Self { phone, relay, forward: Vec::new() }
    }

    /// So many bits a second both ways, and so many of a hundred packets lost.
    fn shape(&self, number: u8, rate: &str, lost: u8) {
        for (space, link) in [(&self.phone, 'p'), (&self.relay, 'r')] {
            let device = format!("am{number}{link}");
            run(&format!(
                "ip netns exec {space} tc qdisc replace dev {device} root tbf rate {rate} burst 6kb latency 800ms"
            ));
            let rules = format!(
                "add table inet amate; \
                 add chain inet amate lose {{ type filter hook output priority 0; }}; \
                 add rule inet amate lose oifname {device} numgen random mod 100 < {lost} drop"
            );
            let status =
                Command::new("ip").args(["netns", "exec", space, "nft", &rules]).status().unwrap();
            assert!(status.success());
        }
    }

    /// Programs speak plain HTTP to their own machine only: 127.0.0.1 of the phone's namespace is
    /// carried over the link to 127.0.0.1 of this one, where the relay listens on a socket file.
    fn carry(&mut self, number: u8, dir: &Path, port: u16) {
        let socket = dir.join("relevo.sock");
        let socket = socket.to_str().unwrap();
        let here = [format!("UNIX-LISTEN:{socket},fork"), format!("TCP:127.0.0.1:{port}")];
        self.forward.push(Command::new("socat").args(here).stderr(Stdio::null()).spawn().unwrap());
        let there = ["TCP-LISTEN:9000,fork,reuseaddr".to_owned(), format!("UNIX-CONNECT:{socket}")];
        let mut far = Command::new("ip");
        far.args(["netns", "exec", &self.relay, "socat"]).args(there);
        self.forward.push(far.stderr(Stdio::null()).spawn().unwrap());
        let near = [
            format!("TCP-LISTEN:{port},fork,reuseaddr,bind=127.0.0.1"),
            format!("TCP:10.{number}.7.2:9000,connect-timeout=10"),
        ];
        let mut phone = Command::new("ip");
        phone.args(["netns", "exec", &self.phone, "socat"]).args(near);
        self.forward.push(phone.stderr(Stdio::null()).spawn().unwrap());
        std::thread::park_timeout(Duration::from_millis(500));
    }

    /// The command, inside the phone's namespace.
    fn inside(&self, actor: &Actor, words: &[&str]) -> Command {
        let command = actor.command(words);
        let mut wrapped = Command::new("ip");
        wrapped.args(["netns", "exec", &self.phone]).arg(command.get_program());
        wrapped.args(command.get_args()).stdin(Stdio::null()).stdout(Stdio::piped());
        wrapped.stderr(Stdio::piped());
        wrapped
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        for child in &mut self.forward {
            let _ = child.kill();
            let _ = child.wait();
        }
        for space in [&self.phone, &self.relay] {
            let _ = Command::new("ip").args(["netns", "del", space]).status();
        }
    }
}

/// A paired phone and desk; the phone reaches the relay over the net alone.
fn paired(dir: &Path, net: &mut Net, number: u8) -> (Relay, Actor, Actor) {
    let mut relay = Relay::new(dir.join("relevo"));
    let capability = relay.invite().unwrap();
    relay.start().unwrap();
    let port: u16 = relay.url().rsplit(':').next().unwrap().parse().unwrap();
    net.carry(number, dir, port);
    let (phone, desk) = (Actor::new(dir, "telefono").unwrap(), Actor::new(dir, "mesa").unwrap());
    for (actor, name) in [(&phone, "Testigo"), (&desk, "Mesa")] {
        actor.must(&["init", "--name", name, "--cost", "1"]).unwrap();
    }
    desk.must(&["relay", "add", &relay.url(), "--capability", &capability]).unwrap();
    let text = desk.must(&["pair", "show", "--grant", "1"]).unwrap();
    let scan = net.inside(&phone, &["pair", "scan", text.trim(), "--name", "Mesa"]).output();
    let scan = scan.unwrap();
    assert!(scan.status.success(), "{}", String::from_utf8_lossy(&scan.stderr));
    (relay, phone, desk)
}

#[test]
fn a_report_gets_through_2g_that_loses_every_tenth_packet() {
    let dir = TempDir::new().unwrap();
    let mut net = Net::new("lento", 61);
    let (_relay, phone, desk) = paired(dir.path(), &mut net, 61);
    net.shape(61, "64kbit", 10);
    phone.must(&["log", "Preguntaron por mí en la asamblea."]).unwrap();
    phone.must(&["send", "--case", "1", "--to", "Mesa", "--later"]).unwrap();
    let sent = net.inside(&phone, &["send", "--tries", "20"]).output().unwrap();
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    assert!(phone.must(&["status"]).unwrap().contains("en el relevo"));
    desk.must(&["receive"]).unwrap();
    assert!(desk.must(&["open", "1"]).unwrap().contains("Preguntaron por mí"));
}

#[test]
fn a_photo_gets_through_a_link_that_is_cut_every_two_seconds() {
    let dir = TempDir::new().unwrap();
    let mut net = Net::new("cortes", 62);
    let (relay, phone, desk) = paired(dir.path(), &mut net, 62);
    net.shape(62, "1500kbit", 2);
    let file = dir.path().join("foto.bin");
    fs::write(&file, vec![7; 1_200_000]).unwrap();
    phone.must(&["import", file.to_str().unwrap()]).unwrap();
    phone.must(&["send", "--case", "1", "--to", "Mesa", "--later"]).unwrap();
    let before = relay.bytes();
    let mut cuts = 0;
    loop {
        let mut child = net.inside(&phone, &["send", "--tries", "1"]).spawn().unwrap();
        std::thread::park_timeout(Duration::from_secs(2));
        if child.try_wait().unwrap().is_some_and(|status| status.success()) {
            break;
        }
        run(&format!("ip -n {} link set am62p down", net.phone));
        std::thread::park_timeout(Duration::from_millis(300));
        // The network is gone and the person closes the program.
        let _ = child.kill();
        child.wait().unwrap();
        run(&format!("ip -n {} link set am62p up", net.phone));
        cuts += 1;
        assert!(cuts < 40, "it never ends");
    }
    assert!(cuts >= 2, "the link was never cut in the middle");
    assert!(phone.must(&["status"]).unwrap().contains("en el relevo"));
    let stored = relay.bytes() - before;
    assert!(stored < 1_200_000 * 3 / 2, "{stored} bytes stored: blocks were stored twice");
    desk.must(&["receive"]).unwrap();
    desk.must(&["open", "1"]).unwrap();
}
