#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Verifies an export many times, each time with one byte changed.

    python3 changed.py case.zip < lines of "position xor"

prints one canonical result a line. For the comparison with the verifier written in Rust.
"""

import pathlib
import sys

import verify


def main(path):
    data = bytearray(pathlib.Path(path).read_bytes())
    for line in sys.stdin:
        at, xor = map(int, line.split())
        data[at] ^= xor
        try:
            print(verify.canonical(verify.verify(bytes(data))).decode())
        except verify.NotAnExport:
            print("none")
        data[at] ^= xor


if __name__ == "__main__":
    main(sys.argv[1])
