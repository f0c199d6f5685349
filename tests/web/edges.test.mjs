// SPDX-License-Identifier: MPL-2.0
// Killed in the middle, with large letters on a small screen, by keyboard alone, without a relay;
// and two phones that meet by words, with no desk.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { Machine } from "./machine.mjs";
import { Person } from "./person.mjs";
import { WORDS } from "./words.mjs";

test("killed on any screen of the writing, the draft is there with all that was said", async () => {
  const machine = new Machine();
  try {
    let phone = await Person.open(machine, await machine.screens("phone", "phone", "es"));
    await phone.firstRun();
    const code = phone.code;
    const kill = async () => {
      await machine.kill("phone");
      phone = await Person.open(machine, await machine.screens("phone", "phone", "es"));
      phone.code = code;
      await phone.unlock();
      await phone.at("home");
      await phone.page.locator("button[value^=draft-]").click();
      await phone.at("log");
    };
    await phone.tap("log");
    await phone.at("log");
    await phone.write("story", "Una frase sin terminar");
    // A second of rest, no button, no leaving the field.
    await phone.page.waitForTimeout(1_600);
    await kill();
    assert.equal(await phone.page.locator("[data-field=story]").inputValue(), "Una frase sin terminar");
    await phone.tap("yesterday");
    await phone.page.locator("button[value=yesterday][aria-pressed=true]").waitFor();
    await phone.photo();
    await phone.at("log");
    await phone.page.locator("button[value=item-1]").waitFor();
    await kill();
    await phone.page.locator("button[value=yesterday][aria-pressed=true]").waitFor();
    await phone.page.locator("button[value=item-1]").waitFor();
    // In the middle of a recording: what was said so far stays.
    await phone.tap("voice");
    await phone.at("voice");
    await phone.page.locator(".controls").waitFor();
    await phone.page.locator(".shutter").click();
    await phone.page.locator(".shutter.on").waitFor();
    await phone.page.waitForTimeout(8_000);
    await kill();
    await phone.back();
    await phone.tap("cases");
    await phone.at("cases");
    await phone.page.locator("main button.row").first().click();
    await phone.at("case");
    await phone.page.locator("button[value=item-2]").click();
    await phone.at("item");
    const heard = await phone.page.locator(".player audio").evaluate(async one => {
      one.muted = true;
      await one.play();
      await new Promise(done => setTimeout(done, 1_000));
      return one.currentTime;
    });
    assert.ok(heard > 0.3, `${heard} s are heard`);
  } finally { await machine.end(); }
});

test("what a finger is on does not go away under it when the screen changes by itself", async () => {
  const machine = new Machine();
  try {
    const phone = await Person.open(machine, await machine.screens("phone", "phone", "es"));
    const { page } = phone;
    await phone.firstRun();
    // From here the program answers that something changed when the test says so.
    let changed;
    await page.route("**/live?*", async route => { changed = html => route.fulfill({ json: { html, mark: "another", effects: [] } }); });
    await phone.tap("settings");
    await phone.at("settings");
    await phone.back();
    await phone.again(() => changed);
    await phone.at("home");
    const row = phone.button("settings");
    const label = await row.innerText();
    const other = (await page.content()).replaceAll(label, "Otras palabras");
    await row.hover();
    await page.mouse.down();
    await changed(other);
    await page.waitForTimeout(500);
    assert.equal(await row.innerText(), label, "as it was as long as it is touched");
    changed = null;
    await page.mouse.up();
    await phone.at("settings");
    await phone.back();
    await phone.again(() => changed);
    await phone.at("home");
    await changed(other);
    await phone.sees("Otras palabras");
    phone.clean();
  } finally { await machine.end(); }
});

test("letters of twice the size on a screen 320 wide: nothing is cut, everything is reached", async () => {
  const machine = new Machine();
  try {
    const address = await machine.screens("phone", "phone", "es");
    const phone = await Person.open(machine, address, { viewport: { width: 320, height: 480 }, font: 2 });
    await phone.firstRun();
    await phone.tap("log");
    await phone.at("log");
    await phone.write("story", WORDS["es-MX"].story);
    await phone.tap("today");
    await phone.tap("done");
    await phone.at("case");
    await phone.tap("proof");
    await phone.at("proof");
    await phone.back();
    await phone.tap("send");
    await phone.at("recipients");
    await phone.tap("add");
    await phone.at("add");
    await phone.back();
    await phone.back();
    await phone.back();
    await phone.at("home");
    for (const [key, name] of [["people", "people"], ["inbox", "inbox"], ["waiting", "sent"], ["settings", "settings"]]) {
      await phone.tap(key);
      await phone.at(name);
      await phone.back();
      await phone.at("home");
    }
    phone.clean();
  } finally { await machine.end(); }
});

test("by keyboard alone, from the language to what was written", async () => {
  const machine = new Machine();
  try {
    const phone = await Person.open(machine, await machine.screens("phone", "phone", "en"), { language: "en" });
    const { page } = phone;
    const to = async selector => {
      for (let steps = 0; steps < 60; steps += 1) {
        await page.keyboard.press("Tab");
        if (await page.evaluate(wanted => document.activeElement.matches(wanted), selector)) return;
      }
      assert.fail(`no way to ${selector}`);
    };
    const press = async key => { await to(`button[value="${key}"]:not(.first)`); await page.keyboard.press("Enter"); };
    await phone.at("language");
    await press("next");
    await phone.at("about");
    await press("next");
    await phone.at("code");
    phone.code = (await phone.spoken()).join(" ");
    await press("next");
    await phone.at("code-again");
    await to("[data-field=code]");
    await page.keyboard.type(phone.code);
    await page.keyboard.press("Enter");
    await phone.at("door-offer");
    await press("later");
    await phone.at("home");
    await press("log");
    await phone.at("log");
    await to("[data-field=story]");
    await page.keyboard.type("Written with keys.");
    await press("today");
    await press("done");
    await phone.at("case");
    await press("item-1");
    await phone.at("item");
    await press("delete");
    await phone.at("delete");
    await to("details summary");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await phone.at("home");
    phone.clean();
  } finally { await machine.end(); }
});

test("two phones meet by words and one sends to the other, with no desk and a relay that comes late", async () => {
  const machine = new Machine();
  const words = WORDS["es-MX"];
  try {
    const relay = await machine.relay();
    const [one, other] = [
      await Person.open(machine, await machine.screens("one", "phone", "es")),
      await Person.open(machine, await machine.screens("other", "phone", "es")),
    ];
    for (const person of [one, other]) {
      await person.firstRun();
      await person.tap("people");
      await person.at("people");
      await person.tap("relays");
      await person.at("relays");
      await person.write("url", relay.url);
      await person.write("capability", relay.capability);
      await person.tap("add");
      await person.sees(words.added);
      await person.back();
      await person.tap("add");
      await person.at("add");
      await person.tap("words");
      await person.at("by-words");
    }
    await one.tap("begin");
    await one.page.locator("[data-key=number].spoken").waitFor();
    const number = (await one.spoken()).join("");
    assert.match(number, /^\d{8}$/u);
    await other.write("number", number);
    await other.tap("join");
    for (const person of [one, other]) await person.page.locator("[data-key=words].spoken").waitFor();
    assert.deepEqual(await one.spoken(), await other.spoken(), "the same words on both sides");
    await one.write("name", "Comadre");
    await other.write("name", "Vecina");
    await one.tap("same");
    await other.tap("same");
    for (const person of [one, other]) {
      await person.at("paired");
      await person.tap("next");
      await person.at("home");
    }
    await machine.kill("relay");
    await one.tap("log");
    await one.at("log");
    await one.write("story", words.story);
    await one.tap("done");
    await one.at("case");
    await one.tap("send");
    await one.at("recipients");
    await one.page.locator("main button.row").first().click();
    await one.page.locator("main button.row[aria-current]").waitFor();
    await one.tap("next");
    await one.at("before-sending");
    await one.tap("consent-only-me");
    await one.tap("harm-no");
    await one.page.locator("button[value=harm-no][aria-pressed=true]").waitFor();
    await one.tap("queue");
    await one.at("sent");
    await one.sees("en espera");
    assert.ok(!(await one.words()).includes("en el relevo"), "nothing is said to have arrived");
    await machine.again();
    await one.tap("now");
    await one.page.locator("main button.row").first().click();
    await one.at("line");
    await one.again(async () => (await one.words()).includes(words.proved));
    await other.tap("inbox");
    await other.at("inbox");
    await other.tap("now");
    await other.page.locator("main button.row").first().waitFor({ timeout: 40_000 });
    await other.page.locator("main button.row").first().click();
    await other.at("report");
    await other.sees(words.story);
    await other.sees(words.verified);
    await one.again(async () => (await one.words()).includes("hay una firma suya"));
  } finally { await machine.end(); }
});

test("a phone reads the other's code with its camera", async () => {
  const machine = new Machine();
  const words = WORDS["es-MX"];
  try {
    const relay = await machine.relay();
    const desk = await Person.open(machine, await machine.screens("desk", "desk", "es"), { device: "desk" });
    await desk.firstRun("Casa Ceiba");
    await desk.tap("side-relays");
    await desk.at("relays");
    await desk.write("url", relay.url);
    await desk.write("capability", relay.capability);
    await desk.tap("add");
    await desk.sees(words.added);
    await desk.tap("side-people");
    await desk.tap("add");
    await desk.page.locator(".qr").waitFor();
    const film = machine.home("seen.y4m");
    writeFileSync(film, seen(await desk.page.locator(".qr path").last().getAttribute("d")));
    const phone = await Person.open(machine, await machine.screens("phone", "phone", "es"), { film });
    await phone.firstRun();
    await phone.tap("people");
    await phone.at("people");
    await phone.tap("add");
    await phone.at("add");
    await phone.tap("scan");
    await phone.at("scanned");
    await phone.write("name", "Casa Ceiba");
    await phone.tap("next");
    await phone.at("paired");
    phone.clean();
  } finally { await machine.end(); }
});

/** What a camera sees in front of a screen with this code: a y4m film of a few pictures. */
function seen(path) {
  const [width, height, scale] = [640, 480, 5];
  const luma = Buffer.alloc(width * height, 215);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1/gu)) {
    for (let row = 0; row < scale; row += 1) {
      const from = (40 + Number(y) * scale + row) * width + 150 + Number(x) * scale;
      luma.fill(35, from, from + scale);
    }
  }
  const picture = Buffer.concat([Buffer.from("FRAME\n"), luma, Buffer.alloc(width * height / 2, 128)]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), picture, picture, picture]);
}
