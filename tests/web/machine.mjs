// SPDX-License-Identifier: MPL-2.0
// Programs and browsers for the walks: each in a folder of its own, ended by its own hand.

import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const repository = new URL("../..", import.meta.url).pathname;
const programs = process.env.AMATE_PROGRAMS ?? join(repository, "target/debug");

/** Everything that a test started, ended with it. */
export class Machine {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "amate-web-"));
    this.children = new Map();
    this.browsers = [];
  }

  program(name) {
    return join(programs, name);
  }

  home(name) {
    return join(this.folder, name);
  }

  /** Starts a program; gives the first line that it says. */
  async start(name, program, args) {
    const child = spawn(join(programs, program), args, { stdio: ["ignore", "pipe", "ignore"] });
    this.children.set(name, child);
    return await new Promise((resolve, reject) => {
      let said = "";
      child.stdout.on("data", piece => {
        said += piece;
        const line = said.split("\n").slice(0, -1).find(one => one.includes("http://"));
        if (line) resolve(line.trim());
      });
      child.on("exit", code => reject(new Error(`${name} ended with ${code}: ${said}`)));
    });
  }

  /** A phone or a desk; gives the address that works once. */
  screens(name, device, language, more = []) {
    const sizes = device === "phone" ? ["--records", "16", "--reserve", "32"] : [];
    const args = [device, "--home", this.home(name), "--lang", language, "--cost", "1"];
    return this.start(name, "amate", [...args, ...sizes, ...more]);
  }

  async kill(name) {
    const child = this.children.get(name);
    this.children.delete(name);
    const ended = new Promise(resolve => child.on("exit", resolve));
    child.removeAllListeners("exit");
    child.on("exit", () => {});
    const gone = new Promise(resolve => child.once("close", resolve));
    child.kill("SIGKILL");
    await Promise.race([ended, gone]);
  }

  /** A relay on this machine: its address, and an invitation. */
  async relay() {
    const data = this.home("relay");
    const invite = execFileSync(join(programs, "amate-relay"), ["invite", "--data", data], { encoding: "utf8" });
    this.url = await this.serve("127.0.0.1:0");
    return { url: this.url, capability: invite.match(/amatecap1\S+/)[0] };
  }

  /** The relay that was killed, at the same address. */
  async again() {
    await this.serve(this.url.slice("http://".length));
  }

  async serve(listen) {
    const args = ["serve", "--metrics", "127.0.0.1:0", "--data", this.home("relay"), "--listen", listen];
    const said = await this.start("relay", "amate-relay", args);
    return said.match(/http:\/\/127\.0\.0\.1:\d+/)[0];
  }

  /** `film`: what the pretended camera sees, a y4m file; else a pattern that turns. */
  async browser(film) {
    const seen = film ? [`--use-file-for-fake-video-capture=${film}`] : [];
    const browser = await chromium.launch({
      executablePath: process.env.AMATE_CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", ...seen],
    });
    this.browsers.push(browser);
    return browser;
  }

  async end() {
    for (const browser of this.browsers) await browser.close();
    for (const name of [...this.children.keys()]) await this.kill(name);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
