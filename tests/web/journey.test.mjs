// SPDX-License-Identifier: MPL-2.0
// The whole way, as people go it: a phone that never saw a desk, to an answer that was read. In
// both languages, by day and by night, with a script and without.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { Machine } from "./machine.mjs";
import { Person } from "./person.mjs";
import { WAYS, WORDS } from "./words.mjs";

const SHOTS = process.env.AMATE_SHOTS ?? new URL("../../target/web-shots", import.meta.url).pathname;

for (const { language, dark, script, how } of WAYS) {
  test(`from the first word to an answer that was read: ${how}`, async () => {
    const machine = new Machine();
    const words = WORDS[language];
    try {
      const relay = await machine.relay();
      const open = async (name, device) => Person.open(machine, await machine.screens(name, device, language),
        { device, language, dark, script, shots: `${SHOTS}/${device}-${how}` });
      const desk = await open("desk", "desk");
      const code = await readyDesk(desk, relay, words);
      const phone = await open("phone", "phone");
      await phone.firstRun();
      await pair(phone, code);
      await writeDown(phone, words);
      await send(phone, words);
      await receive(desk, words, machine);
      await answer(desk, phone, words);
      await care(phone, words);
      if (script) { phone.clean(); desk.clean(); }
    } finally { await machine.end(); }
  });
}

/** An organisation with a relay; gives the text of its code. */
async function readyDesk(desk, relay, words) {
  await desk.firstRun("Casa Ceiba");
  await desk.tap("side-relays");
  await desk.at("relays");
  await desk.write("url", relay.url);
  await desk.write("capability", relay.capability);
  await desk.tap("add");
  if (desk.script) await desk.sees(words.added);
  else await desk.again(async () => (await desk.words()).includes(relay.url));
  await desk.tap("side-people");
  await desk.at("people");
  await desk.tap("add");
  await desk.at("add");
  await desk.again(async () => await desk.page.locator(".qr").count() > 0);
  return await desk.page.locator(".qr").getAttribute("data-text");
}

async function pair(phone, code) {
  await phone.tap("people");
  await phone.at("people");
  await phone.tap("add");
  await phone.at("add");
  await phone.tap("scan");
  await phone.at("scan");
  await phone.tap("paste");
  await phone.at("scanned");
  await phone.write("text", code);
  await phone.write("name", "Casa Ceiba");
  await phone.tap("next");
  await phone.again(async () => await phone.screen() === "paired");
  await phone.at("paired");
  await phone.tap("next");
  await phone.at("home");
}

async function writeDown(phone, words) {
  await phone.tap("log");
  await phone.at("log");
  await phone.write("story", words.story);
  await phone.leave("story");
  await phone.tap("today");
  await phone.tap("said");
  await phone.page.locator("[data-field=place]").waitFor();
  await phone.write("place", "Oxchuc");
  await phone.leave("place");
  if (phone.script) {
    await phone.photo();
    await phone.at("log");
    await phone.page.locator("button[value=item-1]").waitFor();
    await phone.record("voice", 2_500);
    await phone.page.locator("button[value=item-2]").waitFor();
    await phone.record("video", 2_500);
    await phone.page.locator("button[value=item-3]").waitFor();
  } else {
    await phone.page.locator("fieldset.capture input[type=file]").last().setInputFiles(document("acta.pdf"));
    await phone.page.locator("fieldset.capture .upload button").click();
    await phone.at("log");
    await phone.page.locator("button[value=item-1]").waitFor();
  }
  await phone.shot("log-full");
  await phone.tap("done");
  await phone.at("case");
  await phone.sees(words.story);
  if (phone.script) await plays(phone);
}

/** What was recorded is heard and seen again. */
async function plays(phone) {
  for (const [item, tag] of [["item-2", "audio"], ["item-3", "video"]]) {
    await phone.tap(item);
    await phone.at("item");
    const played = await phone.page.locator(`.player ${tag}`).evaluate(async one => {
      one.muted = true;
      await one.play();
      await new Promise(done => setTimeout(done, 700));
      return one.currentTime > 0.2 && one.error === null;
    });
    assert.ok(played, `${tag} does not play`);
    await phone.back();
    await phone.at("case");
  }
}

function document(name) {
  return { name, mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n% an invented document\n") };
}

async function send(phone, words) {
  await phone.tap("send");
  await phone.at("recipients");
  await phone.page.locator("main button.row").first().click();
  await phone.page.locator("main button.row[aria-current]").waitFor();
  await phone.tap("next");
  await phone.at("before-sending");
  await phone.tap("queue");
  await phone.sees(words.missing);
  await phone.tap("consent-only-me");
  await phone.tap("harm-no");
  await phone.page.locator("button[value=harm-no][aria-pressed=true]").waitFor();
  await phone.tap("queue");
  await phone.at("sent");
  await phone.page.locator("main button.row").first().click();
  await phone.at("line");
  await phone.again(async () => (await phone.words()).includes(words.proved));
  await phone.shot("line-proved");
}

async function receive(desk, words, machine) {
  await desk.tap("side-inbox");
  await desk.at("desk");
  await desk.again(async () => await desk.page.locator(".list button").count() > 0);
  await desk.shot("desk-inbox");
  await desk.page.locator(".list button").first().click();
  await desk.at("report");
  await desk.sees(words.story);
  await desk.sees(words.unverified);
  await desk.tap("assign");
  await desk.page.locator("[data-field=responsible]").waitFor();
  await desk.write("responsible", "Elena");
  await desk.tap("assign");
  await desk.sees(words.responsible);
  await desk.tap("proof");
  await desk.at("proof");
  await desk.again(async () => await desk.page.locator(".checks li.ok").count() > 0);
  await desk.shot("proof-done");
  await desk.back();
  await desk.at("report");
  await exported(desk, machine);
}

/** What leaves is verified by the program that anybody has. */
async function exported(desk, machine) {
  await desk.tap("export");
  await desk.at("export");
  const download = desk.page.waitForEvent("download");
  await desk.hold("export");
  const file = machine.home("case.zip");
  await (await download).saveAs(file);
  const said = execFileSync(machine.program("amate"), ["verify", file, "--lang", "en"], { encoding: "utf8" });
  assert.match(said, /Intact/u);
  await desk.back();
  await desk.at("report");
}

/** Two answers each way: a second one is read as what it is, as the first was. */
async function answer(desk, phone, words) {
  await says(desk, "report", words.answer);
  await phone.back();
  await phone.back();
  await phone.at("home");
  await phone.again(async () => (await phone.words()).includes(words.answered));
  await phone.shot("home-answered");
  await phone.page.locator("button[value^=line-]").first().click();
  await phone.at("line");
  await phone.sees(words.answer);
  await says(phone, "line", words.thanks);
  await hears(desk, words.thanks);
  await says(desk, "report", words.asked);
  await hears(phone, words.asked);
  await says(phone, "line", words.needed);
  await hears(desk, words.needed);
}

async function says(person, where, text) {
  await person.tap("answer");
  await person.at("answer");
  await person.write("text", text);
  await person.tap("send");
  await person.at(where);
  await person.sees(text);
}

async function hears(person, text) {
  await person.again(async () => (await person.words()).includes(text));
}

/** Deleting, blocking, another code, hiding. */
async function care(phone, words) {
  await phone.back();
  await phone.at("home");
  await phone.tap("cases");
  await phone.at("cases");
  await phone.page.locator("main button.row").first().click();
  await phone.at("case");
  await phone.tap("item-1");
  await phone.at("item");
  await phone.tap("delete");
  await phone.at("delete");
  await phone.hold("delete");
  await phone.at("case");
  await phone.page.locator("button[value=item-1]").waitFor({ state: "detached" });
  await phone.back();
  await phone.back();
  await phone.tap("people");
  await phone.at("people");
  await phone.page.locator("main button.row").first().click();
  await phone.at("person");
  await phone.hold("block");
  await phone.page.locator("button[value=unblock]").waitFor();
  await phone.back();
  await phone.back();
  await phone.tap("settings");
  await phone.at("settings");
  await phone.tap("code");
  await phone.at("code");
  phone.code = await phone.takeCode();
  await phone.at("code-changed");
  await phone.tap("next");
  await phone.at("home");
  await phone.tap("lock");
  await phone.at("unlock");
  await phone.write("code", "no es esta clave");
  await phone.tap("open");
  await phone.sees(words.kind);
  await phone.unlock();
  await phone.at("home");
  await phone.tap("hide");
  await phone.page.waitForURL(/\/blank$/u);
  assert.equal(await phone.page.locator("body").innerText(), "");
}

