// SPDX-License-Identifier: MPL-2.0
//! One function a command: arguments in, the core's work, words out.

mod care;
mod evidence;
mod exporting;
mod looking;
mod people;
mod receiving;
mod screens;
mod sending;
mod vault;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use amate_app::{
    app::Device,
    clock::{self, Moment},
    driver::Http,
    evidence::kind as evidence_kind,
    problem::Problem,
    session::Session,
    text::{Message, Texts},
};
use clap::ArgMatches;

use crate::{code, screen, zone};

/// What every command gets.
pub(crate) struct Context<'a> {
    pub(crate) texts: &'a Texts,
    pub(crate) arguments: &'a ArgMatches,
}

/// Runs the command; problems are said in the person's words.
pub(crate) fn run(texts: &Texts, matches: &ArgMatches) -> ExitCode {
    let Some((name, arguments)) = matches.subcommand() else { return ExitCode::from(64) };
    let context = Context { texts, arguments };
    let done = match name {
        "init" => vault::init(&context),
        "log" => evidence::log(&context),
        "import" => evidence::import(&context),
        "capture" => evidence::capture(&context),
        "record" => evidence::record(&context),
        "list" => looking::list(&context),
        "find" => looking::find(&context),
        "view" => looking::view(&context),
        "delete" => looking::delete(&context),
        "storage" => vault::storage(&context),
        "code" => care::change_code(&context),
        "backup" => care::backup(&context),
        "restore" => care::restore(&context),
        "refresh" => care::refresh(&context),
        "check" => care::check(&context),
        "relay" => people::relay(&context),
        "pair" => people::pair(&context),
        "block" => people::block(&context),
        "send" => sending::send(&context),
        "status" => sending::status(&context),
        "receive" => receiving::receive(&context),
        "inbox" => receiving::inbox(&context),
        "open" => receiving::open(&context),
        "export" => exporting::export(&context),
        "phone" => screens::serve(&context, Device::Phone),
        "desk" => screens::serve(&context, Device::Desk),
        "verify" => return exporting::verify(&context),
        _ => Err(Problem::Internal("command")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            screen::warn(&texts.say(&problem.message()));
            ExitCode::FAILURE
        }
    }
}

/// The message that names a kind of medium.
pub(crate) fn kind(media_type: &str) -> &'static str {
    match evidence_kind(media_type) {
        "record" => "kind-record",
        "image" => "kind-image",
        "audio" => "kind-audio",
        "video" => "kind-video",
        "document" => "kind-document",
        _ => "kind-file",
    }
}

impl Context<'_> {
    /// Opens the vault with the code, and says what that found.
    pub(crate) fn session(&self) -> Result<Session, Problem> {
        let home = self.home();
        if !home.join("vault").exists() {
            return Err(Problem::NoVault);
        }
        let code = code::ask(self.texts, self.file("code-file"))?;
        let session = self.opened(&home, &code)?;
        session.notices().iter().for_each(|message| self.warn(message));
        Ok(session)
    }

    /// After several wrong codes it waits as long as it says: each command begins to count anew.
    fn opened(&self, home: &Path, code: &[u8]) -> Result<Session, Problem> {
        loop {
            match Session::open(home, code) {
                Err(Problem::Wait(seconds)) => {
                    self.warn(&Message::new("open-waits").with("seconds", seconds));
                    std::thread::park_timeout(Duration::from_secs(seconds));
                }
                other => return other,
            }
        }
    }

    /// Folder of the vault.
    pub(crate) fn home(&self) -> PathBuf {
        let given = self.arguments.get_one::<PathBuf>("home").cloned();
        given.or_else(|| std::env::var_os("AMATE_HOME").map(PathBuf::from)).unwrap_or_else(|| {
            let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
            home.join(".amate")
        })
    }

    /// The network.
    pub(crate) fn http(&self) -> Result<Http, Problem> {
        Ok(Http::new(self.arguments.get_one::<String>("proxy").map(String::as_str))?)
    }

    pub(crate) fn now(&self) -> u64 {
        clock::wall()
    }

    /// Now, with the offset of this computer's clock.
    pub(crate) fn here(&self) -> Moment {
        zone::here(self.now())
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.arguments.try_get_one::<String>(name).ok().flatten().map(String::as_str)
    }

    /// A file that was named.
    pub(crate) fn file(&self, name: &str) -> Option<&Path> {
        self.arguments.try_get_one::<PathBuf>(name).ok().flatten().map(PathBuf::as_path)
    }

    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        self.arguments.try_get_one::<u32>(name).ok().flatten().copied()
    }

    pub(crate) fn say(&self, message: &Message) {
        screen::say(&self.texts.say(message));
    }

    pub(crate) fn said(&self, id: &'static str) {
        self.say(&Message::new(id));
    }

    /// Says, beside the answer, what is nearly full or full, and what was written openly.
    pub(crate) fn warn_of_room(&self, session: &Session) -> Result<(), Problem> {
        let space = session.storage()?;
        space.warnings().iter().chain(&space.due()).for_each(|message| self.warn(message));
        Ok(())
    }

    pub(crate) fn warn(&self, message: &Message) {
        screen::warn(&self.texts.say(message));
    }
}
