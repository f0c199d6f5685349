// SPDX-License-Identifier: MPL-2.0
//! Every error as a problem document (RFC 9457); nothing internal in a body.

use axum::{
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};

use crate::store::StoreError;

/// Content type of problem documents.
pub(crate) const PROBLEM: &str = "application/problem+json";

/// What a request can end in, other than served (spec/relay.md §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Not of the form it must have.
    BadRequest,
    /// No capability or signature that holds.
    Unauthorised,
    /// Nothing there.
    NotFound,
    /// The path has other methods.
    MethodNotAllowed,
    /// Something else is there already.
    Conflict,
    /// Another size than it must have.
    TooLarge,
    /// Not the bytes of this id.
    WrongHash,
    /// The quota is used up.
    Quota,
    /// The log does not sign any more.
    SigningStopped,
    /// Too much at once.
    Busy,
    /// The disk or mailbox is full.
    NoSpace,
    /// Too slow.
    Timeout,
    /// Nothing can be stored now.
    Unavailable,
}

impl Problem {
    fn parts(self) -> (u16, &'static str, &'static str) {
        match self {
            Self::BadRequest => (400, "bad-request", "The request is not of the form it must have"),
            Self::Unauthorised => {
                (401, "unauthorised", "The capability or signature does not hold")
            }
            Self::NotFound => (404, "not-found", "There is nothing here"),
            Self::MethodNotAllowed => (405, "method-not-allowed", "This path has other methods"),
            Self::Timeout => (408, "timeout", "The request came too slowly"),
            Self::Conflict => (409, "conflict", "Something else is here already"),
            Self::TooLarge => (413, "too-large", "The body has another size than it must have"),
            Self::WrongHash => (422, "wrong-hash", "The bytes are not those of this id"),
            Self::Quota => (429, "quota", "The quota of this capability is used up"),
            Self::SigningStopped => (503, "signing-stopped", "This log does not sign any more"),
            Self::Busy => (503, "busy", "Too much at once; try again"),
            Self::Unavailable => (503, "unavailable", "Nothing can be stored now; try again"),
            Self::NoSpace => (507, "no-space", "There is no space left"),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, code, title) = self.parts();
        let body = format!(
            "{{\"type\":\"urn:amate:relay:{code}\",\"title\":\"{title}\",\"status\":{status}}}"
        );
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(CONTENT_TYPE, PROBLEM)], body).into_response()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoSpace => Self::NoSpace,
            _ => Self::Unavailable,
        }
    }
}
