// SPDX-License-Identifier: MPL-2.0
// Hiding: at once, whatever is still on its way, and nothing of what was written is lost.

import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { Machine } from "./machine.mjs";
import { Person } from "./person.mjs";

/** On the page where an incident is written. */
async function writing(machine) {
  const address = await machine.screens("phone", "phone", "es");
  const phone = await Person.open(machine, address);
  phone.origin = new URL(address).origin;
  await phone.firstRun();
  await phone.tap("log");
  await phone.at("log");
  return phone;
}

/** What stands in the draft after the code. */
async function found(phone) {
  await phone.page.goto(phone.origin + "/");
  await phone.unlock();
  await phone.at("home");
  await phone.page.locator("button[value^=draft-]").click();
  await phone.at("log");
  return phone.page.locator("[data-field=story]").inputValue();
}

test("words typed in the moment before hiding are in the draft, few or many", async () => {
  const machine = new Machine();
  try {
    const phone = await writing(machine);
    for (const story of ["Sin terminar", "Muchas palabras, señal. ".repeat(400)]) {
      await phone.write("story", story);
      // No rest, no other field: the first thing after the last letter.
      await phone.page.locator("button[value=hide]").evaluate(button => button.click());
      await phone.page.waitForURL(/\/blank$/u);
      assert.equal(await phone.page.locator("body").innerText(), "");
      assert.equal(await found(phone), story);
    }
    phone.clean();
  } finally { await machine.end(); }
});

test("a file that is still on its way, and an answer that does not come, hold nobody", async () => {
  const machine = new Machine();
  try {
    const phone = await writing(machine);
    // Neither ever arrives.
    await phone.page.route("**/capture?*", () => {});
    const chooser = phone.page.waitForEvent("filechooser");
    await phone.tap("file");
    await (await chooser).setFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("a") });
    await phone.write("story", "Mientras subía");
    await phone.leave("story");
    await phone.tap("hide");
    await phone.page.waitForURL(/\/blank$/u, { timeout: 2_000 });
    assert.equal(await phone.page.locator("body").innerText(), "");
    await phone.page.unroute("**/capture?*");
    assert.equal(await found(phone), "Mientras subía");
  } finally { await machine.end(); }
});

test("a file whose bytes broke off as the person hid is named when they are back", async () => {
  const machine = new Machine();
  try {
    const phone = await writing(machine);
    const cookies = await phone.page.context().cookies();
    const sent = request(`${phone.origin}/capture?way=file&name=a.bin&media_type=`, {
      method: "POST",
      headers: {
        cookie: cookies.map(one => `${one.name}=${one.value}`).join("; "), origin: phone.origin,
        "sec-fetch-site": "same-origin", "content-length": 1_000_000,
      },
    });
    sent.on("error", () => {});
    sent.write("as far as this");
    await phone.page.waitForTimeout(500);
    sent.destroy();
    await phone.page.waitForTimeout(500);
    await phone.tap("hide");
    await phone.page.waitForURL(/\/blank$/u);
    await phone.page.goto(phone.origin + "/");
    await phone.unlock();
    await phone.at("home");
    await phone.sees("Se cortó una foto o un archivo");
  } finally { await machine.end(); }
});
