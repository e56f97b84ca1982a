// The console as an operator uses it.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { key, origin, picture, play, server, violations } from "./browser.mjs";
import { step } from "./program.mjs";

const ECHO = "00000000-0000-4000-8000-0000000000ec";
const name = (hint) => `${hint}-${randomUUID().slice(0, 8)}`;

async function session(externalId, more = {}) {
  const body = { type: "chat", taskIdentifier: "support", externalId, triggerConfig: { basePayload: {} }, ...more };
  return server("POST", "/api/v1/sessions", body);
}

const append = (id, io, data) => server("POST", `/realtime/v1/sessions/${encodeURIComponent(id)}/${io}/append`, data);

async function appendAll(id, io, from, to) {
  for (let i = from; i < to; i++) {
    await append(id, io, { text: `word ${i}` });
  }
}

async function records(id, io) {
  return (await server("GET", `/realtime/v1/sessions/${encodeURIComponent(id)}/${io}/records`)).records;
}

async function signedIn(visitor, hash = "") {
  const page = await visitor.context.newPage();
  await page.goto(`${origin}/console${hash}`);
  await page.getByLabel("Secret key").fill(key);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("navigation").waitFor();
  return page;
}

const told = (where, text) => where.filter({ hasText: text }).first().waitFor();

/** The part of a session's page that shows a channel. */
function channel(page, io) {
  const part = page.getByRole("region", { name: `.${io}`, exact: true });
  const entries = part.locator("li");
  return {
    part,
    entries,
    list: part.getByRole("list"),
    slider: part.getByRole("slider"),
    button: (name) => part.getByRole("button", { name }),
    record: (seq) => part.locator(`li[data-seq="${seq}"]`),
    marked: () => part.locator("li[aria-current]").getAttribute("data-seq"),
    state: (text) => told(part.getByRole("status"), text),
  };
}

const scenarios = {
  async login(visitor) {
    const page = await visitor.context.newPage();
    await page.goto(`${origin}/console`);
    const input = page.getByLabel("Secret key");
    for (const wrong of ["tr_dev_wrong", "ключ"]) {
      await input.fill(wrong);
      await page.keyboard.press("Enter");
      await told(page.getByRole("alert"), /key/);
      await page.waitForFunction(() => !document.querySelector("button.main").disabled);
    }
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    assert.deepEqual(await violations(page), []);
    await picture(page, "console-login");
    await input.fill(key);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    assert.equal(await page.evaluate(() => localStorage.length), 0);
    assert.deepEqual(await visitor.context.cookies(), []);
    await page.reload();
    await page.getByRole("heading", { name: "Overview" }).waitFor();
    const keyed = visitor.requests.filter(({ url }) => url.includes(key));
    assert.deepEqual(keyed, [], "the key is in no address");
    const others = visitor.requests.filter(({ url }) => !url.startsWith(origin) && !url.startsWith("data:"));
    assert.deepEqual(others, [], "nobody else is asked for anything");
    await page.getByRole("button", { name: "Sign out" }).click();
    await input.waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  },

  async overview(visitor) {
    const page = await signedIn(visitor);
    const figure = (name) => page.locator(`[data-figure="${name}"]`);
    await page.locator(".plot canvas").nth(3).waitFor();
    assert.equal(await page.locator(".plot canvas").count(), 4);
    const drawn = await page.evaluate(() =>
      [...document.querySelectorAll(".plot canvas")].map((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
      }),
    );
    assert.ok(drawn.every((colours) => colours > 3), `lines are drawn: ${drawn}`);
    const numberOf = async (name) => Number((await figure(name).innerText()).replaceAll(",", ""));
    assert.ok((await numberOf("Active now")) >= 100_000);
    await page.locator("figure", { hasText: "Messages" }).getByText(/^voice: /).waitFor();
    // The others count what happened within the range, which moves on.
    const before = await numberOf("Active now");
    await session(name("counted"));
    await page.waitForFunction(
      (wanted) => Number(document.querySelector('[data-figure="Active now"]').textContent.replaceAll(",", "")) === wanted,
      before + 1,
    );
    const nodes = page.getByRole("region", { name: "Nodes", exact: true });
    await nodes.getByRole("cell", { name: /127\.0\.0\.1:\d+ \(leader\) \(this one\)/ }).waitFor();
    await page.getByRole("region", { name: "Projections", exact: true }).getByText("running").first().waitFor();
    await page.getByRole("region", { name: "Health", exact: true }).getByText("ok", { exact: true }).first().waitFor();
    await page.getByText("Values").first().click();
    await page.getByRole("table", { name: "Sessions created" }).waitFor();
    await page.getByText("Values").first().click();
    await page.getByLabel("Lines by").selectOption("status");
    await page.locator("figure").first().getByText(/^ACTIVE: /).waitFor();
    await page.getByLabel("Lines by").selectOption("type");
    await page.locator("figure").first().getByText(/^chat: /).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.evaluate(() => document.activeElement.blur());
    await picture(page, "console-overview");
  },

  async list(visitor) {
    const wanted = name("needle");
    const { id } = await session(wanted, { tags: ["rare", wanted], metadata: { plan: "pro", customer: { id: 7 } } });
    const page = await signedIn(visitor, "#/sessions");
    const grid = page.getByRole("grid", { name: "Sessions" });
    const rows = grid.locator(".body [role=row]");
    await rows.first().waitFor();
    await page.getByText(/^100,\d{3} sessions found$/).waitFor();
    const inDocument = async () => assert.ok((await rows.count()) < 60, "only what is seen is in the document");
    await inDocument();
    const begin = Date.now();
    for (let i = 0; i < 12; i++) {
      const height = await grid.evaluate((element) => (element.scrollTop = element.scrollHeight));
      await page.waitForFunction((old) => document.querySelector(".grid .body").offsetHeight + 44 > old, height);
    }
    await page.waitForFunction(() => document.querySelector(".grid .body").offsetHeight > 44 * 1_000);
    await inDocument();
    step("scrolled", { sessions: await grid.evaluate((element) => element.querySelector(".body").offsetHeight / 44), millis: Date.now() - begin });
    await grid.press("Home");
    await grid.press("ArrowDown");
    assert.equal(await grid.getAttribute("aria-activedescendant"), "row-1");
    await grid.press("PageDown");
    await grid.press("End");
    assert.ok(await grid.locator("[aria-selected=true]").isVisible());
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press("/");
    const searched = Date.now();
    await page.keyboard.type(wanted.slice(0, -2).toUpperCase());
    await page.getByText("1 session found", { exact: true }).waitFor();
    step("found", { millis: Date.now() - searched });
    assert.equal(await rows.count(), 1);
    await page.getByRole("group", { name: "Status" }).getByLabel("closed").check();
    await page.getByText("0 sessions found").waitFor();
    await page.getByRole("group", { name: "Status" }).getByLabel("closed").uncheck();
    await page.getByLabel("Search ids and tags").fill("");
    await page.getByLabel("Tag", { exact: true }).fill(wanted);
    await page.getByLabel("Metadata").fill("plan=pro&customer.id=7");
    await page.getByLabel("Type").fill("chat");
    await page.getByLabel("Task").fill("support");
    await page.locator("select[name=period]").selectOption("1h");
    await page.getByText("1 session found", { exact: true }).waitFor();
    assert.match(page.url(), /metadata=plan/);
    assert.deepEqual(await violations(page), []);
    await page.reload();
    await page.getByText("1 session found", { exact: true }).waitFor();
    await page.getByLabel("Metadata").fill("plan=free");
    await page.getByText("0 sessions found").waitFor();
    await page.getByLabel("Metadata").fill("");
    await page.getByText("1 session found", { exact: true }).waitFor();
    await grid.focus();
    await grid.press("Home");
    await grid.press("Enter");
    await page.getByRole("heading", { name: wanted, level: 1 }).waitFor();
    assert.ok(page.url().endsWith(`#/sessions/${id}`));
    await page.goBack();
    await page.getByText("1 session found", { exact: true }).waitFor();
  },

  async live(visitor) {
    const externalId = name("live");
    const { id } = await session(externalId, { tags: ["vip"], metadata: { customer: 7 } });
    await append(id, "in", { text: "Where is my parcel?" });
    const page = await signedIn(visitor, `#/sessions/${id}`);
    await page.getByRole("heading", { name: externalId, level: 1 }).waitFor();
    const [incoming, outgoing] = [channel(page, "in"), channel(page, "out")];
    await incoming.record(0).getByText("Where is my parcel?").waitFor();
    await outgoing.state("Live");
    const begin = Date.now();
    await append(id, "out", { text: "It is on its way." });
    await outgoing.record(0).getByText("It is on its way.").waitFor();
    step("shown", { millis: Date.now() - begin });
    await outgoing.record(0).getByText("Record", { exact: true }).click();
    await outgoing.record(0).getByText('"text": "It is on its way."').waitFor();
    await append(id, "out", "<img src=x onerror=alert(1)>");
    await outgoing.record(1).getByText("<img src=x").waitFor();
    assert.equal(await page.locator("main img").count(), 0, "text stays text");
    const timeline = page.getByRole("list", { name: /What has happened/ });
    await timeline.locator('[data-type="created"]').waitFor();
    await timeline.getByText(/2 records on \.out/).waitFor();
    const body = { session: id, io: "in", timeout: "1h" };
    const waiting = await server("POST", `/api/v1/runs/${(await server("GET", `/api/v1/sessions/${id}`)).currentRunId}/session-streams/wait`, body);
    await timeline.getByText(`Waitpoint ${waiting.waitpointId} waits for .in`).waitFor();
    await appendAll(id, "out", 2, 150);
    await outgoing.record(149).waitFor();
    assert.equal(await outgoing.entries.count(), 100, "no more than a window of them is in the document");
    await outgoing.part.getByText(/^149 of 0–149$/).waitFor();
  },

  async replay(visitor) {
    const { id } = await session(name("replay"));
    await appendAll(id, "in", 0, 260);
    const page = await signedIn(visitor, `#/sessions/${id}`);
    const incoming = channel(page, "in");
    await incoming.record(259).waitFor();
    assert.equal(await incoming.record(100).count(), 0);
    await incoming.slider.fill("40");
    await incoming.record(40).waitFor();
    await incoming.state("Replaying from 40");
    assert.equal(await incoming.marked(), "40");
    assert.equal(await incoming.entries.count(), 100);
    assert.equal(await incoming.slider.getAttribute("aria-valuetext"), "40 of 0–259");
    await append(id, "in", "meanwhile");
    await page.waitForFunction(() => document.querySelector("input[type=range]").max === "260");
    assert.equal(await incoming.marked(), "40", "what is live does not disturb a replay");
    await incoming.slider.press("ArrowRight");
    await incoming.record(41).waitFor();
    await page.waitForFunction(() => document.querySelector("li[aria-current]")?.dataset.seq === "41");
    await incoming.button("Play").click();
    await page.waitForFunction(() => Number(document.querySelector("li[aria-current]")?.dataset.seq) >= 43);
    await incoming.button("Pause").click();
    await incoming.slider.press("Home");
    await page.waitForFunction(() => document.querySelector("li[aria-current]")?.dataset.seq === "0");
    await incoming.button("Live").click();
    await incoming.record(260).getByText("meanwhile").waitFor();
    await incoming.state("Live");
    await append(id, "in", "live again");
    await incoming.record(261).getByText("live again").waitFor();
  },

  async operate(visitor) {
    const { id } = await session(name("operate"), { timeoutConfig: { timeoutMinutes: 30 } });
    await appendAll(id, "out", 0, 3);
    const page = await signedIn(visitor, `#/sessions/${id}`);
    const done = page.locator(".done");
    await channel(page, "in").state("Live");
    await page.getByLabel("Text or JSON").fill('{"text":"from the console"}');
    await page.getByRole("button", { name: "Send" }).click();
    await told(done, "Sent: record 0 of .in.");
    await channel(page, "in").record(0).getByText("from the console").waitFor();
    assert.equal((await records(id, "in"))[0].data, '{"text":"from the console"}');
    await page.getByLabel("Channel").selectOption("out");
    await page.getByLabel("Text or JSON").fill("to everybody");
    await page.getByRole("button", { name: "Send" }).click();
    await channel(page, "out").record(3).getByText("to everybody").waitFor();
    await page.getByRole("button", { name: "Renew" }).click();
    await told(done, /^Renewed: it ends /);
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download" }).click();
    await told(done, "Downloaded 5 records.");
    const file = await saved;
    assert.equal(file.suggestedFilename(), `${id}.ndjson`);
    const lines = readFileSync(await file.path(), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.equal(lines[0].session.id, id);
    assert.deepEqual(lines.slice(1).map(({ channel, seq }) => `${channel} ${seq}`), ["in 0", "out 0", "out 1", "out 2", "out 3"]);
    assert.equal(JSON.parse(lines[5].body).data, "to everybody");
    await page.getByRole("button", { name: "Close…" }).click();
    await page.getByRole("button", { name: "Keep it open" }).click();
    assert.equal((await server("GET", `/api/v1/sessions/${id}`)).closedAt, null);
    await page.getByRole("button", { name: "Close…" }).click();
    await page.getByLabel("Reason").fill("solved");
    assert.deepEqual(await violations(page), []);
    await page.getByRole("button", { name: "Close the session" }).click();
    await told(done, "Closed.");
    const { closedReason } = await server("GET", `/api/v1/sessions/${id}`);
    assert.equal(closedReason, "solved");
    await page.getByText("Closed: solved").waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll("button")].find(({ textContent }) => textContent === "Renew").disabled);
    await page.getByLabel("Text or JSON").fill("too late");
    await page.getByRole("button", { name: "Send" }).click();
    await told(page.getByRole("alert"), "Cannot append to a closed session");
  },

  async agents(visitor) {
    const id = randomUUID();
    await server("PUT", `/api/admin/agents/${id}`, { name: "Night shift", kind: "attached", taskIdentifiers: ["night"] });
    const page = await signedIn(visitor, "#/agents");
    const row = page.getByRole("row", { name: /Night shift/ });
    await row.getByText("started").waitFor();
    await row.getByRole("button", { name: "Stop Night shift" }).click();
    await row.getByText("stopped").waitFor();
    assert.equal((await server("GET", `/api/admin/agents/${id}`)).started, false);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.agent), id, "the focus stays");
    await row.getByRole("button", { name: "Start Night shift" }).click();
    await row.getByText("started").waitFor();
    assert.deepEqual(await violations(page), []);
  },

  async away(visitor) {
    const { id } = await session(name("away"));
    const page = await signedIn(visitor, `#/sessions/${id}`);
    const incoming = channel(page, "in");
    await append(id, "in", "before");
    await incoming.record(0).waitFor();
    await visitor.context.setOffline(true);
    await page.getByText(/The server can't be reached since/).waitFor();
    await append(id, "in", "meanwhile");
    await visitor.context.setOffline(false);
    await incoming.record(1).getByText("meanwhile").waitFor();
    await page.locator(".notice", { hasText: /The server can't be reached since/ }).waitFor({ state: "hidden" });
    assert.equal(await incoming.entries.count(), 2, "each once");
    await page.evaluate(() => sessionStorage.setItem("parley-console-key", "not any more"));
    await page.getByLabel("Secret key").waitFor();
    const unknown = await signedIn(visitor, "#/sessions/session_00000000000000000000000000000000");
    await told(unknown.getByRole("alert"), "Not found");
  },

  async looks(visitor) {
    const body = { agentId: ECHO, userId: randomUUID() };
    const { sessionId } = await server("POST", "/api/messaging/sessions", body);
    for (const content of ["Where is my parcel?", "It should have come on Monday.", "Thank you!"]) {
      await server("POST", `/api/messaging/sessions/${sessionId}/messages`, { content, transport: "http" });
    }
    const page = await signedIn(visitor, `#/sessions/${sessionId}`);
    await page.getByText(/Agent done with record 2 of \.in: answered/).waitFor();
    await channel(page, "out").state("Live");
    await channel(page, "out").entries.first().waitFor();
    assert.deepEqual(await violations(page), []);
    await page.setViewportSize({ width: 1280, height: 1500 });
    await picture(page, "console-session");
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: "dark" });
    assert.deepEqual(await violations(page), []);
    await picture(page, "console-session-dark");
    await page.goto(`${origin}/console#/`);
    await page.locator(".plot canvas").nth(3).waitFor();
    await page.getByRole("region", { name: "Health", exact: true }).getByRole("table").waitFor();
    assert.deepEqual(await violations(page), []);
    await picture(page, "console-overview-dark");
    await page.setViewportSize({ width: 390, height: 780 });
    const places = [
      ["overview", "", ".plot canvas"],
      ["sessions", "sessions", ".body [role=row]"],
      ["session", `sessions/${sessionId}`, "li[data-seq]"],
      ["agents", "agents", "td"],
    ];
    for (const [place, path, sign] of places) {
      await page.goto("about:blank");
      await page.goto(`${origin}/console#/${path}`);
      await page.locator(sign).first().waitFor();
      assert.deepEqual(await violations(page), []);
      await picture(page, `console-phone-${place}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 390, `${place} is ${wide} wide`);
    }
  },
};

play("console", scenarios, { viewport: { width: 1280, height: 900 } });
