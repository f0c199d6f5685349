// SPDX-License-Identifier: MPL-2.0
//! The bridge to phones: bindings from the built core, and the Android shell on the JVM.

use std::fs;

use crate::{
    run::{Failed, Times, cargo, program, quietly, root, run, say},
    setup,
};

/// Where the core for phones is, as this machine runs it.
const LIBRARY: &str = "target/debug/libamate_ffi.so";

/// Bindings, then the Android tests.
pub(crate) fn android(times: &mut Times) -> Result<(), Failed> {
    times.step("set-up for Android", 3, setup::for_android)?;
    times.step("core for phones", 2, || {
        run(cargo(&["build", "--quiet", "-p", "amate-ffi"]))?;
        bindings("kotlin", "android/target/gen")
    })?;
    times.step("Android shell on the JVM", 6, || {
        let mut tests = program("mvn", &["-B", "--no-transfer-progress", "test"]);
        tests.current_dir(root().join("android"));
        run(tests)
    })
}

/// The Swift bindings are written and name what a shell needs. Swift itself is not run here.
pub(crate) fn ios(times: &mut Times) -> Result<(), Failed> {
    times.step("Swift bindings", 2, || {
        run(cargo(&["build", "--quiet", "-p", "amate-ffi"]))?;
        bindings("swift", "target/swift")?;
        let written = fs::read_to_string(root().join("target/swift/amate_ffi.swift"))?;
        let screen = fs::read_to_string(root().join("target/swift/amate_screen.swift"))?;
        let wanted = ["open class AmateApp", "func beginCapture(", "func act(action: Action)"];
        let missing = wanted.iter().find(|name| !written.contains(**name));
        if let Some(name) = missing {
            return Err(Failed(format!("the Swift bindings have no {name}")));
        }
        if !screen.contains("public struct Screen") {
            return Err(Failed("the Swift bindings have no Screen".into()));
        }
        say("Swift bindings are written; no Swift is compiled or run here");
        Ok(())
    })
}

/// Writes the bindings of one language; they are never committed.
fn bindings(language: &str, folder: &str) -> Result<(), Failed> {
    let out = root().join(folder);
    fs::create_dir_all(&out)?;
    let mut generate = cargo(&["run", "--quiet", "-p", "amate-ffi", "--features", "bindgen"]);
    generate.args(["--bin", "uniffi-bindgen", "--", "generate", "--no-format"]);
    generate.args(["--language", language, "--library", LIBRARY, "--out-dir"]).arg(out);
    quietly(generate)
}
