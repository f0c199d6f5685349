#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Checks a case exported by Amate, offline, without trusting Amate, its relay or the organisation.

    python3 verify.py case.zip            explains the result in Spanish
    python3 verify.py --en case.zip       ... in English
    python3 verify.py --json case.zip     only the result, as canonical JSON

Needs Python 3.9 or newer and the package `cryptography` (for Ed25519). Written from the
documents in spec/ alone; section numbers below are theirs. Exit codes: 0 intact, 1 altered,
2 not an export, 64 usage.
"""

import base64
import binascii
import hashlib
import json
import mmap
import re
import struct
import sys
import zlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

# ---------------------------------------------------------------------------------------------
# The conventions of spec/README.md
# ---------------------------------------------------------------------------------------------


class Wrong(Exception):
    """Something that a rule of the spec rejects; `why` is a code of export.md section 4."""

    def __init__(self, why):
        super().__init__(why)
        self.why = why


def sha256(data):
    return hashlib.sha256(data).digest()


def lp(data):
    return struct.pack(">I", len(data)) + data


def labelled_hash(label, *parts):
    return sha256(lp(label.encode()) + b"".join(lp(part) for part in parts))


# Points of small order on edwards25519, in every encoding (RFC 8032 verifiers differ on them;
# "strict" rejects them as public keys and as R).
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
_Y = (
    0, 1, P - 1,
    2707385501144840649318225287225658788936804267575313519463743609750303021022,
    55188659117513257062467267217118295137698188065244968500265048394206261417927,
)
SMALL_ORDER = {
    (encoding | sign << 255).to_bytes(32, "little")
    for y in _Y
    for encoding in ([y, y + P] if y + P < 2**255 else [y])
    for sign in (0, 1)
}


def verify_plain(key, message, signature):
    """Ed25519, strict: canonical S, no small-order key or R."""
    good = (
        len(key) == 32 and len(signature) == 64
        and key not in SMALL_ORDER and signature[:32] not in SMALL_ORDER
        and int.from_bytes(signature[32:], "little") < ORDER
    )
    if not good:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        return True
    except (InvalidSignature, ValueError):
        return False


def verify_labelled(key, label, message, signature):
    return verify_plain(key, lp(label.encode()) + message, signature)


MAX_TEXT = 16 << 20  # longer texts and signatures are not of the format
MAX_VALUE = 262144  # bytes of a disclosed value
HEX64 = re.compile(r"[0-9a-f]{64}\Z")
HEX128 = re.compile(r"[0-9a-f]{128}\Z")
MEDIA_TYPE = re.compile(r"[a-z0-9.+/-]{1,100}\Z")


def canonical(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def parse_canonical(data):
    """JSON that is byte for byte what writing it again gives: no other reading is possible."""
    def no_duplicates(pairs):
        if len({name for name, _ in pairs}) != len(pairs):
            raise Wrong("json")
        return dict(pairs)

    def no_floats(_):
        raise Wrong("json")

    if len(data) > MAX_TEXT:
        raise Wrong("json")
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=no_duplicates,
                           parse_float=no_floats, parse_constant=no_floats)
        again = canonical(value)
    except (ValueError, RecursionError):
        raise Wrong("json") from None
    if again != data:
        raise Wrong("json")
    return value


def shaped(value, shape):
    """Checks keys, their order, and each value with the checker of its key."""
    if not isinstance(value, dict) or list(value) != list(shape):
        raise Wrong("json")
    for name, check in shape.items():
        if not check(value[name]):
            raise Wrong("json")
    return value


def is_int(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def is_u32(value):
    return is_int(value) and value < 2**32


def is_text(value):
    return isinstance(value, str)


def is_value(value):
    return isinstance(value, str) and len(value.encode()) <= MAX_VALUE


def is_hex(value):
    return isinstance(value, str) and HEX64.match(value) is not None


def is_signature(value):
    return isinstance(value, str) and HEX128.match(value) is not None


def maybe(check):
    return lambda value: value is None or check(value)


def equals(word):
    return lambda value: value == word


def one_of(*words):
    return lambda value: isinstance(value, str) and value in words


def is_shape(shape):
    def check(value):
        shaped(value, shape)
        return True
    return check


# ---------------------------------------------------------------------------------------------
# Formats of spec/evidence.md and spec/export.md
# ---------------------------------------------------------------------------------------------

FACTS = ["author", "boot", "case", "clock", "device", "identity", "metadata", "name", "network",
         "place"]
ACTS = ["capture", "import", "record", "view", "redact-copy", "send", "receive", "open", "export"]
ROOT = {"origin": is_text, "size": is_int, "root": is_hex, "note": is_hex}
FACT_SHAPE = {name: is_hex for name in FACTS}


def is_media_type(value):
    return isinstance(value, str) and MEDIA_TYPE.match(value) is not None


MANIFEST = {
    "format": equals("amate-manifest/1"),
    "origin": one_of("capture", "import", "live", "record", "redaction"),
    "media_type": is_media_type,
    "content": is_shape({"sha256": is_hex, "length": is_int}),
    "capture_key": is_hex,
    "not_before": maybe(is_shape(ROOT)),
    "derived_from": maybe(is_hex),
    "previous": maybe(is_hex),
    "live": maybe(is_shape({"opening": is_hex, "segments": is_u32, "running": is_hex})),
    "facts": is_shape(FACT_SHAPE),
}
OPENING = {
    "format": equals("amate-live/1"),
    "media_type": is_media_type,
    "capture_key": is_hex,
    "not_before": maybe(is_shape(ROOT)),
    "facts": is_shape(FACT_SHAPE),
}
CUSTODY = {
    "format": equals("amate-custody/1"),
    "item": is_hex,
    "n": is_u32,
    "previous": maybe(is_hex),
    "act": one_of(*ACTS),
    "by": is_hex,
    "clock": is_hex,
    "detail": is_hex,
}


def is_list_of(shape):
    def check(value):
        if not isinstance(value, list):
            return False
        for element in value:
            shaped(element, shape)
        return True
    return check


CASE = {
    "format": equals("amate-case/1"),
    "case_key": is_hex,
    "n": is_u32,
    "previous": maybe(is_hex),
    "items": is_list_of({"n": is_u32, "item": is_hex, "countersignature": is_signature}),
}
EXPORT = {
    "format": equals("amate-export/1"),
    "exporter": is_hex,
    "identity": is_hex,
    "certificate": is_signature,
    "clock": is_int,
    "case": is_hex,
    "files": is_list_of({"name": is_text, "sha256": is_hex, "length": is_int}),
}
RECEIPT = {"relay_key": is_hex, "salt": is_hex, "head_n": is_u32, "head": is_hex}
DISCLOSURE = {"fact": one_of(*FACTS), "salt": is_hex, "value": is_value}
CUSTODY_DISCLOSURE = {"entry": is_hex, "field": one_of("clock", "detail"), "salt": is_hex,
                      "value": is_value}


def ascending_facts(values):
    names = [value["fact"] for value in values]
    return names == sorted(set(names))


# ---------------------------------------------------------------------------------------------
# Stage 1 and 2: the archive and its bytes (export.md sections 1 to 4)
# ---------------------------------------------------------------------------------------------

NAME = re.compile(rb"[a-z0-9./-]{1,100}\Z")
KNOWN = re.compile(
    r"(case|export)\.(json|sig)\Z|(leeme|readme)\.txt\Z|items/\d{4}/("
    r"(manifest|opening)\.(json|sig)|content|segments/\d{6}|custody/\d{4}\.(json|sig)"
    r"|(facts|custody-facts)\.json|receipts/\d{2}\.(json|tlog-proof|not-before))\Z")


class NotAnExport(Exception):
    pass


class Structure(Exception):
    """The first structural difference, at a file of the archive or at "archive" itself."""

    def __init__(self, file):
        super().__init__(file)
        self.file = file


class Archive:
    """A canonical zip: every header byte is computed from names, sizes and CRCs and compared."""

    def __init__(self, data):
        self.data = data
        self.entries = {}  # name: (crc, start, size), in order
        self._read()

    def __getitem__(self, name):
        _, start, size = self.entries[name]
        return self.data[start:start + size]

    def __contains__(self, name):
        return name in self.entries

    def pieces(self, name, step=1 << 20):
        _, start, size = self.entries[name]
        for at in range(start, start + size, step):
            yield self.data[at:min(at + step, start + size)]

    def _read(self):
        data, length = self.data, len(self.data)
        end = data[max(0, length - 22):length]
        if data[:4] != b"PK\x03\x04" and end[:4] != b"PK\x05\x06":
            raise NotAnExport
        if length < 22 or end[:4] != b"PK\x05\x06":
            raise Structure("archive")
        disk, cd_disk, here, count, size, offset, comment = struct.unpack("<HHHHIIH", end[4:])
        if (disk, cd_disk, comment) != (0, 0, 0) or here != count or count > 65534 \
                or offset + size + 22 != length:
            raise Structure("archive")
        running = self._central(offset, length - 22, count)
        if running != offset:
            raise Structure("archive")
        for name, (crc, start, size) in self.entries.items():
            raw = name.encode()
            header = b"PK\x03\x04" + fixed_fields(crc, size, raw) + raw
            if data[start - len(header):start] != header:
                raise Structure(name)

    def _central(self, at, end, count):
        running, last = 0, b""
        for _ in range(count):
            fixed = self.data[at:at + 46]
            if at + 46 > end or fixed[:4] != b"PK\x01\x02":
                raise Structure("archive")
            crc, size = struct.unpack("<I", fixed[16:20])[0], struct.unpack("<I", fixed[24:28])[0]
            raw = self.data[at + 46:at + 46 + struct.unpack("<H", fixed[28:30])[0]]
            if at + 46 + len(raw) > end or not NAME.match(raw) or raw <= last:
                raise Structure("archive")
            if running >= 2**32:
                raise Structure(raw.decode())
            computed = (b"PK\x01\x02" + struct.pack("<H", 20) + fixed_fields(crc, size, raw)
                        + struct.pack("<HHHII", 0, 0, 0, 0, running))
            if fixed != computed:
                raise Structure(raw.decode())
            self.entries[raw.decode()] = (crc, running + 30 + len(raw), size)
            running += 30 + len(raw) + size
            at, last = at + 46 + len(raw), raw
        if at != end:
            raise Structure("archive")
        return running


def fixed_fields(crc, size, raw):
    """Version needed 20, flags, method, time 0, date 1980-01-01, CRC, sizes, name, no extra."""
    return struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0x0021, crc, size, size, len(raw), 0)


def check_bytes(archive, found):
    """Stage 2. Returns the parsed index, or None."""
    digests = {}
    for name, (crc, _, _) in archive.entries.items():
        running, digest = 0, hashlib.sha256()
        for piece in archive.pieces(name):
            running = zlib.crc32(piece, running)
            digest.update(piece)
        digests[name] = digest.hexdigest()
        if running != crc:
            found.add((name, "crc"))
    for name in ("export.json", "export.sig"):
        if name not in archive:
            found.add((name, "missing-file"))
        elif (name, "crc") in found:
            return None
    if "export.json" not in archive or "export.sig" not in archive:
        return None
    try:
        index = shaped(parse_canonical(archive["export.json"]), EXPORT)
        names = [file["name"] for file in index["files"]]
        if names != sorted(set(names), key=str.encode) or not all(map(is_listed, names)):
            raise Wrong("json")
    except Wrong as wrong:
        found.add(("export.json", wrong.why))
        return None
    if not signed_by_identity(index, archive):
        found.add(("export.sig", "signature"))
    compare_with_index(archive, index, digests, found)
    return index


def is_listed(name):
    return KNOWN.match(name) is not None and name not in ("export.json", "export.sig")


def signed_by_identity(index, archive):
    identity, exporter = bytes.fromhex(index["identity"]), bytes.fromhex(index["exporter"])
    return (verify_labelled(identity, "amate/v1/device", exporter,
                            bytes.fromhex(index["certificate"]))
            and verify_labelled(exporter, "amate/v1/export", archive["export.json"],
                                archive["export.sig"]))


def compare_with_index(archive, index, digests, found):
    listed = {file["name"]: file for file in index["files"]}
    for name in archive.entries:
        if name in ("export.json", "export.sig"):
            continue
        if name not in listed:
            found.add((name, "unknown-file"))
        elif (listed[name]["sha256"], listed[name]["length"]) != \
                (digests[name], archive.entries[name][2]):
            found.add((name, "hash"))
    for name in listed:
        if name not in archive:
            found.add((name, "missing-file"))


# ---------------------------------------------------------------------------------------------
# Stage 3: the evidence
# ---------------------------------------------------------------------------------------------


def signed_document(archive, stem, shape, label, key_of, found):
    """The parsed JSON of `stem`.json, or None when it or its signature is wrong or absent."""
    name, sig = stem + ".json", stem + ".sig"
    missing = [file for file in (name, sig) if file not in archive]
    found.update((file, "missing-file") for file in missing)
    if missing:
        return None
    data = archive[name]
    try:
        value = shaped(parse_canonical(data), shape)
    except Wrong as wrong:
        found.add((name, wrong.why))
        return None
    if not verify_labelled(bytes.fromhex(value[key_of]), label, data, archive[sig]):
        found.add((name, "signature"))
        return None
    return value


def check_case(archive, found):
    case = signed_document(archive, "case", CASE, "amate/v1/case", "case_key", found)
    if case is None:
        return None
    numbers = [entry["n"] for entry in case["items"]]
    ids = [entry["item"] for entry in case["items"]]
    if numbers != list(range(1, len(numbers) + 1)) or len(set(ids)) != len(ids) \
            or (case["n"] == 0) != (case["previous"] is None):
        found.add(("case.json", "json"))
        return None
    return case


class Item:
    """One folder items/NNNN of the export."""

    def __init__(self, archive, number, found):
        self.archive, self.number, self.found = archive, number, found
        self.folder = "items/%04d/" % number
        self.manifest = self.opening = self.id = None
        self.end = None  # what the leaves name as the end; None when the content does not hold
        self.segments, self.custody, self.facts = 0, [], []
        self.not_before = self.not_after = None

    def add(self, name, why):
        self.found.add((self.folder + name, why))

    def names(self, below):
        prefix = self.folder + below
        return [name for name in self.archive.entries if name.startswith(prefix)]

    def check(self, case):
        self.documents()
        if self.id is not None:
            self.countersigned(case)
            self.content()
            self.custody_chain()
            self.disclosed()
            self.receipts()

    def documents(self):
        """Manifest or opening; the item's id (evidence.md sections 2 and 6)."""
        live = any(name.startswith(self.folder + "opening") for name in self.archive.entries)
        closed = any(name.startswith(self.folder + "manifest") for name in self.archive.entries)
        if live:
            self.opening = self.document("opening", OPENING, "amate/v1/live-opening")
        if closed or not live:
            self.manifest = self.document("manifest", MANIFEST, "amate/v1/manifest")
        if self.manifest is not None and not self.manifest_is_of_its_origin(live):
            self.add("manifest.json", "json")
            self.manifest = None
        main = self.opening if live else self.manifest
        if main is not None:
            stem = "opening.json" if live else "manifest.json"
            self.id = sha256(self.archive[self.folder + stem])
            self.key = bytes.fromhex(main["capture_key"])
            self.main = main

    def document(self, stem, shape, label):
        return signed_document(self.archive, self.folder + stem, shape, label, "capture_key",
                               self.found)

    def manifest_is_of_its_origin(self, live):
        origin = self.manifest["origin"]
        return ((origin == "live") == live
                and (self.manifest["live"] is not None) == live
                and (self.manifest["derived_from"] is not None) == (origin == "redaction")
                and (self.manifest["previous"] is None or origin == "record"))

    def countersigned(self, case):
        if case is None:
            return
        stem = "opening.json" if self.opening is not None else "manifest.json"
        entry = next((entry for entry in case["items"] if entry["n"] == self.number), None)
        message = bytes.fromhex(case["case_key"]) + struct.pack(">I", self.number) + self.id
        if entry is None or entry["item"] != self.id.hex() or not verify_labelled(
                self.key, "amate/v1/case-item", message, bytes.fromhex(entry["countersignature"])):
            self.add(stem, "countersignature")

    # Content ---------------------------------------------------------------------------------

    def content(self):
        if self.opening is not None:
            self.vouched_by_nobody("content")
            self.live()
            return
        self.vouched_by_nobody("segments/")
        self.end = self.id
        if self.folder + "content" not in self.archive:
            self.add("content", "missing-file")
            return
        digest, length = hashlib.sha256(), 0
        for piece in self.archive.pieces(self.folder + "content"):
            digest.update(piece)
            length += len(piece)
        expected = self.manifest["content"]
        if (digest.hexdigest(), length) != (expected["sha256"], expected["length"]):
            self.add("content", "content")

    def vouched_by_nobody(self, prefix):
        for name in self.names(prefix):
            self.found.add((name, "unknown-file"))

    def live(self):
        """Segments that follow one another (evidence.md section 6)."""
        if self.folder + "segments/000000" not in self.archive:
            self.add("segments/000000", "missing-file")
            return
        running, digest, length = self.id, hashlib.sha256(), 0
        for index, name in enumerate(self.names("segments/")):
            try:
                if name != self.folder + "segments/%06d" % index:
                    raise Wrong("chain")
                data, running = read_segment(self.archive[name], index, self.id, running, self.key)
            except Wrong as wrong:
                self.found.add((name, wrong.why))
                return
            digest.update(data)
            length += len(data)
            self.segments += 1
        if self.manifest is None:
            self.end = running
            return
        closing = self.manifest["live"]
        expected = self.manifest["content"]
        if (closing["opening"], closing["segments"], closing["running"]) != \
                (self.id.hex(), self.segments, running.hex()) or \
                (digest.hexdigest(), length) != (expected["sha256"], expected["length"]) or \
                self.manifest["capture_key"] != self.opening["capture_key"]:
            self.add("manifest.json", "content")
        else:
            self.end = sha256(self.archive[self.folder + "manifest.json"])

    # Custody ---------------------------------------------------------------------------------

    def custody_chain(self):
        """The witness's part, then the exporter's branch (evidence.md section 4)."""
        count = len([name for name in self.names("custody/") if name.endswith(".json")])
        for name in self.names("custody/"):
            other = name[:-4] + ".json" if name.endswith(".sig") else name[:-5] + ".sig"
            if other not in self.archive:
                self.found.add((other, "missing-file"))
        previous, seen = None, {}
        for n in range(max(count, 1)):
            stem = "custody/%04d" % n
            entry = self.document_of_custody(stem)
            if entry is None:
                return
            id_ = sha256(self.archive[self.folder + stem + ".json"]).hex()
            why = self.does_not_follow(entry, n, previous, seen, id_)
            if why:
                self.add(stem + ".json", why)
                return
            previous = id_
            seen[(entry["by"], entry["n"])] = previous
            seen[(entry["by"], entry["previous"])] = previous
            self.custody.append((previous, entry))

    def document_of_custody(self, stem):
        return signed_document(self.archive, self.folder + stem, CUSTODY, "amate/v1/custody", "by",
                               self.found)

    def does_not_follow(self, entry, n, previous, seen, id_):
        """`seen`: ids by signer and number, and by signer and the entry before."""
        if entry["item"] != self.id.hex():
            return "chain"
        places = ((entry["by"], entry["n"]), (entry["by"], entry["previous"]))
        if any(seen.get(place, id_) != id_ for place in places):
            return "fork"
        witness_over = any(by != self.key.hex() for by, _ in seen)
        first_is_right = n > 0 or (
            entry["act"] in ("capture", "import", "record") and entry["by"] == self.key.hex())
        follows = (entry["n"] == n and entry["previous"] == previous and first_is_right
                   and not (witness_over and entry["by"] == self.key.hex()))
        return None if follows else "chain"

    # Facts and receipts ----------------------------------------------------------------------

    def disclosed(self):
        for disclosure in self.disclosures("facts.json", DISCLOSURE, ascending_facts):
            name = disclosure["fact"]
            commitment = labelled_hash("amate/v1/fact/" + name, bytes.fromhex(disclosure["salt"]),
                                       disclosure["value"].encode())
            if commitment.hex() != self.main["facts"][name]:
                self.add("facts.json", "fact")
            else:
                self.facts.append(name)
        entries, last = dict(self.custody), (-1, "")
        for disclosure in self.disclosures("custody-facts.json", CUSTODY_DISCLOSURE):
            field = disclosure["field"]
            commitment = labelled_hash("amate/v1/custody/" + field,
                                       bytes.fromhex(disclosure["salt"]),
                                       disclosure["value"].encode())
            entry = entries.get(disclosure["entry"])
            if entry is None:
                self.add("custody-facts.json", "fact")
                continue
            if commitment.hex() != entry[field]:
                self.add("custody-facts.json", "fact")
            place = (entry["n"], field)
            if place <= last:
                self.add("custody-facts.json", "json")
            last = max(last, place)

    def disclosures(self, name, shape, ordered=lambda values: True):
        if self.folder + name not in self.archive:
            self.add(name, "missing-file")
            return []
        try:
            values = parse_canonical(self.archive[self.folder + name])
            if not is_list_of(shape)(values) or not ordered(values):
                raise Wrong("json")
            return values
        except Wrong as wrong:
            self.add(name, wrong.why)
            return []

    def receipts(self):
        """Bounds of the time at which the item existed (receipts.md section 3)."""
        stems = {name.rsplit(".", 1)[0] for name in self.names("receipts/")}
        for stem in sorted(stems):
            missing = [stem + end for end in (".json", ".tlog-proof")
                       if stem + end not in self.archive]
            self.found.update((name, "missing-file") for name in missing)
            if not missing:
                self.receipt(stem)

    def receipt(self, stem):
        try:
            receipt = shaped(parse_canonical(self.archive[stem + ".json"]), RECEIPT)
        except Wrong as wrong:
            self.found.add((stem + ".json", wrong.why))
            return
        relay = bytes.fromhex(receipt["relay_key"])
        heads = {(id_, entry["n"]) for id_, entry in self.custody}
        try:
            if (receipt["head"], receipt["head_n"]) not in heads or self.end is None:
                raise Wrong("proof")
            leaf = labelled_hash("amate/v1/leaf", bytes.fromhex(receipt["salt"]), self.id,
                                 self.end, bytes.fromhex(receipt["head"]))
            origin, time = check_proof(self.archive[stem + ".tlog-proof"], relay, leaf)
            if self.not_after is None or time < self.not_after["time"]:
                self.not_after = {"origin": origin, "time": time}
        except Wrong as wrong:
            self.found.add((stem + ".tlog-proof", wrong.why))
        if stem + ".not-before" in self.archive:
            self.lower_bound(stem, relay)

    def lower_bound(self, stem, relay):
        root = self.main["not_before"]
        try:
            checkpoint = check_checkpoint(self.archive[stem + ".not-before"], relay)
            note = sha256(self.archive[stem + ".not-before"]).hex()
            if root is None or {"origin": checkpoint["origin"], "size": checkpoint["size"],
                                "root": checkpoint["root"].hex(), "note": note} != root:
                raise Wrong("proof")
            self.not_before = {"origin": checkpoint["origin"], "time": checkpoint["time"]}
        except Wrong as wrong:
            self.found.add((stem + ".not-before", wrong.why))

    def result(self):
        altered = any(file.startswith(self.folder) for file, _ in self.found)
        whole = self.opening is None or self.manifest is not None
        state = "altered" if altered else "complete" if whole else "interrupted"
        live = any(name.startswith(self.folder + "opening") for name in self.archive.entries)
        origin = "live" if live else self.manifest["origin"] if self.manifest else ""
        return {
            "n": self.number,
            "item": self.id.hex() if self.id else "",
            "origin": origin,
            "state": state,
            "segments": self.segments,
            "facts": sorted(self.facts),
            "custody": len(self.custody),
            "not_before": self.not_before,
            "not_after": self.not_after,
            "clock": "relay" if self.not_before or self.not_after else "none",
        }


def read_segment(data, index, opening, previous, key):
    """The data of one live segment and its running hash."""
    if len(data) < 176 or data[:8] != b"AMls\x01\0\0\0":
        raise Wrong("chain")
    number, = struct.unpack(">I", data[8:12])
    length, = struct.unpack(">I", data[76:80])
    if length < 1 or length > 2094805 or len(data) != 176 + length:
        raise Wrong("chain")
    body, running, signature = data[80:80 + length], data[80 + length:112 + length], data[-64:]
    computed = labelled_hash("amate/v1/live", opening, struct.pack(">I", index), previous,
                             sha256(body))
    if (number, data[12:44], data[44:76], running) != (index, opening, previous, computed) \
            or not verify_labelled(key, "amate/v1/live-segment", running, signature):
        raise Wrong("chain")
    return body, running


# ---------------------------------------------------------------------------------------------
# C2SP: signed notes, checkpoints, cosignatures, tlog-proof; RFC 6962 inclusion
# ---------------------------------------------------------------------------------------------


def decode64(text, length=None):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Wrong("proof") from None
    if base64.b64encode(data).decode() != text or (length is not None and len(data) != length):
        raise Wrong("proof")
    return data


def decimal(text, limit=2**63):
    if not re.match(r"(0|[1-9][0-9]{0,19})\Z", text) or int(text) >= limit:
        raise Wrong("proof")
    return int(text)


def check_checkpoint(data, relay):
    """A checkpoint of this relay with both of its signatures; its time is the cosignature's."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong("proof") from None
    body, separator, signatures = text.partition("\n\n")
    body += "\n"
    lines = body.split("\n")
    if not separator or len(lines) != 4 or not signatures.endswith("\n"):
        raise Wrong("proof")
    origin, size, root = lines[0], decimal(lines[1]), decode64(lines[2], 32)
    expected = "amate-relay/" + sha256(relay).hex()[:16] + "/"
    if not origin.startswith(expected):
        raise Wrong("proof")
    decimal(origin[len(expected):], 2**32)
    time, signed = None, False
    for line in signatures[:-1].split("\n"):
        match = re.match("\u2014 ([!-*,-~]+) ([A-Za-z0-9+/=]+)\\Z", line)
        blob = decode64(match.group(2)) if match else b""
        if len(blob) < 5:
            raise Wrong("proof")
        if match.group(1) != origin:
            continue
        if blob[:4] == key_id(origin, 1, relay) and len(blob) == 68:
            signed = signed or verify_plain(relay, body.encode(), blob[4:])
        elif blob[:4] == key_id(origin, 4, relay) and len(blob) == 76:
            stamp, = struct.unpack(">Q", blob[4:12])
            message = "cosignature/v1\ntime %d\n%s" % (stamp, body)
            if verify_plain(relay, message.encode(), blob[12:]):
                time = stamp
    if not signed or time is None or time >= 2**53:
        raise Wrong("proof")
    return {"origin": origin, "size": size, "root": root, "time": time}


def key_id(name, kind, key):
    return sha256(name.encode() + b"\n" + bytes([kind]) + key)[:4]


def check_proof(data, relay, leaf):
    """Origin and time of a .tlog-proof that shows `leaf` in a log of this relay."""
    try:
        head, separator, checkpoint = data.decode("utf-8").partition("\n\n")
    except UnicodeDecodeError:
        raise Wrong("proof") from None
    lines = head.split("\n")
    if not separator or lines[0] != "c2sp.org/tlog-proof@v1" or len(lines) < 2 \
            or not lines[1].startswith("index "):
        raise Wrong("proof")
    index = decimal(lines[1][6:])
    path = [decode64(line, 32) for line in lines[2:]]
    if len(path) > 63:
        raise Wrong("proof")
    note = check_checkpoint(checkpoint.encode(), relay)
    if inclusion_root(index, note["size"], sha256(b"\0" + leaf), path) != note["root"]:
        raise Wrong("proof")
    return note["origin"], note["time"]


def inclusion_root(index, size, node, path):
    """RFC 9162 section 2.1.3.2, the same tree as RFC 6962."""
    if index >= size:
        raise Wrong("proof")
    last = size - 1
    for sibling in path:
        if last == 0:
            raise Wrong("proof")
        if index & 1 or index == last:
            node = sha256(b"\1" + sibling + node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = sha256(b"\1" + node + sibling)
        index, last = index >> 1, last >> 1
    if last != 0:
        raise Wrong("proof")
    return node


# ---------------------------------------------------------------------------------------------
# The result
# ---------------------------------------------------------------------------------------------


def verify(data):
    """The result of export.md section 4 as a dictionary."""
    found = set()
    try:
        archive = Archive(data)
    except Structure as structure:
        found.add((structure.file, "archive"))
        return result(found, None, None, [])
    index = check_bytes(archive, found)
    exporter = None
    if index is not None and signed_by_identity(index, archive):
        exporter = index["identity"]
    if found:
        return result(found, None, exporter, [])
    for name in ("case.json", "case.sig", "leeme.txt", "readme.txt"):
        if name not in archive:
            found.add((name, "missing-file"))
    case = check_case(archive, found)
    if case is not None and index["case"] != sha256(archive["case.json"]).hex():
        found.add(("case.json", "hash"))
    folders = sorted({int(name[6:10]) for name in archive.entries if name.startswith("items/")})
    items = [Item(archive, number, found) for number in folders]
    for item in items:
        item.check(case)
    return result(found, summary(case, archive, folders), exporter,
                  [item.result() for item in items])


def summary(case, archive, folders):
    if case is None:
        return None
    listed = [entry["n"] for entry in case["items"]]
    return {
        "case": sha256(archive["case.json"]).hex(),
        "listed": len(listed),
        "here": len([n for n in listed if n in folders]),
        "missing": [n for n in listed if n not in folders],
    }


def result(found, case, exporter, items):
    return {
        "format": "amate-result/1",
        "verdict": "altered" if found else "intact",
        "altered": [{"file": file, "why": why} for file, why in sorted(found)],
        "case": case,
        "exporter": exporter,
        "items": items,
    }


# ---------------------------------------------------------------------------------------------
# In plain words
# ---------------------------------------------------------------------------------------------

WORDS = {
    "es": {
        "not": "Este archivo no es un caso exportado por Amate, o está demasiado dañado para leerlo.",
        "intact": "Íntegro: ningún byte de este archivo cambió desde que se exportó.",
        "altered": "ALTERADO. Lo que no coincide:",
        "case": "Están aquí {here} de {listed} piezas del caso.",
        "missing": "No están aquí las piezas {numbers}: quien documentó o quien exportó no las incluyó.",
        "exporter": "Exportó la identidad {exporter}. Compare este número con el que le dio esa organización.",
        "item": "Pieza {n}: {origin}, {state}; {custody} anotaciones de custodia.",
        "capture": "toma hecha dentro de la app", "import": "archivo importado (no se afirma cuándo se hizo)",
        "live": "grabación en vivo", "record": "registro escrito", "redaction": "copia con partes retiradas",
        "complete": "completa", "interrupted": "interrumpida: vale hasta su última parte completa ({segments})",
        "state-altered": "alterada",
        "after": "  Existía a más tardar el {time}, según el reloj del relevo {origin}.",
        "before": "  Se firmó después del {time}, según el reloj del relevo {origin}.",
        "no-clock": "  Ningún reloj independiente dice cuándo existió.",
        "facts": "  Datos mostrados: {facts}.",
        "not-shown": "Esto NO muestra que lo relatado haya ocurrido, ni quién hizo las tomas, ni que el reloj "
                     "del relevo sea correcto: muestra que estas piezas no cambiaron y desde cuándo existían.",
    },
    "en": {
        "not": "This file is not a case exported by Amate, or it is too damaged to read.",
        "intact": "Intact: no byte of this file changed since it was exported.",
        "altered": "ALTERED. What does not match:",
        "case": "{here} of {listed} items of the case are here.",
        "missing": "Items {numbers} are not here: the person who documented or who exported left them out.",
        "exporter": "Exported by identity {exporter}. Compare this number with the one the organisation gave you.",
        "item": "Item {n}: {origin}, {state}; {custody} custody entries.",
        "capture": "captured inside the app", "import": "imported file (no time of making is claimed)",
        "live": "live recording", "record": "written record", "redaction": "copy with parts taken away",
        "complete": "complete", "interrupted": "interrupted: valid up to its last whole segment ({segments})",
        "state-altered": "altered",
        "after": "  It existed not after {time}, by the clock of relay {origin}.",
        "before": "  It was signed not before {time}, by the clock of relay {origin}.",
        "no-clock": "  No independent clock says when it existed.",
        "facts": "  Facts shown: {facts}.",
        "not-shown": "This does NOT show that what is told happened, nor who made the captures, nor that the "
                     "relay's clock is right: it shows that these items did not change and since when they existed.",
    },
}


def explain(outcome, language):
    words = WORDS[language]
    yield words[outcome["verdict"]]
    for entry in outcome["altered"]:
        yield "  %s (%s)" % (entry["file"], entry["why"])
    if outcome["exporter"]:
        # The number that pairing shows: the identity id (keys.md section 1).
        identity = labelled_hash("amate/v1/identity", bytes.fromhex(outcome["exporter"]))
        yield words["exporter"].format(exporter=identity.hex())
    if outcome["case"]:
        yield words["case"].format(**outcome["case"])
        if outcome["case"]["missing"]:
            yield words["missing"].format(numbers=", ".join(map(str, outcome["case"]["missing"])))
    for item in outcome["items"]:
        yield from explain_item(item, words)
    yield words["not-shown"]


def explain_item(item, words):
    state = words["state-altered"] if item["state"] == "altered" else words[item["state"]]
    yield words["item"].format(n=item["n"], origin=words.get(item["origin"], "?"),
                               state=state.format(**item), custody=item["custody"])
    for bound, name in (("not_before", "before"), ("not_after", "after")):
        if item[bound]:
            yield words[name].format(time=utc(item[bound]["time"]), origin=item[bound]["origin"])
    if item["clock"] == "none":
        yield words["no-clock"]
    if item["facts"]:
        yield words["facts"].format(facts=", ".join(item["facts"]))


def utc(seconds):
    import datetime
    try:
        moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
        return moment.strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, ValueError):
        return "%d s" % seconds


def main(arguments):
    flags = {word for word in arguments if word.startswith("--")}
    files = [word for word in arguments if not word.startswith("--")]
    if len(files) != 1 or flags - {"--json", "--en", "--es"}:
        print(__doc__, file=sys.stderr)
        return 64
    language = "en" if "--en" in flags else "es"
    try:
        with open(files[0], "rb") as file:
            outcome = verify(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (OSError, ValueError, NotAnExport):
        print(WORDS[language]["not"], file=sys.stderr)
        return 2
    if "--json" in flags:
        print(canonical(outcome).decode())
    else:
        print("\n".join(explain(outcome, language)))
    return 1 if outcome["altered"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
