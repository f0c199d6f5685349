// SPDX-License-Identifier: MPL-2.0
// Somebody in front of a browser: taps what is there, types, looks.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";

const PATIENCE = 45_000;
const AXE = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

export class Person {
  constructor(page, shots) {
    this.page = page;
    this.shots = shots;
    this.faults = [];
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", error => this.faults.push(String(error)));
    page.on("console", message => {
      if (message.type() === "error" && !message.text().startsWith("Failed to load")) this.faults.push(message.text());
    });
    page.on("response", answer => {
      // A small picture may be asked for in the moment in which its piece is deleted.
      const gone = answer.status() === 404 && new URL(answer.url()).pathname.startsWith("/content/");
      if (answer.status() >= 400 && !gone) this.faults.push(`${answer.status()} ${new URL(answer.url()).pathname} at ${page.url()}`);
    });
  }

  static async open(machine, address, { device = "phone", language = "es-MX", dark = false, script = true, shots, shown, viewport, font, film } = {}) {
    const browser = await machine.browser(film);
    const context = await browser.newContext({
      viewport: viewport ?? (device === "phone" ? { width: 360, height: 740 } : { width: 1280, height: 800 }),
      deviceScaleFactor: 1, locale: language, colorScheme: dark ? "dark" : "light",
      javaScriptEnabled: script, acceptDownloads: true,
      permissions: script ? ["camera", "microphone", "clipboard-read", "clipboard-write"] : [],
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    if (font) {
      const session = await context.newCDPSession(page);
      await session.send("Page.enable");
      await session.send("Page.setFontSizes", { fontSizes: { standard: 16 * font, fixed: 13 * font } });
    }
    const person = new Person(page, shots);
    person.script = script;
    // Another walk photographs the others.
    person.shown = shown;
    person.seen = new Set();
    await page.goto(address);
    return person;
  }

  screen() { return this.page.locator("#screen").getAttribute("data-name"); }

  /** That screen is there, and is as every screen must be. */
  async at(name) {
    try {
      await this.page.locator(`#screen[data-name="${name}"]`).waitFor();
    } catch {
      assert.fail(`${await this.screen()} instead of ${name}: ${await this.words()}`);
    }
    if (!this.seen.has(name)) {
      this.seen.add(name);
      await this.check(name);
    }
  }

  /** Nothing beyond the edge, nothing that a screen reader or a tired eye cannot have; a picture. */
  async check(name) {
    await this.page.waitForTimeout(name === "camera" ? 900 : 150);
    const [wide, room] = await this.page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= room + 1, `${name} is ${wide} wide in ${room}`);
    if (this.script) {
      await this.page.evaluate(AXE);
      const found = await this.page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
      const said = found.violations.map(one => `${one.id}: ${one.nodes.map(node => node.html).join(" ")}`);
      assert.deepEqual(said, [], name);
    }
    await this.shot(name);
  }

  words() { return this.page.locator("#screen").innerText(); }

  /** Looks until it is so; without a script by asking for the page again. */
  async again(so) {
    const end = Date.now() + 90_000;
    while (!await so()) {
      if (Date.now() > end) assert.fail(`still not: ${await this.words()}`);
      await this.page.waitForTimeout(400);
      if (!this.script) await this.page.goto(new URL("/", this.page.url()).href);
    }
  }

  async sees(text) {
    try {
      await this.page.getByText(text).first().waitFor();
    } catch {
      assert.fail(`nothing says «${text}»: ${await this.words()}`);
    }
  }

  button(key) { return this.page.locator(`button[value="${key}"]:not(.first)`); }

  async tap(key) {
    const button = this.button(key).first();
    // A details that is closed hides its second button.
    await button.click();
    // Without a script every tap is a page.
    if (!this.script) await this.page.waitForLoadState();
  }

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
    this.code = await this.takeCode();
    if (!name) {
      await this.again(async () => await this.screen() === "door-offer");
      await this.at("door-offer");
      await this.tap("later");
    }
    await this.at(name ? "desk" : "home");
  }

  /** Takes the words that are shown, and enters them again; gives them. */
  async takeCode() {
    await this.at("code");
    const code = (await this.spoken()).join(" ");
    await this.tap("next");
    await this.at("code-again");
    await this.write("code", code);
    await this.tap("next");
    return code;
  }

  /** Locks, and enters with this code. */
  async enter(code) {
    await this.at("home");
    await this.tap("lock");
    this.code = code;
    await this.unlock();
  }

  async unlock() {
    await this.at("unlock");
    await this.write("code", this.code);
    await this.tap("open");
  }

  async shot(name) {
    if (!this.shots || !(this.shown?.test(name) ?? true)) return;
    mkdirSync(this.shots, { recursive: true });
    await this.page.screenshot({ path: `${this.shots}/${name}.png`, animations: "disabled", caret: "hide" });
  }

  /** Takes a photo with the camera that the browser pretends to have. */
  async photo() {
    await this.tap("photo");
    await this.at("camera");
    await this.page.locator(".controls").waitFor();
    await this.page.waitForFunction(() => document.querySelector(".camera video")?.videoWidth > 0);
    await this.page.locator(".shutter").click();
  }

  /** Films or records for so many milliseconds. */
  async record(way, time) {
    await this.tap(way);
    await this.at(way);
    await this.page.locator(".controls").waitFor();
    await this.page.locator(".shutter").click();
    await this.page.locator(".shutter.on").waitFor();
    await this.page.waitForTimeout(time);
    await this.page.locator(".shutter").click();
  }

  /** Nothing went wrong unseen. */
  clean() { assert.deepEqual(this.faults, []); }
}
