// SPDX-License-Identifier: MPL-2.0
//! The main job, from the shutter to the court, with real processes and files. The same steps are
//! the demo for people and the check for machines.

mod looking;
mod talk;

use std::{
    fs,
    io::IsTerminal,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::{
    actor::{Actor, Answer, Relay, Stopped},
    media,
};
use looking::found;
use talk::Talk;

/// How the walk runs.
pub struct Plan {
    /// Empty folder for everything.
    pub dir: PathBuf,
    /// Size of the video.
    pub video_bytes: usize,
    /// Tells people what happens; silent when `false`.
    pub tell: bool,
    /// Where the repository is, for the Python verifier.
    pub repository: PathBuf,
}

/// Everything that the steps share.
struct Walk {
    plan: Plan,
    language: &'static str,
    phone: Actor,
    desk: Actor,
    near: Relay,
    far: Relay,
    media: media::Media,
}

/// Walks the whole path. An error names the first thing that was not as promised.
///
/// # Errors
/// [`Stopped`] with what differed.
pub fn walk(plan: Plan) -> Result<(), Stopped> {
    let mut walk = Walk::begin(plan)?;
    walk.relays_and_vaults()?;
    walk.evidence()?;
    walk.interrupted_recording()?;
    walk.pair_by_qr()?;
    walk.pair_by_words()?;
    walk.send_through_kills()?;
    walk.second_relay()?;
    walk.receive_and_open()?;
    let zip = walk.export()?;
    walk.verify(&zip)?;
    walk.changes_are_named()?;
    walk.resealed()?;
    walk.told("Listo: todo lo prometido se comprobó.", "Done: everything promised was checked.");
    Ok(())
}

/// What the person reads; a check reads Spanish.
#[must_use]
pub fn language(tell: bool) -> &'static str {
    if tell && english() { "en" } else { "es" }
}

impl Walk {
    fn begin(plan: Plan) -> Result<Self, Stopped> {
        fs::create_dir_all(&plan.dir)?;
        let language = language(plan.tell);
        let phone = Actor::new(&plan.dir, "telefono")?.speaking(language);
        let desk = Actor::new(&plan.dir, "mesa")?.speaking(language);
        let near = Relay::new(plan.dir.join("relevo-1"));
        let far = Relay::new(plan.dir.join("relevo-2"));
        let media = media::make(&plan.dir.join("medios"), plan.video_bytes)?;
        Ok(Self { language, plan, phone, desk, near, far, media })
    }

    fn relays_and_vaults(&mut self) -> Result<(), Stopped> {
        self.told(
            "1. Dos relevos con carpetas vacías, un teléfono y una mesa: cuatro procesos aparte.",
            "1. Two relays with empty folders, a phone and a desk: processes of their own.",
        );
        let near = self.near.invite()?;
        let far = self.far.invite()?;
        self.near.start()?;
        self.far.start()?;
        self.phone.must(&["init", "--phone", "--name", "Una persona"])?;
        self.desk.must(&["init", "--name", "Mesa de prueba"])?;
        for (relay, capability) in [(&self.near, &near), (&self.far, &far)] {
            self.desk.must(&["relay", "add", &relay.url(), "--capability", capability])?;
        }
        let wrong = self.phone.command(&["list"]).arg("--code-file").arg("/dev/null").output()?;
        self.proved(
            !wrong.status.success(),
            "con un código equivocado no se abre nada",
            "a wrong code opens nothing",
        )
    }

    fn evidence(&mut self) -> Result<(), Stopped> {
        self.told(
            "2. El teléfono anota un hecho, importa archivos, toma una foto y graba en vivo.",
            "2. The phone logs an incident, imports files, takes a photo and records live.",
        );
        self.phone.must(&[
            "log",
            "Dos hombres en una camioneta gris preguntaron por mí en la asamblea.",
            "--when",
            "2026-11-20",
            "--where",
            "Cerca de la cancha",
            "--new-case",
            "Camioneta gris",
        ])?;
        let folder = text(&self.media.folder);
        self.say(&self.phone.must(&["import", &folder])?);
        let capture = text(&self.media.capture);
        let said = self.phone.must(&["capture", &capture])?;
        self.say(&said);
        let sound = fs::read(&self.media.live)?;
        self.say(
            &self.phone.must_with_input(&["record", "--small", "--type", "audio/wav"], &sound)?,
        );
        self.proved(
            !found(self.phone.home(), media::EXIF_MARK.as_bytes())?
                && !found(self.phone.home(), b"camioneta gris")?,
            "en el disco no hay nada legible: ni el relato ni los metadatos",
            "nothing on disk can be read: no story and no metadata",
        )
    }

    fn interrupted_recording(&mut self) -> Result<(), Stopped> {
        self.told(
            "   Otra grabación se corta a la mitad: se mata el proceso.",
            "   Another recording is cut in the middle: the process is killed.",
        );
        let mut child = self
            .phone
            .command(&["record", "--small", "--type", "audio/wav"])
            .stdin(std::process::Stdio::piped())
            .spawn()?;
        if let Some(mut pipe) = child.stdin.take() {
            use std::io::Write;
            let sound = fs::read(&self.media.live)?;
            pipe.write_all(sound.get(..400_000).unwrap_or(&sound))?;
            pipe.flush()?;
            // A pipe holds 64 KiB at most: the rest was read, and two segments of 128 KiB are
            // durable before more is read.
            child.kill()?;
        }
        child.wait()?;
        let list = self.phone.must(&["list"])?;
        self.say(&list);
        self.proved(
            self.says(&list, "interrumpida", "interrupted"),
            "la grabación cortada quedó, y dice que se interrumpió",
            "the cut recording is there, and is named interrupted",
        )
    }

    fn pair_by_qr(&mut self) -> Result<(), Stopped> {
        self.told(
            "3. Se vinculan con el texto del QR, y luego por palabras leídas en voz alta.",
            "3. They pair by the text of the QR code, then by spoken words.",
        );
        let desk = pairing_text(&self.desk.must(&["pair", "show", "--grant", "1"])?)?;
        self.say(&self.phone.must(&["pair", "scan", &desk, "--name", "Mesa"])?);
        let phone = pairing_text(&self.phone.must(&["pair", "show"])?)?;
        let said = self.desk.must(&["pair", "scan", &phone, "--name", "Quien documenta"])?;
        self.say(&said);
        self.proved(
            self.says(&said, "verificado", "verified"),
            "cada quien ve verificado al otro lado",
            "each sees the other verified",
        )?;
        // The desk's permission for its other relay travels as a sealed notice.
        self.desk.must(&["send"])?;
        self.phone.must(&["receive"])?;
        Ok(())
    }

    fn pair_by_words(&mut self) -> Result<(), Stopped> {
        let ally = Actor::new(&self.plan.dir, "aliada")?.speaking(self.language);
        ally.must(&["init", "--name", "Aliada"])?;
        let url = self.near.url();
        let mut first = Talk::start(&self.desk, &["--relay", &url, "--name", "Aliada"])?;
        let (number, word) =
            if self.language == "en" { ("number", "words:") } else { ("número", "palabras:") };
        let number = first.line_after(number)?;
        let mut second =
            Talk::start(&ally, &["--relay", &url, "--name", "Mesa", "--meeting", number.trim()])?;
        let (mine, theirs) = (first.line_after(word)?, second.line_after(word)?);
        expect(mine == theirs, "both hear the same five words")?;
        self.told(&format!("   Palabras: {mine}"), &format!("   Words: {mine}"));
        for talk in [&mut first, &mut second] {
            talk.answer(if self.language == "en" { "yes" } else { "si" })?;
        }
        let verified = if self.language == "en" { "verified" } else { "verificado" };
        self.proved(
            first.ends_well(verified)? && second.ends_well(verified)?,
            "las mismas cinco palabras en los dos lados: hay verificación mutua",
            "the same five words on both sides: both are verified",
        )
    }

    fn send_through_kills(&mut self) -> Result<(), Stopped> {
        self.told(
            "4. Se sella y se envía; a la mitad se mata el relevo, después el teléfono.",
            "4. Sealed and sent; in the middle the relay is killed, then the phone.",
        );
        self.far.kill();
        self.say(&self.phone.must(&["send", "--case", "1", "--to", "Mesa", "--later"])?);
        let ids = self.phone.must(&["status", "--blocks"])?;
        let quarter = u64::try_from(self.plan.video_bytes / 4).unwrap_or(0);
        let before = self.near.bytes();
        let mut sending = self.phone.command(&["send", "--tries", "1"]).spawn()?;
        self.near.grows(before, quarter)?;
        self.near.kill();
        sending.wait()?;
        self.near.start()?;
        let before = self.near.bytes();
        let mut sending = self.phone.command(&["send", "--tries", "1"]).spawn()?;
        self.near.grows(before, quarter)?;
        sending.kill()?;
        sending.wait()?;
        self.say(&self.phone.must(&["status"])?);
        let sent = self.sending(self.phone.command(&["send"]).spawn()?, &self.near)?;
        expect(sent.status.success(), &format!("it is sent: {}", sent.err))?;
        self.say(&sent.out);
        let after = self.phone.must(&["status", "--blocks"])?;
        self.proved(
            ids.lines().all(|id| after.lines().any(|other| other == id)),
            "después de los cortes, lo mismo se sella en los mismos bloques",
            "after the kills the same items seal to the same blocks",
        )?;
        let stored = self.near.bytes();
        self.phone.must(&["send"])?;
        self.proved(
            self.near.bytes() <= stored + 64 * 1024,
            "enviar otra vez no guarda nada dos veces",
            "sending again stores nothing twice",
        )?;
        let status = self.phone.must(&["status"])?;
        self.proved(
            self.says(&status, "con acuse de todo", "with receipts for everything"),
            "«en el relevo» se dice sólo con acuse de cada bloque",
            "“at the relay” is said only with a receipt for every block",
        )
    }

    fn second_relay(&mut self) -> Result<(), Stopped> {
        self.told(
            "   El primer relevo no vuelve: el segundo toma su lugar.",
            "   The first relay stays down: the second takes over.",
        );
        self.near.kill();
        self.far.start()?;
        self.phone.must(&["log", "Volvieron hoy, sin placas.", "--new-case", "Regresaron"])?;
        self.say(&self.phone.must(&["send", "--case", "2", "--to", "Mesa"])?);
        let status = self.phone.must(&["status"])?;
        self.proved(
            status.contains(&self.far.url()),
            "el segundo relevo tiene el envío",
            "the second relay has the parcel",
        )?;
        self.near.start()
    }

    fn receive_and_open(&mut self) -> Result<(), Stopped> {
        self.told(
            "5. La mesa recoge, verifica y abre; el teléfono se entera por una firma.",
            "5. The desk collects, verifies and opens; the phone learns it by a signature.",
        );
        self.say(&self.desk.must(&["receive"])?);
        self.say(&self.desk.must(&["open", "1"])?);
        self.desk.must(&["open", "2"])?;
        self.phone.must(&["receive"])?;
        let status = self.phone.must(&["status"])?;
        self.say(&status);
        self.proved(
            self.says(&status, "abierto por una persona", "opened by a person"),
            "«abierto» se dice sólo con la firma de quien lo abrió",
            "“opened” is said only with the signature of who opened it",
        )?;
        self.same_bytes()?;
        self.proved(
            true,
            "cada archivo llegó igual, byte por byte",
            "each file is the same, byte for byte",
        )
    }

    /// Each original is at the desk byte for byte.
    fn same_bytes(&self) -> Result<(), Stopped> {
        let list = self.desk.must(&["list"])?;
        for name in ["foto del camino.jpg", "nota de voz.wav", "acuse.pdf", "video.avi"] {
            let original = fs::read(self.media.folder.join(name))?;
            let line = list.lines().find(|line| line.contains(name));
            let number = line.and_then(|line| line.trim().split('.').next()).unwrap_or_default();
            let out = self.plan.dir.join("de-la-mesa");
            let _ = fs::remove_file(&out);
            self.desk.must(&["view", number, &text(&out), "--case", "1"])?;
            expect(fs::read(&out)? == original, &format!("{name} is the same at the desk"))?;
            fs::remove_file(&out)?;
        }
        Ok(())
    }

    fn export(&self) -> Result<PathBuf, Stopped> {
        let zip = self.plan.dir.join("caso.zip");
        self.say(&self.desk.must(&["export", &text(&zip), "--case", "1"])?);
        Ok(zip)
    }

    fn verify(&self, zip: &Path) -> Result<(), Stopped> {
        self.told(
            "6. Dos programas distintos verifican el caso exportado, sin red.",
            "6. Two different programs verify the exported case, offline.",
        );
        let ours = self.desk.run(&["verify", &text(zip)])?;
        self.say(&ours.out);
        expect(ours.status.success(), "the exported case verifies")?;
        let (rust, python) = self.both(zip)?;
        self.proved(
            rust == python && rust.contains("\"verdict\":\"intact\""),
            "dos programas, escritos aparte, dicen lo mismo: íntegro",
            "two programs, written apart, say the same: intact",
        )?;
        self.proved(
            rust.contains("\"interrupted\""),
            "la grabación cortada vale hasta su última parte completa",
            "the cut recording is accepted up to its last whole segment",
        )
    }

    /// Changes bytes of the export and checks that both verifiers name the same file.
    fn changes_are_named(&self) -> Result<(), Stopped> {
        let small = self.plan.dir.join("caso-2.zip");
        self.desk.must(&["export", &text(&small), "--case", "2"])?;
        let bytes = fs::read(&small)?;
        let altered = self.plan.dir.join("cambiado.zip");
        for at in (0..bytes.len()).step_by((bytes.len() / 24).max(1)) {
            let mut copy = bytes.clone();
            if let Some(byte) = copy.get_mut(at) {
                *byte ^= 0x20;
            }
            fs::write(&altered, &copy)?;
            let (rust, python) = self.both(&altered)?;
            expect(rust == python, &format!("both name the same at byte {at}"))?;
            expect(!rust.contains("\"verdict\":\"intact\""), &format!("byte {at} is noticed"))?;
        }
        self.proved(
            true,
            "cada byte cambiado se nota, y los dos programas nombran lo mismo",
            "every changed byte is noticed, and both programs name the same",
        )
    }

    /// Re-sealed to an outside age key, opened with the two independent implementations of age.
    fn resealed(&self) -> Result<(), Stopped> {
        let key = self.plan.dir.join("fuera.key");
        let sealed = self.plan.dir.join("caso.zip.age");
        let made = Command::new(tool("bin/age-keygen")?).args(["-pq", "-o"]).arg(&key).output()?;
        expect(made.status.success(), "age-keygen -pq")?;
        let secret = fs::read_to_string(&key)?;
        let recipient = secret
            .lines()
            .find_map(|line| line.strip_prefix("# public key: "))
            .ok_or_else(|| Stopped("age-keygen names no recipient".into()))?;
        self.desk.must(&["export", &text(&sealed), "--case", "1", "--to", recipient])?;
        let opened = self.plan.dir.join("abierto.zip");
        let mut age = Command::new(tool("bin/age")?);
        age.arg("-d").arg("-i").arg(&key).arg("-o").arg(&opened).arg(&sealed);
        self.opens(age, &opened, "stock age")?;
        let mut node = Command::new(tool("python/bin/node")?);
        node.arg(tool("interop/open.mjs")?).arg(&key).arg(&sealed).arg(&opened);
        self.opens(node, &opened, "age-encryption")?;
        self.proved(
            true,
            "la copia sellada para alguien de fuera se abre con age y con age-encryption",
            "the copy sealed for somebody outside opens with stock age and age-encryption",
        )
    }

    /// The program writes the opened export, and it verifies.
    fn opens(&self, mut program: Command, opened: &Path, name: &str) -> Result<(), Stopped> {
        let answer: Answer = program.output()?.into();
        expect(answer.status.success(), &format!("{name} opens it: {}", answer.err))?;
        let verdict = self.desk.run(&["verify", &text(opened), "--json"])?;
        expect(verdict.status.success(), &format!("what {name} opened verifies"))?;
        Ok(fs::remove_file(opened)?)
    }

    /// Result of both verifiers.
    fn both(&self, zip: &Path) -> Result<(String, String), Stopped> {
        let rust = self.desk.run(&["verify", &text(zip), "--json"])?;
        let python: Answer = Command::new("/usr/bin/python3")
            .arg(self.plan.repository.join("tests/verify/verify.py"))
            .arg("--json")
            .arg(zip)
            .output()?
            .into();
        expect(
            rust.status.code() == python.status.code(),
            &format!("exit codes: {} {}{}", rust.status, python.status, python.err),
        )?;
        Ok((rust.out.trim().to_owned(), python.out.trim().to_owned()))
    }

    fn told(&self, es: &str, en: &str) {
        self.say(if self.language == "en" { en } else { es });
    }

    /// Stops the walk when something is not as promised; says what was proved when it is.
    fn proved(&self, holds: bool, es: &str, en: &str) -> Result<(), Stopped> {
        expect(holds, en)?;
        self.told(&format!("   ✓ {es}"), &format!("   ✓ {en}"));
        Ok(())
    }

    /// Whether the program said this, in the language that it speaks.
    fn says(&self, said: &str, es: &str, en: &str) -> bool {
        said.contains(if self.language == "en" { en } else { es })
    }

    /// Runs something long with a bar that follows the relay's data folder, when somebody looks.
    fn sending(&self, mut child: std::process::Child, relay: &Relay) -> Result<Answer, Stopped> {
        let looks = self.plan.tell && std::io::stdout().is_terminal();
        while looks && child.try_wait()?.is_none() {
            let whole = u64::try_from(self.plan.video_bytes).unwrap_or(u64::MAX).max(1);
            let part = (relay.bytes().min(whole) * 40 / whole) as usize;
            crate::overwrite(&format!("   [{}{}]", "#".repeat(part), ".".repeat(40 - part)));
            std::thread::park_timeout(Duration::from_millis(100));
        }
        if looks {
            crate::overwrite("");
        }
        Ok(child.wait_with_output()?.into())
    }

    fn say(&self, text: &str) {
        if self.plan.tell {
            crate::print(text.trim_end());
        }
    }
}

fn pairing_text(said: &str) -> Result<String, Stopped> {
    said.split_whitespace()
        .find(|word| word.starts_with("AMATE1:"))
        .map(str::to_owned)
        .ok_or_else(|| Stopped(format!("no pairing text in: {said}")))
}

/// An independent program, installed below target/tools.
fn tool(name: &str) -> Result<PathBuf, Stopped> {
    let target = crate::actor::programs().parent().map(Path::to_path_buf).unwrap_or_default();
    let path = target.join("tools").join(name);
    if path.exists() {
        Ok(path)
    } else {
        Err(Stopped(format!("{} is missing: `cargo xtask ci rust` installs it", path.display())))
    }
}

/// Whether the person reads English.
fn english() -> bool {
    ["AMATE_LANG", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .is_some_and(|language| language.starts_with("en"))
}

fn expect(true_now: bool, what: &str) -> Result<(), Stopped> {
    if true_now { Ok(()) } else { Err(Stopped(format!("not as promised: {what}"))) }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
