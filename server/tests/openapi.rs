// SPDX-License-Identifier: MPL-2.0
//! openapi.json, the list of routes and the router say the same.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod world;

use std::{collections::BTreeSet, fs, path::Path};

use amate_relay::ROUTES;
use serde_json::Value;
use world::{World, problem};

fn document() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn described() -> BTreeSet<(String, String)> {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let methods = paths.iter().flat_map(|(path, item)| {
        item.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone()))
    });
    methods.collect()
}

#[test]
fn the_document_describes_every_route_and_no_other() {
    let routes: BTreeSet<_> =
        ROUTES.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(described(), routes);
}

#[test]
fn the_router_serves_what_is_described_and_refuses_other_methods() {
    let mut world = World::in_memory();
    let paths: BTreeSet<_> = ROUTES.iter().map(|(_, path)| *path).collect();
    for path in paths {
        let filled = path
            .replace("{id}", &"0".repeat(64))
            .replace("{mailbox}", &"0".repeat(64))
            .replace("{identity}", &"0".repeat(64))
            .replace("{path}", "0/000.p/1")
            .replace("{old}", "1")
            .replace("{new}", "1")
            .replace("{slot}", "0")
            .replace("{n}", "1");
        for method in ["GET", "PUT", "POST", "DELETE", "PATCH"] {
            let (status, kind, body) = world.ask(&format!("{method} {filled}"));
            let served = ROUTES.contains(&(method, path));
            assert_eq!(status.as_u16() != 405, served, "{method} {path}");
            if status.is_client_error() {
                assert_eq!(kind, "application/problem+json", "{method} {path}");
                problem(&body);
            }
            let documented = &document()["paths"][path][method.to_lowercase()]["responses"];
            assert!(!served || documented[status.as_str()].is_object(), "{method} {path} {status}");
        }
    }
}

#[test]
fn what_the_relay_says_of_itself_is_as_described() {
    let (status, kind, body) = World::in_memory().ask("GET /v1/relay");
    assert_eq!((status.as_u16(), kind.as_str()), (200, "application/json"));
    let about: Value = serde_json::from_slice(&body).unwrap();
    let schema = document()["components"]["schemas"]["About"].clone();
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&about), names(&schema["properties"]));
    assert_eq!(names(&about["limits"]), names(&schema["properties"]["limits"]["properties"]));
}
