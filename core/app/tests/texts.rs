// SPDX-License-Identifier: MPL-2.0
//! Texts: the same messages with the same arguments in each language, none unused, none in code,
//! Spanish that takes nobody for a man.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "a test stops where it fails"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use fluent_bundle::FluentResource;

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Messages of a language: id, and its text as written.
fn messages(language: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for file in fs::read_dir(repository().join("core/data/locales").join(language)).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "ftl") {
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        if let Err((_, errors)) = FluentResource::try_new(text.clone()) {
            panic!("{language} does not parse: {errors:?}");
        }
        let mut last = None;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            match line.split_once(" = ") {
                Some((id, rest)) if !line.starts_with([' ', '}', '\t']) => {
                    assert!(all.insert(id.to_owned(), rest.to_owned()).is_none(), "{id} twice");
                    last = Some(id.to_owned());
                }
                _ => {
                    if let Some(text) = last.as_ref().and_then(|id| all.get_mut(id)) {
                        text.push('\n');
                        text.push_str(line);
                    }
                }
            }
        }
    }
    all
}

/// `$name` of a text.
fn arguments(text: &str) -> BTreeSet<String> {
    let name = |part: &str| {
        part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect::<String>()
    };
    text.split('$').skip(1).map(name).collect()
}

/// Sources that speak to people, without their tests.
fn sources() -> Vec<(PathBuf, String)> {
    let mut all = Vec::new();
    for folder in ["core/app/src", "desk/src", "tests/e2e/src"] {
        collect(&repository().join(folder), &mut all);
    }
    assert!(all.len() > 40);
    all
}

fn collect(folder: &Path, all: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        // Tests speak to nobody.
        if path.file_stem().is_some_and(|name| name == "tests") {
            continue;
        }
        if path.is_dir() {
            collect(&path, all);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            all.push((path, code.to_owned()));
        }
    }
}

/// String literals of a source, comments left out.
fn literals(code: &str) -> Vec<String> {
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines
        .flat_map(|line| line.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_arguments() {
    let (spanish, english) = (messages("es-MX"), messages("en"));
    assert!(spanish.len() > 100);
    assert_eq!(
        spanish.keys().collect::<Vec<_>>(),
        english.keys().collect::<Vec<_>>(),
        "a message stands in one language only"
    );
    for (id, text) in &spanish {
        assert_eq!(arguments(text), arguments(&english[id]), "{id}");
        assert!(!text.trim().is_empty() && !english[id].trim().is_empty(), "{id}");
    }
}

#[test]
fn no_message_is_missing_and_none_is_unused() {
    let spanish = messages("es-MX");
    let used: BTreeSet<String> = sources().iter().flat_map(|(_, code)| literals(code)).collect();
    for id in spanish.keys() {
        assert!(used.contains(id), "{id} is said nowhere");
    }
    for (path, code) in sources() {
        for named in code.split("Message::new(\"").skip(1) {
            let id = named.split('"').next().unwrap();
            assert!(spanish.contains_key(id), "{}: {id} has no words", path.display());
        }
    }
}

#[test]
fn no_source_holds_a_sentence() {
    for (path, code) in
        sources().iter().filter(|(path, _)| !path.starts_with(repository().join("tests")))
    {
        for literal in literals(code) {
            let foreign = literal.chars().any(|c| "áéíóúüñÁÉÍÓÚÑ¿¡«»“”".contains(c));
            assert!(!foreign, "{}: {literal}", path.display());
        }
        for call in ["screen::say(\"", "screen::warn(\"", "println!(", "eprintln!("] {
            assert!(!code.contains(call), "{}: {call}", path.display());
        }
    }
}

/// Words that take a man for everybody, marks that screen readers cannot say, and words that
/// belong to a court and not to a person.
const NEVER: [&str; 22] = [
    "el usuario",
    "los usuarios",
    "usuario",
    "los ciudadanos",
    "defensores",
    "los familiares",
    "bienvenido",
    "estás seguro",
    "está seguro",
    "niños",
    "todos los",
    "ellos",
    "el testigo",
    "los testigos",
    "un amigo",
    "amigos",
    "el administrador",
    "el destinatario",
    "el remitente",
    "supuesta",
    "@",
    "/a",
];

#[test]
fn spanish_takes_nobody_for_a_man() {
    for (id, text) in messages("es-MX") {
        let lower = format!(" {} ", text.to_lowercase());
        for never in NEVER {
            let whole = lower.split(never).zip(lower.split(never).skip(1)).any(|(a, b)| {
                let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphabetic());
                edge(a.chars().last()) && edge(b.chars().next())
            });
            assert!(!whole, "{id}: «{never}» in: {text}");
        }
        let words = lower.split(|c: char| !c.is_alphabetic());
        for word in words {
            assert!(!word.ends_with("xs") && !word.ends_with("dxs"), "{id}: {word}");
        }
    }
}

#[test]
fn sentences_are_short_enough_to_be_read_under_stress() {
    for language in ["es-MX", "en"] {
        for (id, text) in messages(language) {
            for sentence in text.split(['.', '?', '!', ';', ':', '\n', '[']) {
                let words = sentence.split_whitespace().count();
                assert!(words <= 28, "{language} {id}: {words} words: {sentence}");
            }
        }
    }
}
