// SPDX-License-Identifier: MPL-2.0
// Opens an age file with age-encryption, the TypeScript implementation:
// node open.mjs KEY-FILE SEALED OPENED
import { readFile, writeFile } from "node:fs/promises";
import { Decrypter } from "age-encryption";

const [keyFile, sealed, opened] = process.argv.slice(2);
const identity = (await readFile(keyFile, "utf8"))
  .split("\n")
  .find((line) => line.startsWith("AGE-SECRET-KEY-"));
const decrypter = new Decrypter();
decrypter.addIdentity(identity.trim());
await writeFile(opened, await decrypter.decrypt(await readFile(sealed)));
