# SPDX-License-Identifier: MPL-2.0
"""Runs verify.py over every vector of tests/vectors/export, and over a changed export.

python3 -m unittest discover -s tests/verify
"""

import base64
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

import verify

HERE = pathlib.Path(__file__).parent
VECTORS = sorted((HERE.parent / "vectors" / "export").glob("*.vec"))


def read(path):
    """Header and bytes of a vector (spec/README.md, Vectors)."""
    head, _, body = path.read_text().partition("\n\n")
    header = dict(line.split(": ", 1) for line in head.splitlines())
    assert header["encoding"] == "base64", path
    return header, base64.b64decode(body)


def result_of(data):
    """The canonical result, or "none" for what is no export."""
    try:
        return verify.canonical(verify.verify(data)).decode()
    except verify.NotAnExport:
        return "none"


class Vectors(unittest.TestCase):
    def test_each_gives_the_result_that_stands_in_it(self):
        self.assertGreater(len(VECTORS), 100)
        for path in VECTORS:
            with self.subTest(path.stem):
                header, data = read(path)
                self.assertEqual(result_of(data), header["result"])

    def test_accept_means_that_nothing_is_altered(self):
        for path in VECTORS:
            with self.subTest(path.stem):
                header, data = read(path)
                result = result_of(data)
                intact = result != "none" and '"altered":[]' in result
                self.assertEqual(intact, header["expect"] == "accept")

    def test_no_changed_byte_goes_unnoticed(self):
        _, data = read(HERE.parent / "vectors" / "export" / "ok-full.vec")
        chance = random.Random(1)
        for _ in range(300):
            at = chance.randrange(len(data))
            changed = bytearray(data)
            changed[at] ^= chance.randrange(1, 256)
            result = result_of(bytes(changed))
            self.assertNotIn('"altered":[]', result, "byte %d" % at)


class Command(unittest.TestCase):
    def run_on(self, data, *flags):
        with tempfile.NamedTemporaryFile(suffix=".zip") as file:
            file.write(data)
            file.flush()
            return subprocess.run([sys.executable, HERE / "verify.py", *flags, file.name],
                                  capture_output=True, text=True, check=False)

    def test_says_what_holds_and_exits_0(self):
        _, data = read(HERE.parent / "vectors" / "export" / "ok-small.vec")
        done = self.run_on(data, "--en")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.strip())

    def test_names_the_altered_file_and_exits_1(self):
        _, data = read(HERE.parent / "vectors" / "export" / "m4-content.vec")
        done = self.run_on(data, "--en")
        self.assertEqual(done.returncode, 1)
        self.assertIn("items/0001/content", done.stdout)

    def test_no_export_exits_2_with_a_sentence(self):
        done = self.run_on(b"not a zip at all")
        self.assertEqual(done.returncode, 2)
        self.assertTrue(done.stderr.strip())
        self.assertNotIn("Traceback", done.stderr)


if __name__ == "__main__":
    unittest.main()
