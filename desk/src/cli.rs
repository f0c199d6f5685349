// SPDX-License-Identifier: MPL-2.0
//! The commands and their help, in the person's language.

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use amate_app::text::{Message, Texts};
use clap::{
    Arg, ArgAction, ArgMatches, Command,
    error::{ContextKind, ContextValue, ErrorKind},
    value_parser,
};

use crate::screen;

/// Language of the texts: `--lang`, then `AMATE_LANG`, then the system's, else Spanish.
pub(crate) fn language(arguments: &[OsString]) -> String {
    let words: Vec<_> = arguments.iter().filter_map(|word| word.to_str()).collect();
    let flag = words.iter().enumerate().find_map(|(at, word)| match word.strip_prefix("--lang") {
        Some("") => words.get(at + 1).map(|next| (*next).to_owned()),
        Some(rest) => rest.strip_prefix('=').map(str::to_owned),
        None => None,
    });
    flag.or_else(|| std::env::var("AMATE_LANG").ok())
        .or_else(|| std::env::var("LANG").ok())
        .unwrap_or_default()
}

/// Parses the line; on help or on something not understood says so and gives the exit code.
pub(crate) fn parse(texts: &Texts, arguments: Vec<OsString>) -> Result<ArgMatches, ExitCode> {
    let mut command = command(texts);
    command.try_get_matches_from_mut(arguments).map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            screen::say(error.to_string().trim_end());
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            screen::warn(error.to_string().trim_end());
            ExitCode::from(64)
        }
        _ => {
            screen::warn(&texts.say(&not_understood(&error).with("help", "amate --help")));
            ExitCode::from(64)
        }
    })
}

/// What was not understood, or is missing.
fn not_understood(error: &clap::Error) -> Message {
    let word = |kind| match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(all) => Some(all.join(" ")),
        _ => None,
    };
    let missing = error.kind() == ErrorKind::MissingRequiredArgument;
    let kinds =
        [ContextKind::InvalidSubcommand, ContextKind::InvalidValue, ContextKind::InvalidArg];
    match kinds.into_iter().find_map(word).filter(|word| !word.is_empty()) {
        Some(word) if missing => Message::new("cli-missing").with("word", word),
        Some(word) => Message::new("cli-not-understood-word").with("word", word),
        None => Message::new("cli-not-understood"),
    }
}

/// The whole command line.
pub(crate) fn command(texts: &Texts) -> Command {
    let commands = [
        init(texts),
        sub(texts, "log", "cli-log", "example-log")
            .arg(word(texts, "text", "cli-log-text").required(true))
            .arg(flag(texts, "when", "cli-log-when"))
            .arg(flag(texts, "where", "cli-log-where"))
            .args(case_args(texts)),
        sub(texts, "import", "cli-import", "example-import")
            .arg(files(texts))
            .args(case_args(texts)),
        sub(texts, "capture", "cli-capture", "example-capture")
            .arg(files(texts))
            .args(case_args(texts)),
        sub(texts, "record", "cli-record", "example-record")
            .arg(flag(texts, "type", "cli-record-type").default_value("application/octet-stream"))
            .arg(switch(texts, "small", "cli-record-small"))
            .args(case_args(texts)),
        sub(texts, "list", "cli-list", "example-import"),
        sub(texts, "find", "cli-find", "example-find")
            .arg(word(texts, "words", "cli-find-words").required(true).num_args(1..)),
        sub(texts, "view", "cli-view", "example-open")
            .arg(case(texts))
            .arg(number(texts, "item", "cli-send-item").required(true))
            .arg(path(texts, "out", "cli-export-out").required(true)),
        sub(texts, "delete", "cli-delete", "example-delete")
            .arg(number(texts, "item", "cli-delete-item").required(true))
            .arg(case(texts).help(texts.of("cli-delete-case")).required(true))
            .arg(switch(texts, "yes", "cli-delete-yes"))
            .arg(switch(texts, "withdraw", "cli-delete-withdraw")),
        sub(texts, "storage", "cli-storage", "example-storage")
            .arg(
                flag(texts, "reserve", "cli-storage-reserve")
                    .value_parser(value_parser!(u64).range(1..=1_000_000)),
            )
            .arg(switch(texts, "yes", "cli-storage-yes")),
        sub(texts, "code", "cli-code", "example-code")
            .arg(switch(texts, "generate", "cli-init-generate").conflicts_with("new-code-file"))
            .arg(file_flag(texts, "new-code-file", "cli-code-new-file")),
        sub(texts, "backup", "cli-backup", "example-backup")
            .arg(path(texts, "file", "cli-backup-file").required(true))
            .arg(file_flag(texts, "words-file", "cli-words-file"))
            .arg(cost(texts)),
        sub(texts, "restore", "cli-restore", "example-restore")
            .arg(path(texts, "file", "cli-restore-file").required(true))
            .arg(file_flag(texts, "words-file", "cli-words-file"))
            .args(new_vault(texts)),
        sub(texts, "refresh", "cli-refresh", "example-refresh"),
        sub(texts, "check", "cli-check", "example-check"),
        relay(texts),
        pair(texts),
        sub(texts, "block", "cli-block", "example-pair-show")
            .arg(word(texts, "contact", "cli-contact").required(true)),
        send(texts),
        sub(texts, "status", "cli-status", "example-send").arg(switch(
            texts,
            "blocks",
            "cli-status-blocks",
        )),
        sub(texts, "receive", "cli-receive", "example-receive"),
        sub(texts, "inbox", "cli-inbox", "example-receive"),
        sub(texts, "open", "cli-open", "example-open")
            .arg(number(texts, "report", "cli-report").index(1).required(true)),
        export(texts),
        screens(texts, "phone", "cli-phone", "example-phone"),
        screens(texts, "desk", "cli-desk", "example-desk"),
        sub(texts, "verify", "cli-verify", "example-verify")
            .arg(path(texts, "file", "cli-verify-file").required(true))
            .arg(switch(texts, "json", "cli-verify-json")),
    ];
    base(Command::new("amate"), texts, "cli-about", "example-log")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand_help_heading(texts.of("cli-commands"))
        .arg(file_flag(texts, "home", "cli-home").global(true))
        .arg(flag(texts, "lang", "cli-lang").global(true))
        .arg(file_flag(texts, "code-file", "cli-code-file").global(true))
        .arg(flag(texts, "proxy", "cli-proxy").global(true))
        .subcommands(commands)
}

fn init(texts: &Texts) -> Command {
    sub(texts, "init", "cli-init", "example-init")
        .arg(flag(texts, "name", "cli-init-name").default_value(""))
        .args(new_vault(texts))
}

/// What every new vault is asked: its code and its size.
fn new_vault(texts: &Texts) -> [Arg; 5] {
    let mebibytes = |name, help, least: i64, standard| {
        flag(texts, name, help)
            .value_parser(value_parser!(u32).range(least..=65_536))
            .default_value(standard)
    };
    [
        switch(texts, "generate", "cli-init-generate").conflicts_with("code-file"),
        switch(texts, "phone", "cli-init-phone"),
        mebibytes("records", "cli-init-records", 32, "128").requires("phone"),
        mebibytes("reserve", "cli-init-reserve", 64, "256").requires("phone"),
        cost(texts),
    ]
}

/// The screens in a browser.
fn screens(
    texts: &Texts,
    name: &'static str,
    help: &'static str,
    example: &'static str,
) -> Command {
    let mebibytes = |name, help| {
        flag(texts, name, help).value_parser(value_parser!(u32).range(16..=65_536)).hide(true)
    };
    sub(texts, name, help, example)
        .arg(flag(texts, "port", "cli-port").value_parser(value_parser!(u16)).default_value("0"))
        .arg(mebibytes("records", "cli-init-records"))
        .arg(mebibytes("reserve", "cli-init-reserve"))
        .arg(cost(texts))
}

/// Memory of a code, in MiB.
fn cost(texts: &Texts) -> Arg {
    flag(texts, "cost", "cli-init-cost")
        .value_parser(value_parser!(u32).range(1..=4096))
        .default_value("64")
        .hide(true)
}

fn relay(texts: &Texts) -> Command {
    sub(texts, "relay", "cli-relay", "example-relay").subcommand_required(true).subcommands([
        sub(texts, "add", "cli-relay-add", "example-relay")
            .arg(word(texts, "url", "cli-relay-url").required(true))
            .arg(flag(texts, "key", "cli-relay-key"))
            .arg(flag(texts, "capability", "cli-relay-capability")),
        sub(texts, "list", "cli-relay-list", "example-relay"),
    ])
}

fn pair(texts: &Texts) -> Command {
    sub(texts, "pair", "cli-pair", "example-pair-show").subcommand_required(true).subcommands([
        sub(texts, "show", "cli-pair-show", "example-pair-show")
            .arg(number(texts, "grant", "cli-pair-grant").long("grant")),
        sub(texts, "scan", "cli-pair-scan", "example-pair-scan")
            .arg(word(texts, "text", "cli-pair-text").required(true))
            .arg(flag(texts, "name", "cli-pair-name").required(true)),
        sub(texts, "words", "cli-pair-words", "example-pair-words")
            .arg(flag(texts, "relay", "cli-pair-relay").required(true))
            .arg(flag(texts, "meeting", "cli-pair-meeting"))
            .arg(flag(texts, "name", "cli-pair-name").required(true))
            .arg(number(texts, "grant", "cli-pair-grant").long("grant")),
    ])
}

fn send(texts: &Texts) -> Command {
    sub(texts, "send", "cli-send", "example-send")
        .arg(case(texts))
        .arg(flag(texts, "to", "cli-send-to").action(ArgAction::Append))
        .arg(number(texts, "item", "cli-send-item").long("item").action(ArgAction::Append))
        .arg(switch(texts, "later", "cli-send-later"))
        .arg(
            flag(texts, "tries", "cli-send-tries")
                .value_parser(value_parser!(u32).range(1..=100))
                .default_value("3"),
        )
}

fn export(texts: &Texts) -> Command {
    sub(texts, "export", "cli-export", "example-export")
        .arg(case(texts).required(true))
        .arg(path(texts, "out", "cli-export-out").required(true))
        .arg(flag(texts, "to", "cli-export-to").action(ArgAction::Append))
        .arg(switch(texts, "accept-classic", "cli-export-classic"))
        .arg(flag(texts, "show", "cli-export-show").default_value("all"))
}

fn base(command: Command, texts: &Texts, about: &'static str, example: &'static str) -> Command {
    let template = format!(
        "{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}{{after-help}}",
        texts.of("cli-usage")
    );
    command
        .about(texts.of(about))
        .help_template(template)
        .after_help(format!("{}:\n  {}", texts.of("cli-examples"), texts.of(example)))
        .disable_help_flag(true)
        .next_help_heading(texts.of("cli-options"))
        .arg(
            Arg::new("help")
                .long("help")
                .short('h')
                .action(ArgAction::Help)
                .help(texts.of("cli-help")),
        )
}

fn sub(texts: &Texts, name: &'static str, about: &'static str, example: &'static str) -> Command {
    base(Command::new(name), texts, about, example)
}

fn case_args(texts: &Texts) -> [Arg; 2] {
    [case(texts), flag(texts, "new-case", "cli-new-case").conflicts_with("case")]
}

fn case(texts: &Texts) -> Arg {
    number(texts, "case", "cli-case").long("case")
}

fn files(texts: &Texts) -> Arg {
    path(texts, "files", "cli-files").required(true).num_args(1..)
}

fn flag(texts: &Texts, name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).help(texts.of(help))
}

fn file_flag(texts: &Texts, name: &'static str, help: &'static str) -> Arg {
    flag(texts, name, help).value_parser(value_parser!(PathBuf))
}

fn word(texts: &Texts, name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).help(texts.of(help))
}

fn path(texts: &Texts, name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).help(texts.of(help)).value_parser(value_parser!(PathBuf))
}

fn number(texts: &Texts, name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).help(texts.of(help)).value_parser(value_parser!(u32))
}

fn switch(texts: &Texts, name: &'static str, help: &'static str) -> Arg {
    flag(texts, name, help).action(ArgAction::SetTrue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_whole_in_both_languages() {
        for language in ["es", "en"] {
            command(&Texts::new(language)).debug_assert();
        }
    }

    #[test]
    fn the_language_comes_from_the_flag_first() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert_eq!(language(&words("amate --lang en list")), "en");
        assert_eq!(language(&words("amate list --lang=es")), "es");
    }
}
