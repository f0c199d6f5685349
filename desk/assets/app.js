// SPDX-License-Identifier: MPL-2.0
// What a page does beyond forms and links: sends what the person did, puts in what changed and
// keeps focus, cursor and scroll; camera, recorder, QR, press-and-hold. Everything else is the
// core's. It keeps nothing and asks nobody but this machine.
"use strict";
(() => {
  const body = document.body;
  let mark = "", waiting = null, changes = new Map(), owed = [], resting = null, camera = null;
  const form = () => document.getElementById("screen");
  const say = text => { document.getElementById("said")?.replaceChildren(text); };

  // Sending ---------------------------------------------------------------------------------

  let line = Promise.resolve();
  /** One after another, in the order of the person. */
  function act(actions) {
    // What was written and has no answer yet: whoever leaves now says it once more.
    const written = actions.every(one => one.do === "change") ? actions : [];
    owed.push(...written);
    line = line.then(() => send(actions)).catch(lost)
      .finally(() => { owed = owed.filter(one => !written.includes(one)); });
    return line;
  }

  /** Without an answer: the page is going. */
  function last(actions, keepalive) {
    return fetch("/act", {
      method: "POST", keepalive, headers: { "content-type": "application/json" },
      body: JSON.stringify({ actions }),
    });
  }

  /** Gone at once: no file and no search that is still on its way is waited for. */
  function hide() {
    const actions = [...owed, ...plain(), { do: "hide" }];
    owed = [];
    waiting?.abort();
    stopCamera();
    quiet();
    body.replaceChildren();
    const gone = () => { history.replaceState(null, "", "/blank"); location.replace("/blank"); };
    // A browser sends only so much for a page that is gone. Longer words are waited for, out of
    // sight.
    if (JSON.stringify(actions).length < 20_000) { last(actions, true).catch(() => {}); gone(); }
    else last(actions, false).catch(() => {}).finally(gone);
  }

  async function send(actions) {
    const slow = setTimeout(() => say(body.dataset.working), 400);
    try {
      const answer = await fetch("/act", {
        method: "POST", headers: { "content-type": "application/json" },
        body: JSON.stringify({ actions }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      await take(await answer.json());
    } finally { clearTimeout(slow); }
  }

  function lost() {
    say(body.dataset.lost);
    if (document.querySelector(".notice.lost")) return;
    const notice = document.createElement("div");
    notice.className = "notice warn lost";
    notice.setAttribute("role", "alert");
    notice.textContent = body.dataset.lost;
    document.getElementById("main")?.prepend(notice);
  }

  /** Every field that was touched since it was last sent. */
  function drafted() {
    clearTimeout(resting);
    const all = [...changes.values()];
    changes = new Map();
    return all;
  }

  function touched(field) {
    const secret = field.dataset.secret === "true";
    const change = { do: secret ? "secret" : "change", key: field.dataset.field, value: field.value };
    changes.set(field.dataset.field, change);
    clearTimeout(resting);
    // A code is sent with the button alone.
    if (!secret) resting = setTimeout(() => act(drafted()), 1000);
  }

  const plain = () => {
    const all = drafted();
    const secrets = all.filter(one => one.do === "secret");
    secrets.forEach(one => changes.set(one.key, one));
    return all.filter(one => one.do !== "secret");
  };

  // Drawing ---------------------------------------------------------------------------------

  async function take(shown) {
    const same = shown.mark === mark;
    mark = shown.mark;
    if (!same) put(shown.html);
    for (const effect of shown.effects) await perform(effect);
    look();
  }

  const screenOf = html => new DOMParser().parseFromString(html, "text/html").getElementById("screen");

  function put(html) {
    const next = screenOf(html);
    const now = form();
    document.querySelectorAll(".lost").forEach(one => one.remove());
    if (next.dataset.name !== now.dataset.name) {
      stopCamera();
      quiet();
      now.replaceWith(document.adoptNode(next));
      document.documentElement.lang = next.dataset.lang;
      changes = new Map();
      scrollTo(0, 0);
      form().querySelector("h1").focus({ preventScroll: true });
      begin();
      return;
    }
    document.documentElement.lang = next.dataset.lang;
    for (const { name, value } of [...next.attributes]) now.setAttribute(name, value);
    patch(now, next);
    const alert = now.querySelector("[role=alert]");
    if (alert) alert.scrollIntoView({ block: "nearest" });
    begin();
  }

  /** Children by their key: what is the same stays, what a person is in stays. */
  function patch(now, next) {
    const named = parent => {
      const seen = new Map();
      return [...parent.children].map(one => {
        const name = one.dataset?.key ?? one.tagName + (one.id || one.value || one.className);
        seen.set(name, (seen.get(name) ?? 0) + 1);
        return [`${name} ${seen.get(name)}`, one];
      });
    };
    const old = new Map(named(now));
    let at = null;
    for (const [key, fresh] of named(next)) {
      let kept = old.get(key);
      old.delete(key);
      if (!kept) kept = document.adoptNode(fresh);
      else if (!kept.isEqualNode(fresh)) kept = renew(kept, fresh);
      const place = at ? at.nextSibling : now.firstChild;
      if (kept !== place) now.insertBefore(kept, place);
      at = kept;
    }
    old.forEach(one => { if (!one.classList.contains("lost")) one.remove(); });
  }

  function renew(kept, fresh) {
    const field = kept.querySelector?.("[data-field]");
    if (kept.matches(".field") && field) {
      const focused = field === document.activeElement || changes.has(field.dataset.field);
      const value = fresh.querySelector("[data-field]");
      if (!focused && field.value !== value.value) field.value = value.value;
      field.setAttribute("aria-invalid", value.getAttribute("aria-invalid"));
      const [help, news] = [kept.querySelector(".help"), fresh.querySelector(".help")];
      if (help && news) help.replaceWith(document.adoptNode(news));
      return kept;
    }
    if (kept.matches("header,main,nav,.list,footer,.tiles,section.card,fieldset,.chips")) {
      for (const { name, value } of [...fresh.attributes]) kept.setAttribute(name, value);
      patch(kept, fresh);
      return kept;
    }
    if (kept.matches(".camera,.hold")) return kept;
    const focus = kept.contains(document.activeElement);
    const node = document.adoptNode(fresh);
    kept.replaceWith(node);
    if (focus) (node.matches("button") ? node : node.querySelector("button"))?.focus();
    return node;
  }

  async function perform(effect) {
    if (effect.do === "leave") { history.replaceState(null, "", "/blank"); location.replace("/blank"); }
    if (effect.do === "save") {
      const link = document.createElement("a");
      link.href = effect.href;
      link.download = "";
      link.click();
    }
    if (effect.do === "copy") await navigator.clipboard?.writeText(effect.text).catch(() => {});
    if (effect.do === "pick") pick();
  }

  // What changes by itself -------------------------------------------------------------------

  // Not under a finger: what it is on would go away before it is lifted. Another screen comes at
  // once, and so does any when nobody says that the finger was lifted.
  let press = 0, pressed = false;
  addEventListener("pointerdown", event => { if (event.button === 0) { press += 1; pressed = true; } }, true);
  // A touch has its click a moment later.
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => {
    const mine = press;
    setTimeout(() => { if (press === mine) pressed = false; }, 50);
  }, true);
  async function lifted(html) {
    const end = performance.now() + 3_000;
    const same = screenOf(html)?.dataset.name === form()?.dataset.name;
    while (same && pressed && performance.now() < end) await new Promise(done => setTimeout(done, 25));
  }

  function look() {
    if (form()?.dataset.live !== "true" || waiting) return;
    waiting = new AbortController();
    const asked = mark;
    fetch("/live?mark=" + encodeURIComponent(mark), { signal: waiting.signal })
      .then(answer => answer.ok ? answer.json() : Promise.reject(new Error("lost")))
      .then(async shown => {
        const { signal } = waiting;
        await lifted(shown.html);
        waiting = null;
        if (mark === asked && !signal.aborted) return take(shown);
        look();
      })
      .catch(error => { waiting = null; if (error.name !== "AbortError") setTimeout(look, 3000); });
  }

  // Events ------------------------------------------------------------------------------------

  document.addEventListener("submit", event => {
    if (event.target.id !== "screen") return;
    event.preventDefault();
    const button = event.submitter;
    if (!button || button.closest("details.hold") && !button.closest("details").open) return;
    const done = button.name === "do" ? { do: button.value } : { do: "tap", key: button.value };
    if (done.do === "hide") { hide(); return; }
    waiting?.abort();
    act([...drafted(), done]);
  });
  document.addEventListener("input", event => {
    if (event.target.dataset.field) touched(event.target);
  });
  document.addEventListener("focusout", event => {
    const all = event.target.dataset?.field ? plain() : [];
    if (all.length) act(all);
  });
  addEventListener("pagehide", () => {
    const actions = [...owed, ...plain()];
    if (actions.length) last(actions, true).catch(() => {});
  });
  addEventListener("popstate", () => {
    history.pushState(null, "", "/");
    if (form().querySelector("button[value=back]")) act([...drafted(), { do: "back" }]);
  });
  document.addEventListener("keydown", event => {
    const list = event.target.closest?.(".list");
    if (!list || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    const rows = [...list.querySelectorAll("button")];
    const to = rows.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    rows[Math.max(0, Math.min(rows.length - 1, to))]?.focus();
  });

  // Press and hold ------------------------------------------------------------------------------

  function holds(details) {
    if (details.dataset.ready) return;
    details.dataset.ready = "1";
    const summary = details.querySelector("summary");
    const time = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--hold")) || 1500;
    let timer = null;
    const drop = () => { clearTimeout(timer); timer = null; details.classList.remove("held"); };
    summary.addEventListener("pointerdown", event => {
      if (event.button !== 0) return;
      details.classList.add("held");
      timer = setTimeout(() => {
        drop();
        navigator.vibrate?.(60);
        act([...drafted(), { do: "tap", key: details.dataset.hold }]);
      }, time);
    });
    for (const end of ["pointerup", "pointerleave", "pointercancel"]) summary.addEventListener(end, () => {
      if (timer) say(details.dataset.hint);
      drop();
    });
    summary.addEventListener("contextmenu", event => event.preventDefault());
    // A touch that lets go too soon opens nothing; a key or a screen reader is asked twice.
    summary.addEventListener("click", event => { if (event.detail > 0) event.preventDefault(); });
  }

  // Listening -----------------------------------------------------------------------------------

  function quiet() { globalThis.speechSynthesis?.cancel(); }
  function listening() {
    const button = document.querySelector(".listen");
    const voices = globalThis.speechSynthesis?.getVoices() ?? [];
    if (!button || !voices.length) return;
    button.hidden = false;
    button.onclick = () => {
      if (button.getAttribute("aria-pressed") === "true") { quiet(); button.setAttribute("aria-pressed", "false"); return; }
      const words = new SpeechSynthesisUtterance(form().dataset.spoken);
      words.lang = form().dataset.lang === "en" ? "en" : "es-MX";
      words.onend = () => button.setAttribute("aria-pressed", "false");
      button.setAttribute("aria-pressed", "true");
      speechSynthesis.speak(words);
    };
  }
  globalThis.speechSynthesis?.addEventListener?.("voiceschanged", listening);

  // Files ---------------------------------------------------------------------------------------

  function pick() {
    const input = document.querySelector("input.pick");
    if (!input) return;
    input.onchange = () => { if (input.files[0]) upload("file", input.files[0], input.files[0].name); input.value = ""; };
    input.click();
  }
  function upload(way, content, name) {
    const query = new URLSearchParams({ way, name: name ?? "", media_type: content.type ?? "" });
    line = line.then(async () => {
      say(body.dataset.working);
      const answer = await fetch("/capture?" + query, { method: "POST", body: content });
      if (answer.ok) return take(await answer.json());
      if (answer.status === 409) return send([{ do: "look" }]);
      throw new Error(String(answer.status));
    }).catch(lost);
    return line;
  }

  // Camera, recorder, QR --------------------------------------------------------------------------

  function stopCamera() {
    camera?.end();
    camera = null;
  }

  async function openCamera(section, facing = "environment") {
    stopCamera();
    const mode = section.dataset.mode, video = section.querySelector("video");
    const missing = () => {
      section.querySelector(".missing").hidden = false;
      const instead = section.querySelector(".instead");
      if (!instead) return;
      instead.hidden = false;
      const input = instead.querySelector("input");
      input.onchange = () => input.files[0] && upload(mode === "photo" ? "photo" : "file", input.files[0], input.files[0].name);
    };
    const wanted = mode === "voice" ? { audio: true }
      : { video: { facingMode: facing, width: { ideal: mode === "photo" ? 1920 : 1280 } }, audio: mode === "video" };
    let stream;
    try { stream = await navigator.mediaDevices.getUserMedia(wanted); } catch { missing(); return; }
    if (!section.isConnected) { stream.getTracks().forEach(track => track.stop()); return; }
    const here = { stream, recorder: null, timer: null, end() {
      clearInterval(here.timer);
      here.recorder?.end?.();
      stream.getTracks().forEach(track => track.stop());
    } };
    camera = here;
    if (mode !== "voice") { video.srcObject = stream; await video.play().catch(() => {}); }
    section.querySelector(".controls").hidden = false;
    const turn = section.querySelector(".turn");
    if (turn) turn.onclick = () => openCamera(section, facing === "environment" ? "user" : "environment");
    const shutter = section.querySelector(".shutter");
    if (mode === "photo") shutter.onclick = () => photo(video, shutter);
    const encodes = globalThis.MediaStreamTrackProcessor && globalThis.AudioEncoder && globalThis.VideoEncoder;
    if ((mode === "video" || mode === "voice") && !encodes) { section.querySelector(".controls").hidden = true; missing(); }
    if (mode === "video" || mode === "voice") shutter.onclick = () => record(section, here, mode, shutter);
    if (mode === "scan") here.timer = setInterval(() => scan(video), 280);
  }

  function photo(video, shutter) {
    shutter.disabled = true;
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    canvas.getContext("2d").drawImage(video, 0, 0);
    canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 }).then(blob => upload("photo", blob, ""));
  }

  let looking = false;
  async function scan(video) {
    if (looking || !video.videoWidth) return;
    looking = true;
    try {
      const scale = Math.min(1, 640 / Math.max(video.videoWidth, video.videoHeight));
      const [width, height] = [video.videoWidth, video.videoHeight].map(side => Math.floor(side * scale));
      const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
      context.drawImage(video, 0, 0, width, height);
      const { data } = context.getImageData(0, 0, width, height);
      const luma = new Uint8Array(width * height);
      for (let at = 0; at < luma.length; at++) {
        luma[at] = (data[at * 4] * 77 + data[at * 4 + 1] * 150 + data[at * 4 + 2] * 29) >> 8;
      }
      const answer = await fetch(`/scan?width=${width}&height=${height}`, { method: "POST", body: luma });
      if (answer.status === 200) await take(await answer.json());
    } catch { /* the next picture */ } finally { looking = false; }
  }

  /** Encoded here, made into a film and sealed by the core, a part at a time. */
  async function record(section, here, mode, shutter) {
    if (here.recorder) { here.recorder.stop(); return; }
    const [sound] = here.stream.getAudioTracks(), [picture] = here.stream.getVideoTracks();
    const read = track => track ? new MediaStreamTrackProcessor({ track }).readable.getReader() : null;
    const [hears, sees] = [read(sound), read(picture)];
    const [heard, seen] = await Promise.all([hears?.read(), sees?.read()].map(one => one?.then(got => got.value)));
    const what = seen ? [`video/mp4;video=vp8;width=${seen.codedWidth};height=${seen.codedHeight}`] : ["audio/mp4"];
    const channels = Math.min(2, heard?.numberOfChannels ?? 0);
    if (heard) what.push(`channels=${channels};rate=${heard.sampleRate}`);
    const query = new URLSearchParams({ way: mode, media_type: what.join(";") });
    const began = await fetch("/record/start?" + query, { method: "POST" });
    if (!began.ok) { act([{ do: "look" }]); return; }
    const { id } = await began.json();
    let frames = [], pushed = Promise.resolve(), going = true;
    const collect = kind => {
      let first = null, last = -1;
      return chunk => {
        first ??= chunk.timestamp;
        const time = chunk.timestamp - first;
        if (time <= last) return;
        last = time;
        const frame = new Uint8Array(14 + chunk.byteLength), head = new DataView(frame.buffer);
        head.setUint8(0, kind);
        head.setUint8(1, chunk.type === "key" ? 1 : 0);
        head.setBigUint64(2, BigInt(time));
        head.setUint32(10, chunk.byteLength);
        chunk.copyTo(frame.subarray(14));
        frames.push(frame);
      };
    };
    const push = () => {
      if (!frames.length) return;
      const body = new Blob(frames);
      frames = [];
      pushed = pushed.then(() => fetch("/record/push?id=" + id, { method: "POST", body }))
        .then(answer => { if (!answer.ok) stop(); }).catch(lost);
    };
    const encoders = [];
    if (heard) {
      const encoder = new AudioEncoder({ output: collect(2), error: () => stop() });
      encoder.configure({ codec: "opus", sampleRate: heard.sampleRate, numberOfChannels: channels, bitrate: 48_000 });
      encoders.push([encoder, hears, heard, () => undefined]);
    }
    if (seen) {
      const encoder = new VideoEncoder({ output: collect(1), error: () => stop() });
      encoder.configure({ codec: "vp8", width: seen.codedWidth, height: seen.codedHeight, bitrate: 1_500_000, latencyMode: "realtime" });
      let since = -Infinity;
      encoders.push([encoder, sees, seen, frame => {
        const keyFrame = frame.timestamp - since >= 1_000_000;
        if (keyFrame) since = frame.timestamp;
        return { keyFrame };
      }]);
    }
    const run = async ([encoder, reader, data, how]) => {
      for (let value = data; value; ({ value } = await reader.read())) {
        // An old computer leaves pictures out; sound goes on.
        const may = going && encoder.encodeQueueSize < 30 && encoder.state === "configured";
        if (may) encoder.encode(value, how(value));
        value.close();
        if (!going) break;
      }
      await reader.cancel().catch(() => {});
      if (encoder.state === "configured") await encoder.flush().catch(() => {});
      if (encoder.state !== "closed") encoder.close();
    };
    const timer = setInterval(push, 500), all = encoders.map(run);
    const stop = async () => {
      if (!going) return;
      going = false;
      clearInterval(timer);
      clearInterval(clock);
      await Promise.all(all).catch(() => {});
      push();
      pushed.then(async () => {
        const answer = await fetch("/record/stop?id=" + id, { method: "POST" });
        if (answer.ok) await take(await answer.json()); else throw new Error(String(answer.status));
      }).catch(lost);
    };
    here.recorder = { stop, end: stop };
    shutter.classList.add("on");
    shutter.textContent = shutter.dataset.stop;
    const time = section.querySelector(".time"), since = performance.now();
    time.hidden = false;
    const clock = setInterval(() => {
      const seconds = Math.floor((performance.now() - since) / 1000);
      const two = n => String(n).padStart(2, "0");
      time.querySelector("span").textContent = two(Math.floor(seconds / 60)) + ":" + two(seconds % 60);
    }, 500);
  }

  // Beginning ---------------------------------------------------------------------------------------

  function begin() {
    document.querySelectorAll("details.hold").forEach(holds);
    listening();
    const section = document.querySelector(".camera");
    if (section && !section.dataset.ready) { section.dataset.ready = "1"; openCamera(section); }
    if (!section) stopCamera();
  }
  history.pushState(null, "", "/");
  begin();
  act([{ do: "look" }]);
})();
