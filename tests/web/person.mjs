// SPDX-License-Identifier: MPL-2.0
// Somebody in front of a browser: taps what is there, types, looks.

import assert from "node:assert/strict";

const PATIENCE = 15_000;

export class Person {
  constructor(page, shots) {
    this.page = page;
    this.shots = shots;
    this.faults = [];
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", error => this.faults.push(String(error)));
    page.on("console", message => {
      if (message.type() === "error") this.faults.push(message.text());
    });
  }

  static async open(machine, address, { device = "phone", language = "es-MX", dark = false, script = true, shots } = {}) {
    const browser = await machine.browser();
    const context = await browser.newContext({
      viewport: device === "phone" ? { width: 360, height: 740 } : { width: 1280, height: 800 },
      deviceScaleFactor: 2, locale: language, colorScheme: dark ? "dark" : "light",
      javaScriptEnabled: script, acceptDownloads: true,
      permissions: script ? ["camera", "microphone", "clipboard-read", "clipboard-write"] : [],
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    await page.goto(address);
    const person = new Person(page, shots);
    person.script = script;
    return person;
  }

  screen() { return this.page.locator("#screen").getAttribute("data-name"); }

  async at(name) {
    try {
      await this.page.locator(`#screen[data-name="${name}"]`).waitFor();
    } catch {
      assert.fail(`${await this.screen()} instead of ${name}: ${await this.words()}`);
    }
  }

  words() { return this.page.locator("#screen").innerText(); }

  async sees(text) {
    try {
      await this.page.getByText(text).first().waitFor();
    } catch {
      assert.fail(`nothing says «${text}»: ${await this.words()}`);
    }
  }

  button(key) { return this.page.locator(`button[value="${key}"]:not(.first)`); }

  async tap(key) { await this.button(key).first().click(); }

  async back() { await this.tap("back"); }

  async write(key, text) {
    const field = this.page.locator(`[data-field="${key}"]`);
    await field.fill(text);
  }

  async leave(key) { await this.page.locator(`[data-field="${key}"]`).blur(); }

  /** Holds for as long as it takes; without a script it asks twice. */
  async hold(key) {
    const summary = this.page.locator(`[data-hold="${key}"] summary`);
    if (!this.script) {
      await summary.click();
      await this.page.locator(`[data-hold="${key}"] button`).click();
      return;
    }
    await summary.scrollIntoViewIfNeeded();
    const box = await summary.boundingBox();
    await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await this.page.mouse.down();
    await this.page.waitForTimeout(1_700);
    await this.page.mouse.up();
  }

  /** Words to read aloud or to write down. */
  async spoken() { return await this.page.locator(".spoken li").allInnerTexts(); }

  /** Language, what this is, code, until the first page. */
  async firstRun(name) {
    await this.at("language");
    await this.tap("next");
    await this.at("about");
    await this.tap("next");
    if (name) {
      await this.at("named");
      await this.write("name", name);
      await this.tap("next");
    }
    await this.at("code");
    this.code = (await this.spoken()).join(" ");
    await this.tap("next");
    await this.at("code-again");
    await this.write("code", this.code);
    await this.tap("next");
    await this.at(name ? "desk" : "home");
  }

  async unlock() {
    await this.at("unlock");
    await this.write("code", this.code);
    await this.tap("open");
  }

  async shot(name) {
    if (this.shots) await this.page.screenshot({ path: `${this.shots}/${name}.png`, fullPage: false });
  }

  /** Nothing went wrong unseen. */
  clean() { assert.deepEqual(this.faults, []); }
}
