// SPDX-License-Identifier: MPL-2.0
//! The only place that prints: answers on standard output, warnings and questions on the other.

use std::io::{IsTerminal, Write};

/// One line of an answer. A closed pipe ends the printing, not the work.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// One line beside the answer: warnings, questions, problems.
pub(crate) fn warn(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// A progress line that overwrites itself; silent when nobody looks.
pub(crate) fn progress(line: &str) {
    let mut out = std::io::stderr().lock();
    if out.is_terminal() {
        let _ = write!(out, "\r\u{1b}[K{line}");
        let _ = out.flush();
    }
}
