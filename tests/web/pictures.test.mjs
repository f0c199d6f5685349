// SPDX-License-Identifier: MPL-2.0
// Each screen as the walks photographed it, beside the picture in docs/screens: what people read
// about is what they get. `AMATE_PICTURES=write` takes the new ones over.

import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

const root = new URL("../..", import.meta.url).pathname;
const SHOTS = process.env.AMATE_SHOTS ?? `${root}target/web-shots`;
const DOCS = `${root}docs/screens`;
const WALKS = { "phone-es-MX-light": "phone", "desk-es-MX-light": "desk" };
/** Times, words of chance, codes and what a camera sees differ from run to run. */
const MOST = 0.06;
const CHANGING = new Set(["camera", "video", "voice", "scan", "code", "add", "making"]);

for (const [walk, name] of Object.entries(WALKS)) {
  test(`the screens of a ${name} are as docs/screens shows them`, { skip: !existsSync(`${SHOTS}/${walk}`) && "no walk was photographed" }, () => {
    const taken = readdirSync(`${SHOTS}/${walk}`).filter(file => file.endsWith(".png") && !CHANGING.has(file.slice(0, -4)));
    if (process.env.AMATE_PICTURES === "write") {
      mkdirSync(`${DOCS}/${name}`, { recursive: true });
      taken.forEach(file => copyFileSync(`${SHOTS}/${walk}/${file}`, `${DOCS}/${name}/${file}`));
    }
    const shown = readdirSync(`${DOCS}/${name}`).filter(file => file.endsWith(".png"));
    assert.deepEqual(shown.sort(), taken.sort(), "another set of screens: AMATE_PICTURES=write takes it over");
    const different = shown.filter(file => difference(`${SHOTS}/${walk}/${file}`, `${DOCS}/${name}/${file}`) > MOST);
    assert.deepEqual(different, [], "screens look different: AMATE_PICTURES=write takes them over");
  });
}

/** Share of the picture that is another. */
function difference(a, b) {
  const [one, other] = [a, b].map(file => PNG.sync.read(readFileSync(file)));
  if (one.width !== other.width || one.height !== other.height) return 1;
  return pixelmatch(one.data, other.data, null, one.width, one.height, { threshold: 0.15 }) / (one.width * one.height);
}
