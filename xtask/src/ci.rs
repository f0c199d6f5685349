// SPDX-License-Identifier: MPL-2.0
//! What CI runs, part by part.

use crate::{
    phones,
    run::{Failed, Times, cargo, output, program, root, run},
    setup, structure,
};

/// Runs the named parts, then says how long each step took.
pub(crate) fn ci(parts: &[&str]) -> Result<(), Failed> {
    let mut times = Times::default();
    let result = parts.iter().try_for_each(|part| match *part {
        "rust" => rust(&mut times),
        "web" => web(&mut times),
        "android" => phones::android(&mut times),
        "ios" => phones::ios(&mut times),
        other => Err(Failed(format!("no part {other}: rust, web, android, ios"))),
    });
    times.table();
    result
}

fn rust(times: &mut Times) -> Result<(), Failed> {
    times.step("set-up", 7, setup::for_rust)?;
    times.step("format", 1, || run(cargo(&["fmt", "--all", "--check"])))?;
    times.step("structure", 1, structure::check)?;
    times.step("licences, bans, sources", 1, || {
        run(program(
            "target/tools/bin/cargo-deny",
            &["--log-level", "error", "check", "bans", "licenses", "sources"],
        ))
    })?;
    times.step("clippy", 4, || {
        run(cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    })?;
    times.step("docs", 1, || {
        let mut doc = cargo(&["doc", "--quiet", "--workspace", "--no-deps"]);
        doc.env("RUSTDOCFLAGS", "-D warnings");
        run(doc)
    })?;
    times.step("build", 4, || run(cargo(&["build", "--quiet", "--workspace", "--bins"])))?;
    times.step("vectors are as the code writes them", 2, vectors)?;
    times.step("Rust tests", 10, nextest)?;
    times.step("vault on SQLite without a file system of its own", 4, bare_sqlite)?;
    times.step("Python verifier", 1, || {
        run(program("/usr/bin/python3", &["-m", "unittest", "discover", "-s", "tests/verify"]))
    })?;
    times.step("the main job", 2, || run(program("target/debug/amate-walk", &["check"])))
}

/// The screens in a real browser.
fn web(times: &mut Times) -> Result<(), Failed> {
    times.step("set-up of the browser", 3, setup::for_web)?;
    times.step("build for the browser", 2, || {
        run(cargo(&["build", "--quiet", "-p", "amate", "-p", "amate-relay"]))
    })?;
    times.step("browser tests", 10, || {
        web_tests(&["journey", "door", "edges", "hide", "hostile"])
    })?;
    times.step("pictures of the screens", 1, || web_tests(&["pictures"]))
}

fn web_tests(names: &[&str]) -> Result<(), Failed> {
    let node = setup::node();
    let mut tests = program(&node, &["--test", "--test-reporter=spec", "--test-concurrency=1"]);
    tests.args(names.iter().map(|name| format!("{name}.test.mjs")));
    tests.current_dir(root().join("tests/web"));
    run(tests)
}

fn nextest() -> Result<(), Failed> {
    run(program(
        "target/tools/bin/cargo-nextest",
        &["nextest", "run", "--workspace", "--no-fail-fast", "--status-level", "fail"],
    ))
}

/// As phones have it: the library holds no code of SQLite's that could touch a file. Its flags hold
/// for a whole build, hence a folder of its own.
fn bare_sqlite() -> Result<(), Failed> {
    let mut tests = cargo(&[
        "test",
        "--quiet",
        "-p",
        "amate-vault",
        "--lib",
        "--test",
        "vault",
        "--test",
        "phone",
    ]);
    tests
        .env("LIBSQLITE3_FLAGS", "-DSQLITE_OS_OTHER=1")
        .env("RUSTFLAGS", "--cfg amate_os_other")
        .env("CARGO_TARGET_DIR", root().join("target/bare-sqlite"));
    run(tests)
}

/// Writing the vectors again changes nothing.
fn vectors() -> Result<(), Failed> {
    crate::command(&["vectors"])?;
    let changed = output(program("git", &["status", "--porcelain", "tests/vectors"]))?;
    if changed.is_empty() {
        Ok(())
    } else {
        Err(Failed(format!("the code writes other vectors than these:\n{changed}")))
    }
}

/// The same tests with more rounds: hours, not minutes.
pub(crate) fn soak() -> Result<(), Failed> {
    setup::for_rust()?;
    run(cargo(&["build", "--quiet", "--workspace", "--bins"]))?;
    let mut tests = program(
        "target/tools/bin/cargo-nextest",
        &["nextest", "run", "--workspace", "--no-fail-fast"],
    );
    tests.env("AMATE_SOAK", "5");
    run(tests)?;
    crate::fuzz::for_minutes(60)
}
