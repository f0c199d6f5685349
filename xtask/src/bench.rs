// SPDX-License-Identifier: MPL-2.0
//! Measures beside the peers in one run, and writes the tables into docs/performance.md.

use std::fs;

use crate::{
    peers,
    run::{Failed, cargo, output, program, root, run, say},
    setup,
};

const PAGE: &str = "docs/performance.md";

pub(crate) fn bench(what: &[&str]) -> Result<(), Failed> {
    setup::for_demo()?;
    setup::packages(&[("/usr/sbin/nginx", "nginx-light")])?;
    run(cargo(&[
        "build",
        "--quiet",
        "--release",
        "-p",
        "amate-bench",
        "-p",
        "amate",
        "-p",
        "amate-relay",
    ]))?;
    if what.contains(&"vault") {
        peers::build()?;
    }
    for part in what {
        say(&format!("== {part}"));
        let table = output(program("target/release/amate-bench", &[part]))?;
        say(&table);
        write(part, &table)?;
    }
    Ok(())
}

/// Puts a table between the two marks of its part.
fn write(part: &str, table: &str) -> Result<(), Failed> {
    let path = root().join(PAGE);
    let page = fs::read_to_string(&path)?;
    let (begin, end) = (format!("<!-- begin {part} -->"), format!("<!-- end {part} -->"));
    let marks = page.split_once(&begin).and_then(|(before, rest)| {
        rest.split_once(&end).map(|(_, after)| (before.to_owned(), after.to_owned()))
    });
    let (before, after) = marks.ok_or_else(|| Failed(format!("{PAGE}: no marks for {part}")))?;
    fs::write(path, format!("{before}{begin}\n{table}\n{end}{after}"))?;
    Ok(())
}
