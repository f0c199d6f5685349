// SPDX-License-Identifier: MPL-2.0
//! The screens to try: a relay, a phone and a desk on this machine, until they are ended.

use std::{
    io::{BufRead, BufReader, IsTerminal, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::{
    actor::{Relay, Stopped, programs},
    print,
};

/// What a person follows, in each language: what to do, with addresses put in.
const SPANISH: &str = "\
Las pantallas, en esta computadora. Abre cada dirección en el navegador; sirve una sola vez.

  Mesa:     {desk}
  Teléfono: {phone}
  Relevo:   {relay}

Para probar:
  1. En la mesa: nombre, clave. En «Agregar un relevo» pon la dirección del relevo y este permiso:
     {capability}
  2. En la mesa: Personas, Sumar a alguien, Copiar como texto.
  3. En el teléfono: lengua, clave. Personas, Sumar a alguien, Leer su código, Pegar el texto.
  4. En el teléfono: Registrar lo que pasó, con una foto. Después Enviar.
  5. En la mesa: Entrada. Abre el reporte, mira qué está probado y responde.
  6. En el teléfono: Te respondieron.

Todo está en una carpeta temporal y se borra al terminar. Para terminar: Ctrl-C";
const ENGLISH: &str = "\
The screens, on this computer. Open each address in the browser; it works once.

  Desk:  {desk}
  Phone: {phone}
  Relay: {relay}

To try:
  1. At the desk: name, code. In “Add a relay” put the relay's address and this permission:
     {capability}
  2. At the desk: People, Add somebody, Copy as text.
  3. On the phone: language, code. People, Add somebody, Read their code, Paste the text.
  4. On the phone: Write down what happened, with a photo. Then Send.
  5. At the desk: Inbox. Open the report, see what is proved, and answer.
  6. On the phone: You have an answer.

Everything is in a temporary folder and is deleted at the end. To end: Ctrl-C";

/// Programs that end with this.
struct Screens(Vec<Child>);

impl Drop for Screens {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Opens all three. With `stay` it tells a person and stays until it is ended; else it looks once
/// whether each answers.
///
/// # Errors
/// [`Stopped`] when one does not start or answer.
pub fn open(dir: &Path, language: &str, stay: bool) -> Result<(), Stopped> {
    let mut relay = Relay::new(dir.join("relay"));
    let capability = relay.invite()?;
    relay.start()?;
    let (mut screens, mut addresses) = (Screens(Vec::new()), Vec::new());
    for device in ["desk", "phone"] {
        let (child, address) = start(&dir.join(device), device, language)?;
        screens.0.push(child);
        addresses.push(address);
    }
    let [desk, phone] = addresses.as_slice() else { return Err(Stopped("screens".into())) };
    if !stay {
        return [desk, phone].into_iter().try_for_each(|address| answers(address));
    }
    let text = if language == "en" { ENGLISH } else { SPANISH };
    let text = text.replace("{desk}", desk).replace("{phone}", phone);
    print(&text.replace("{relay}", &relay.url()).replace("{capability}", &capability));
    if !std::io::stdin().is_terminal() {
        // Nobody is there to end it by hand: it ends with its input.
        std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink())?;
        return Ok(());
    }
    for child in &mut screens.0 {
        child.wait()?;
    }
    Ok(())
}

fn start(home: &Path, device: &str, language: &str) -> Result<(Child, String), Stopped> {
    let mut child = Command::new(programs().join("amate"))
        .args([device, "--lang", language, "--home"])
        .arg(home)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let out = child.stdout.take().ok_or_else(|| Stopped("no output".into()))?;
    let mut address = String::new();
    BufReader::new(out).read_line(&mut address)?;
    let address = address.trim().to_owned();
    if address.is_empty() {
        return Err(Stopped(format!("amate {device} did not start")));
    }
    Ok((child, address))
}

/// The address leads to a page, once.
fn answers(address: &str) -> Result<(), Stopped> {
    let path = address.strip_prefix("http://").ok_or_else(|| Stopped(address.into()))?;
    let (host, path) = path.split_once('/').ok_or_else(|| Stopped(address.into()))?;
    let ask = || -> Result<String, Stopped> {
        let mut stream = TcpStream::connect(host)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(stream, "GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    let (first, second) = (ask()?, ask()?);
    let right = first.starts_with("HTTP/1.1 303") && second.starts_with("HTTP/1.1 403");
    if right { Ok(()) } else { Err(Stopped(format!("{address} answered {first}{second}"))) }
}
