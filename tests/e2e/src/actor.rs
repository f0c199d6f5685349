// SPDX-License-Identifier: MPL-2.0
//! Real processes: a vault driven by the `amate` command, and a relay.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    time::Duration,
};

/// A process that did not do what the walk needs.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Stopped(pub String);

impl From<std::io::Error> for Stopped {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

/// What a finished command answered.
pub struct Answer {
    /// Its exit.
    pub status: ExitStatus,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl From<Output> for Answer {
    fn from(output: Output) -> Self {
        Self {
            status: output.status,
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Folder of the built programs: beside the running one.
#[must_use]
pub fn programs() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    let folder = own.parent().map(Path::to_path_buf).unwrap_or_default();
    if folder.ends_with("deps") {
        folder.parent().map(Path::to_path_buf).unwrap_or_default()
    } else {
        folder
    }
}

/// Somebody with a vault.
pub struct Actor {
    home: PathBuf,
    code: PathBuf,
    language: &'static str,
}

impl Actor {
    /// A person or desk whose vault will be in `dir/name`; the code lies in a file beside it.
    ///
    /// # Errors
    /// I/O errors of the folder.
    pub fn new(dir: &Path, name: &str) -> Result<Self, Stopped> {
        let code = dir.join(format!("{name}.code"));
        fs::write(&code, format!("cinco palabras de prueba {name}\n"))?;
        Ok(Self { home: dir.join(name), code, language: "es" })
    }

    /// The same person, with a program that speaks this language.
    #[must_use]
    pub fn speaking(self, language: &'static str) -> Self {
        Self { language, ..self }
    }

    /// Folder of the vault.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// The command, not yet started.
    #[must_use]
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(programs().join("amate"));
        command
            .args(words)
            .arg("--home")
            .arg(&self.home)
            .arg("--code-file")
            .arg(&self.code)
            .args(["--lang", self.language])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs it to its end, whatever that is.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn run(&self, words: &[&str]) -> Result<Answer, Stopped> {
        Ok(self.command(words).output()?.into())
    }

    /// Runs it and gives what it said; stops the walk when it failed.
    ///
    /// # Errors
    /// [`Stopped`] with its words.
    pub fn must(&self, words: &[&str]) -> Result<String, Stopped> {
        let answer = self.run(words)?;
        if answer.status.success() {
            Ok(answer.out)
        } else {
            Err(Stopped(format!("amate {}: {}{}", words.join(" "), answer.out, answer.err)))
        }
    }

    /// Starts it with something on its input.
    ///
    /// # Errors
    /// When it cannot be started or fails.
    pub fn must_with_input(&self, words: &[&str], input: &[u8]) -> Result<String, Stopped> {
        let mut child = self.command(words).stdin(Stdio::piped()).spawn()?;
        if let Some(mut pipe) = child.stdin.take() {
            pipe.write_all(input)?;
        }
        let answer: Answer = child.wait_with_output()?.into();
        if answer.status.success() {
            Ok(answer.out)
        } else {
            Err(Stopped(format!("amate {}: {}{}", words.join(" "), answer.out, answer.err)))
        }
    }
}

/// A relay process with its data folder.
pub struct Relay {
    data: PathBuf,
    port: u16,
    child: Option<Child>,
}

impl Relay {
    /// A relay with an empty data folder, not started.
    #[must_use]
    pub fn new(data: PathBuf) -> Self {
        Self { data, port: 0, child: None }
    }

    /// Makes an organisation's capability.
    ///
    /// # Errors
    /// When the command fails.
    pub fn invite(&self) -> Result<String, Stopped> {
        let output = Command::new(programs().join("amate-relay"))
            .args(["invite", "--data"])
            .arg(&self.data)
            .output()?;
        let answer: Answer = output.into();
        answer
            .out
            .split_whitespace()
            .find(|word| word.starts_with("amatecap1"))
            .map(str::to_owned)
            .ok_or_else(|| Stopped(format!("amate-relay invite: {}{}", answer.out, answer.err)))
    }

    /// Starts it, on the port of the first start, and waits until it answers.
    ///
    /// # Errors
    /// When it ends before it listens.
    pub fn start(&mut self) -> Result<(), Stopped> {
        let mut child = Command::new(programs().join("amate-relay"))
            .args(["serve", "--metrics", "127.0.0.1:0", "--listen"])
            .arg(format!("127.0.0.1:{}", self.port))
            .arg("--data")
            .arg(&self.data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let out = child.stdout.take().ok_or_else(|| Stopped("no output".into()))?;
        let mut lines = BufReader::new(out).lines();
        let address = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.split("listening http://127.0.0.1:").nth(1).map(str::to_owned));
        let port = address.and_then(|text| text.trim().trim_end_matches('/').parse().ok());
        self.port = port.ok_or_else(|| Stopped("amate-relay did not listen".into()))?;
        std::thread::spawn(move || lines.for_each(drop));
        self.child = Some(child);
        Ok(())
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Number of its process; 0 while it is not running.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.as_ref().map_or(0, Child::id)
    }

    /// Ends it at once, as a power cut would: SIGKILL.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Bytes in its data folder.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        size(&self.data)
    }

    /// Waits until the data folder holds `bytes` more than `before`, at most a minute.
    ///
    /// # Errors
    /// When it does not grow.
    pub fn grows(&self, before: u64, bytes: u64) -> Result<(), Stopped> {
        for _ in 0..30_000 {
            if self.bytes() >= before + bytes {
                return Ok(());
            }
            std::thread::park_timeout(Duration::from_millis(2));
        }
        Err(Stopped("nothing arrives at the relay".into()))
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.kill();
    }
}

fn size(path: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(path) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(meta) if meta.is_dir() => size(&entry.path()),
            Ok(meta) => meta.len(),
            Err(_) => 0,
        })
        .sum()
}
