// SPDX-License-Identifier: MPL-2.0
//! Words for people, in every language: Fluent files in core/data/locales, Spanish for Mexico as
//! the source. No other module holds a sentence.

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

/// A message with its arguments, not yet in any language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Id in the Fluent files.
    pub id: &'static str,
    /// Named arguments.
    pub args: Vec<(&'static str, String)>,
    /// Arguments that are words of messages themselves.
    pub names: Vec<(&'static str, Vec<&'static str>)>,
}

impl Message {
    /// A message without arguments.
    #[must_use]
    pub fn new(id: &'static str) -> Self {
        Self { id, args: Vec::new(), names: Vec::new() }
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// Adds an argument made of the words of other messages, with commas between.
    #[must_use]
    pub fn with_names(mut self, name: &'static str, ids: Vec<&'static str>) -> Self {
        self.names.push((name, ids));
        self
    }
}

/// A number of bytes as people say it.
#[must_use]
pub fn size(bytes: u64) -> String {
    let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB")];
    match units.into_iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) => format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit),
        None => format!("{bytes} bytes"),
    }
}

/// A language of the app.
#[derive(Debug, Clone, Copy)]
pub struct Language {
    /// BCP 47.
    pub tag: &'static str,
    /// Its name, in itself.
    pub name: &'static str,
    /// Where this variety is spoken.
    pub place: &'static str,
}

/// All languages whose words are whole. Names of languages are not translated.
pub const LANGUAGES: &[Language] = &[
    Language { tag: "es-MX", name: SPANISH_NAME, place: SPANISH_PLACE },
    Language { tag: "en", name: "English", place: "" },
];
const SPANISH_NAME: &str = "Espa\u{f1}ol";
const SPANISH_PLACE: &str = "M\u{e9}xico";

/// One language, falling back to Spanish message by message.
pub struct Texts {
    chosen: FluentBundle<FluentResource>,
    source: FluentBundle<FluentResource>,
}

impl Texts {
    /// Spanish for `es…` and for anything unknown, English for `en…`.
    #[must_use]
    pub fn new(language: &str) -> Self {
        let english = language.to_ascii_lowercase().starts_with("en");
        Self {
            chosen: if english { bundle("en", ENGLISH) } else { bundle("es-MX", SPANISH) },
            source: bundle("es-MX", SPANISH),
        }
    }

    /// The words of a message. A message that no language has shows its id, which a test forbids.
    #[must_use]
    pub fn say(&self, message: &Message) -> String {
        let mut args = FluentArgs::new();
        let safe: Vec<_> =
            message.args.iter().map(|(name, value)| (*name, printable(value))).collect();
        for (name, value) in &safe {
            args.set(*name, number_or_text(value));
        }
        for (name, ids) in &message.names {
            let words: Vec<String> = ids.iter().map(|id| self.of(id)).collect();
            args.set(*name, words.join(", "));
        }
        [&self.chosen, &self.source]
            .into_iter()
            .find_map(|bundle| {
                let pattern = bundle.get_message(message.id)?.value()?;
                let mut errors = Vec::new();
                Some(bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned())
            })
            .unwrap_or_else(|| message.id.to_owned())
    }

    /// The words of a message without arguments.
    #[must_use]
    pub fn of(&self, id: &'static str) -> String {
        self.say(&Message::new(id))
    }
}

const SPANISH: &[&str] = &[
    include_str!("../../data/locales/es-MX/app.ftl"),
    include_str!("../../data/locales/es-MX/export.ftl"),
    include_str!("../../data/locales/es-MX/cli.ftl"),
    include_str!("../../data/locales/es-MX/screens.ftl"),
];
const ENGLISH: &[&str] = &[
    include_str!("../../data/locales/en/app.ftl"),
    include_str!("../../data/locales/en/export.ftl"),
    include_str!("../../data/locales/en/cli.ftl"),
    include_str!("../../data/locales/en/screens.ftl"),
];

/// Foreign text as it may be shown: no control characters that move a cursor, no marks that turn
/// the direction of what follows; further lines are indented, so that none poses as ours.
fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\n    "),
            '\t' => shown.push(' '),
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                shown.push(char::REPLACEMENT_CHARACTER);
            }
            c if c.is_control() => shown.push(char::REPLACEMENT_CHARACTER),
            c => shown.push(c),
        }
    }
    shown
}

/// Small numbers take part in plural rules; long ones (ids, seconds) stay text.
fn number_or_text(value: &str) -> FluentValue<'_> {
    match value.parse::<u32>() {
        Ok(number) if number.to_string() == value => FluentValue::from(number),
        _ => FluentValue::from(value),
    }
}

fn bundle(language: &str, files: &[&str]) -> FluentBundle<FluentResource> {
    let language: LanguageIdentifier = language.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    for file in files {
        // The files are ours and a test parses them; what does not parse is left out here.
        let resource = match FluentResource::try_new((*file).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

#[cfg(test)]
mod tests {
    use super::{printable, size};

    #[test]
    fn sizes_are_said_as_people_say_them() {
        let said = [0, 618, 33_264, 98_985_674, 1_950_000_000].map(size);
        assert_eq!(said, ["0 bytes", "618 bytes", "33.2 KB", "98.9 MB", "1.9 GB"]);
    }

    #[test]
    fn foreign_text_moves_no_cursor_and_turns_no_direction() {
        assert_eq!(printable("a\u{1b}[2Jb\r\u{202e}c"), "a\u{fffd}[2Jb\u{fffd}\u{fffd}c");
        assert_eq!(printable("uno\ndos\ttres"), "uno\n    dos tres");
        assert_eq!(printable("Ñandú, 日本 🙂"), "Ñandú, 日本 🙂");
    }
}
