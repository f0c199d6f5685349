// SPDX-License-Identifier: MPL-2.0
//! Vectors of spec/evidence.md that an export cannot show: rule S-3. The others are whole exports.

use amate_app::evidence::case_statement;
use amate_wire::{
    case::{COUNTERSIGNATURE, CaseItem, CaseStatement, countersigned},
    document::{Format, SignedDocument, hex, write},
};

use super::{
    pair::good,
    sample::{self, Part, key},
    vector::Vector,
};

/// All of them. Their body: the statement that is held, then the one that arrives.
pub fn vectors() -> Vec<Vector> {
    let parts: Vec<Part> = sample::small().into_iter().chain(sample::live()).collect();
    let first = statement(&parts[..1]);
    let second = statement(&parts);
    let why = "a statement that keeps the earlier item and adds one";
    let base = good("case-pair", "case-later", "evidence.md §5", why, both(&first, &second));
    let again = "the statement that is held, again";
    let again = good("case-pair", "case-again", "evidence.md §5", again, both(&second, &second));
    let bad = |name: &str, why: &str, later: SignedDocument| {
        base.bad(name, "chain", "evidence.md S-3", why, |vector| {
            vector.body = both(&first, &later);
        })
    };
    let edited = |edit: &dyn Fn(&mut CaseStatement)| {
        let mut case: CaseStatement = second.read().unwrap();
        edit(&mut case);
        signed(&case, "case")
    };
    vec![
        bad(
            "s3-drop",
            "the earlier item is not in it any more",
            edited(&|case| {
                case.items = vec![item(&parts[1], 1)];
            }),
        ),
        bad("s3-empty", "no item is in it any more", edited(&|case| case.items.clear())),
        bad(
            "s3-order",
            "the earlier item has another number",
            edited(&|case| {
                case.items = vec![item(&parts[1], 1), item(&parts[0], 2)];
            }),
        ),
        bad(
            "s3-countersignature",
            "the earlier item's countersignature is another",
            edited(&|case| {
                case.items[0].countersignature = "ab".repeat(64);
            }),
        ),
        base.bad(
            "s3-same-n",
            "chain",
            "evidence.md S-3",
            "two statements of one number",
            |vector| {
                let other = statement(&parts[1..]);
                vector.body = both(&first, &other);
            },
        ),
        base,
        again,
    ]
}

fn statement(parts: &[Part]) -> SignedDocument {
    let mut last = None;
    for part in parts {
        let made = case_statement(&key("case"), last.as_ref(), part.made.id, &part.key());
        last = Some(made.unwrap().0);
    }
    last.unwrap()
}

fn item(part: &Part, n: u32) -> CaseItem {
    let message = countersigned(&key("case").public(), n, part.made.id);
    let countersignature = hex(&part.key().sign(COUNTERSIGNATURE, &message));
    CaseItem { n, item: part.made.id.hex(), countersignature }
}

fn signed(case: &CaseStatement, signer: &str) -> SignedDocument {
    let json = write(case);
    let signature = key(signer).sign(CaseStatement::LABEL, &json);
    SignedDocument { json, signature }
}

fn both(held: &SignedDocument, later: &SignedDocument) -> Vec<u8> {
    [held.encode(), later.encode()].concat()
}
