// SPDX-License-Identifier: MPL-2.0
// The second door, as a person sets it, fills it, is forced to open it, and takes it away.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Machine } from "./machine.mjs";
import { Person } from "./person.mjs";
import { WAYS, WORDS } from "./words.mjs";

const SHOTS = process.env.AMATE_SHOTS ?? new URL("../../target/web-shots", import.meta.url).pathname;

for (const { language, dark, script, how } of WAYS) {
  test(`a second door is set, filled, opened under force and taken away: ${how}`, async () => {
    const machine = new Machine();
    const words = WORDS[language];
    try {
      const address = await machine.screens("door", "phone", language);
      const phone = await Person.open(machine, address, {
        language, dark, script, shots: `${SHOTS}/phone-${how}`, shown: /^(door|more-room|new-keys)/u,
      });
      await phone.firstRun();
      const first = phone.code;
      await write(phone, words.story);
      const second = await set(phone);
      await phone.tap("lock");
      await phone.at("unlock");
      phone.code = second;
      await phone.unlock();
      await phone.at("home");
      await write(phone, words.ordinary);
      await inside(phone, words);
      await phone.enter(first);
      await keeps(phone, words.story, words.ordinary);
      await another(phone, words);
      await forced(phone, words, first);
      if (script) phone.clean();
    } finally { await machine.end(); }
  });
}

async function write(phone, story) {
  await phone.tap("log");
  await phone.at("log");
  await phone.write("story", story);
  await phone.leave("story");
  await phone.tap("done");
  await phone.at("case");
  await phone.back();
  await phone.at("home");
}

async function set(phone) {
  await phone.tap("settings");
  await phone.at("settings");
  await phone.tap("door");
  await phone.at("door");
  await phone.tap("set");
  const code = await phone.takeCode();
  await phone.at("door-ready");
  return code;
}

/** What a captor finds there: everything works, and nothing of the first. */
async function inside(phone, words) {
  await keeps(phone, words.ordinary, words.story);
  await phone.tap("people");
  await phone.at("people");
  await phone.back();
  await phone.tap("settings");
  await phone.at("settings");
  await phone.tap("door");
  await phone.sees(words.noDoor);
  await phone.back();
  await phone.tap("more-room");
  await phone.at("more-room");
  await phone.tap("next");
  await phone.at("settings");
  await renew(phone, words);
  await phone.back();
  await phone.at("home");
}

/** New keys for everything, as after the device was in other hands. */
async function renew(phone, words) {
  await phone.tap("new-keys");
  // What was begun when the door was set may still go on.
  await phone.again(async () => await phone.button("next").count() > 0);
  await phone.at("new-keys");
  await phone.tap("next");
  await phone.again(async () => (await phone.words()).includes(words.renewed));
  await phone.back();
  await phone.at("settings");
}

async function keeps(phone, there, nowhere) {
  await phone.at("home");
  await phone.tap("cases");
  await phone.at("cases");
  await phone.page.locator("main button.row").first().click();
  await phone.at("case");
  await phone.sees(there);
  assert.ok(!(await phone.words()).includes(nowhere));
  await phone.back();
  await phone.at("cases");
  await phone.back();
  await phone.at("home");
}

/** Another code for it, which also closes the first. */
async function another(phone, words) {
  await phone.tap("settings");
  await phone.tap("door");
  await phone.sees(words.door);
  await phone.shot("door-set");
  await phone.tap("code");
  phone.second = await phone.takeCode();
  await phone.at("door");
  await phone.tap("how");
  await phone.at("door-how");
  await phone.tap("closes");
  await phone.page.locator("button[value=closes][aria-current]").waitFor();
  await phone.tap("opens");
  await phone.page.locator("button[value=opens][aria-current]").waitFor();
  await phone.tap("closes");
  await phone.page.locator("button[value=closes][aria-current]").waitFor();
  await phone.tap("next");
  await phone.at("door");
  await phone.sees(words.closes);
  await phone.back();
  await phone.at("home");
}

/** The code that was asked for: it opens what was put there, and the other one nothing. */
async function forced(phone, words, first) {
  await phone.enter(phone.second);
  await keeps(phone, words.ordinary, words.story);
  await phone.enter(first);
  await phone.at("unlock");
  await phone.sees(words.kind);
  phone.code = phone.second;
  await phone.unlock();
  await phone.at("home");
  // From here it is a vault like any other, with a door of its own to set and to take away.
  phone.third = await set(phone);
  await phone.tap("later");
  await phone.at("home");
  await phone.tap("settings");
  await phone.tap("door");
  await phone.sees(words.door);
  await phone.hold("remove");
  await phone.sees(words.noDoor);
  await phone.back();
  await phone.back();
  await phone.enter(phone.third);
  await phone.at("unlock");
  await phone.sees(words.kind);
  // By now several were wrong; after the fifth there is a wait, and it says so.
  for (let wrong = 0; wrong < 5; wrong++) {
    await phone.write("code", "no es esta clave para nada");
    await phone.tap("open");
    if (wrong < 3) await phone.sees(words.kind);
  }
  await phone.sees(words.wait);
}
