// SPDX-License-Identifier: MPL-2.0
// A hostile page open in the same browser, and a hostile program on the same machine: neither
// reads, posts or frames anything.

import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { test } from "node:test";
import { Machine } from "./machine.mjs";
import { Person } from "./person.mjs";

/** A page that tries everything that a page can try. */
function attack(target) {
  return `<!doctype html><body>
  <iframe id=frame src="${target}/"></iframe>
  <form id=form method=post action="${target}/act" target=sink><input name=tap value=lock></form>
  <iframe name=sink></iframe>
  <script>
    window.tried = (async () => {
      const said = {};
      const attempt = async (name, work) => { try { said[name] = await work(); } catch (error) { said[name] = "refused"; } };
      await attempt("read", async () => (await fetch("${target}/", { credentials: "include" })).text());
      await attempt("opaque", async () => (await fetch("${target}/", { credentials: "include", mode: "no-cors" })).type);
      await attempt("act", async () => (await fetch("${target}/act", { method: "POST", credentials: "include",
        headers: { "content-type": "application/json" }, body: '{"actions":[{"do":"lock"}]}' })).text());
      await attempt("simple", async () => (await fetch("${target}/act", { method: "POST", credentials: "include", mode: "no-cors",
        headers: { "content-type": "text/plain" }, body: '{"actions":[{"do":"lock"}]}' })).type);
      await attempt("picture", () => new Promise((done, failed) => { const image = new Image(); image.onload = () => done("drawn"); image.onerror = failed; image.src = "${target}/content/00"; }));
      await attempt("script", () => new Promise((done, failed) => { const script = document.createElement("script"); script.onload = () => done("run"); script.onerror = failed; script.src = "${target}/assets/app.js"; document.head.append(script); }));
      document.getElementById("form").submit();
      await new Promise(done => setTimeout(done, 800));
      await attempt("frame", async () => document.getElementById("frame").contentDocument?.body.innerText ?? "closed");
      return said;
    })();
  </script>`;
}

test("another page of the same browser cannot read, post or frame", async () => {
  const machine = new Machine();
  const server = createServer((_, answer) => answer.writeHead(200, { "content-type": "text/html" }).end(server.page));
  try {
    const address = await machine.screens("phone", "phone", "es");
    const phone = await Person.open(machine, address);
    await phone.firstRun();
    const target = new URL(address).origin;
    await new Promise(done => server.listen(0, "127.0.0.1", done));
    server.page = attack(target);
    const page = await phone.page.context().newPage();
    // The same machine, another port: cookies know no ports, SameSite alone would let it in.
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const said = await page.evaluate(() => window.tried);
    assert.equal(said.read, "refused");
    assert.equal(said.act, "refused");
    assert.equal(said.picture, "refused");
    assert.equal(said.script, "refused");
    assert.notEqual(said.frame, "Notas");
    assert.ok(!String(said.frame).includes("Registrar"), String(said.frame));
    await page.close();
    await phone.tap("log");
    await phone.at("log");
    assert.equal(await phone.screen(), "log", "nothing that it posted was done");
  } finally {
    server.close();
    await machine.end();
  }
});

test("a program without the cookie, under another name, or with the used address gets nothing", async () => {
  const machine = new Machine();
  try {
    const address = await machine.screens("phone", "phone", "es");
    const phone = await Person.open(machine, address);
    await phone.at("language");
    const { host, port } = new URL(address);
    const [cookie] = await phone.page.context().cookies();
    const session = `${cookie.name}=${cookie.value}`;
    const origin = `http://${host}`;
    const ways = [
      ["GET", "/", {}, 403],
      ["GET", "/", { cookie: `${cookie.name}=0` }, 403],
      ["GET", "/", { cookie: session, host: `localhost:${port}` }, 403],
      ["GET", "/", { cookie: session, host: "rebound.example" }, 403],
      ["GET", "/", { cookie: session, origin: "http://evil.example" }, 403],
      ["GET", "/", { cookie: session, origin: "null" }, 403],
      ["POST", "/act", { cookie: session }, 403],
      ["POST", "/act", { cookie: session, origin: "http://evil.example" }, 403],
      ["POST", "/capture?way=file", { origin }, 403],
      ["GET", new URL(address).pathname + new URL(address).search, {}, 403],
      ["GET", "/enter?t=" + "0".repeat(64), {}, 403],
      ["GET", "/live?mark=0", {}, 403],
      ["GET", "/content/00", {}, 403],
      ["GET", "/save/case-1/x.zip", {}, 403],
      ["POST", "/act", { cookie: session, origin, "content-type": "application/json" }, 400],
      ["GET", "/", { cookie: session }, 200],
      ["GET", "/content/" + "0".repeat(64), { cookie: session }, 404],
      ["GET", "/../../etc/passwd", { cookie: session }, 404],
    ];
    for (const [method, path, headers, status] of ways) {
      const answer = await ask(port, method, path, headers);
      assert.equal(answer.statusCode, status, `${method} ${path} ${JSON.stringify(headers)}`);
      assert.match(answer.headers["content-security-policy"], /frame-ancestors 'none'/u, path);
      assert.equal(answer.headers["cache-control"], "no-store", path);
      assert.equal(answer.headers["x-content-type-options"], "nosniff", path);
      assert.equal(answer.headers["access-control-allow-origin"], undefined, path);
    }
  } finally { await machine.end(); }
});

function ask(port, method, path, headers) {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, method, path, headers: { host: `127.0.0.1:${port}`, ...headers } }, answer => {
      answer.resume();
      answer.on("end", () => resolve(answer));
    });
    asked.on("error", reject);
    asked.end();
  });
}
