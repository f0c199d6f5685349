// SPDX-License-Identifier: MPL-2.0
//! Where the code comes from: asked without echo, or the first line of a file (tests).

use std::{io::BufRead, path::Path};

use amate_app::{problem::Problem, text::Texts};
use zeroize::Zeroizing;

/// Code bytes, wiped on drop.
pub(crate) type Code = Zeroizing<Vec<u8>>;

/// Asks for the code, or reads it from `file`.
pub(crate) fn ask(texts: &Texts, file: Option<&Path>) -> Result<Code, Problem> {
    match file {
        Some(path) => first_line(path),
        None => prompt(&texts.of("ask-code")),
    }
}

/// Asks twice for a new code; `None` when the two differ.
pub(crate) fn ask_new(texts: &Texts, file: Option<&Path>) -> Result<Option<Code>, Problem> {
    if let Some(path) = file {
        return first_line(path).map(Some);
    }
    let first = prompt(&texts.of("ask-code-new"))?;
    let second = prompt(&texts.of("ask-code-again"))?;
    Ok((first == second).then_some(first))
}

/// Asks for the words of a backup, as they were written down.
pub(crate) fn ask_words(texts: &Texts) -> Result<Code, Problem> {
    prompt(&texts.of("ask-words"))
}

/// The first line of a file.
pub(crate) fn first_line(path: &Path) -> Result<Code, Problem> {
    let unreadable = || Problem::CannotRead(path.display().to_string());
    let mut line = Zeroizing::new(Vec::new());
    if path == Path::new("-") {
        std::io::stdin().lock().read_until(b'\n', &mut line).map_err(|_| unreadable())?;
    } else {
        let file = std::fs::File::open(path).map_err(|_| unreadable())?;
        std::io::BufReader::new(file).read_until(b'\n', &mut line).map_err(|_| unreadable())?;
    }
    while matches!(line.last(), Some(b'\n' | b'\r')) {
        line.pop();
    }
    Ok(line)
}

fn prompt(question: &str) -> Result<Code, Problem> {
    rpassword::prompt_password(format!("{question} "))
        .map(|text| Zeroizing::new(text.into_bytes()))
        .map_err(|_| Problem::NotUnderstood { what: "code" })
}
