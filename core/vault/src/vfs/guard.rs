// SPDX-License-Identifier: MPL-2.0
//! What a statement may do: nothing that would open a file or change how commits are made.

use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

/// Pragmas that may be given a value. A list of what is allowed, because SQLite's list grows.
const WITH_VALUE: [&str; 20] = [
    "analysis_limit",
    "application_id",
    "cache_size",
    "case_sensitive_like",
    "defer_foreign_keys",
    "foreign_key_check",
    "foreign_key_list",
    "foreign_keys",
    "index_info",
    "index_list",
    "index_xinfo",
    "integrity_check",
    "optimize",
    "query_only",
    "quick_check",
    "recursive_triggers",
    "table_info",
    "table_list",
    "table_xinfo",
    "user_version",
];

/// For every statement of ours and of our callers.
pub(super) fn authorise(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Attach { .. } | AuthAction::Detach { .. } => Authorization::Deny,
        AuthAction::Function { function_name } if is(function_name, "load_extension") => {
            Authorization::Deny
        }
        AuthAction::Pragma { pragma_name, pragma_value: Some(_) }
            if !WITH_VALUE.iter().any(|allowed| is(pragma_name, allowed)) =>
        {
            Authorization::Deny
        }
        _ => Authorization::Allow,
    }
}

/// While [`super::Database::vacuum`] runs, and nothing else: its nameless database, in memory.
pub(super) fn authorise_vacuum(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Attach { filename: "" } | AuthAction::Detach { .. } => Authorization::Allow,
        _ => authorise(context),
    }
}

fn is(name: &str, other: &str) -> bool {
    name.eq_ignore_ascii_case(other)
}
