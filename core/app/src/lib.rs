// SPDX-License-Identifier: MPL-2.0
//! Placeholder, replaced by the first change.
