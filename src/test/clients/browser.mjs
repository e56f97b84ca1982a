// What the programs share that use the widget or the console in a browser. The browser is Debian's
// Chromium; nothing but the server is reached.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { run, step } from "./program.mjs";

export const { ORIGIN: origin, KEY: key, SCREENSHOTS: screenshots, CHROMIUM: executablePath } = process.env;

export const demo = `${origin}/demo`;

/** A request with the secret key, behind the browser's back. */
export async function server(method, path, body) {
  const response = await fetch(origin + path, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${response.ok || (await response.text())}`);
  return response.json();
}

export const advance = (minutes) => server("POST", "/test/clock/advance", { ms: minutes * 60_000 });

/** The data of the records of a stream; undefined in the place of control records. */
export async function records(sessionId, stream) {
  const answer = await server("GET", `/realtime/v1/sessions/${sessionId}/${stream}/records`);
  return answer.records.map(({ data }) => (typeof data === "string" && data ? JSON.parse(data) : data || undefined));
}

/** Notes whatever an answer shows while it is written. */
function watchWriting() {
  self.written = [];
  let root = null;
  const changes = new MutationObserver(() => {
    const text = root.querySelector("[data-state=writing] .bubble")?.textContent;
    if (text && text !== self.written.at(-1)) {
      self.written.push(text);
    }
  });
  const arrival = new MutationObserver(() => {
    root = document.querySelector("#alloy-webchat")?.shadowRoot;
    if (root) {
      arrival.disconnect();
      changes.observe(root, { subtree: true, childList: true, characterData: true, attributes: true });
    }
  });
  arrival.observe(document, { subtree: true, childList: true });
}

/**
 * Goes through the scenarios whose names come on standard input, one a line: all in one browser, each with a visitor who
 * was never there before. Tells how each ended.
 */
export function play(program, scenarios, options = {}) {
  run(async () => {
    const browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-features=LocalNetworkAccessChecks", "--disable-gpu"],
    });
    for await (const scenario of createInterface({ input: process.stdin })) {
      const visitor = await visit(browser, options);
      try {
        await scenarios[scenario](visitor);
        assert.deepEqual(visitor.problems, []);
        step("done", { scenario });
      } catch (error) {
        const pages = visitor.context.pages();
        await Promise.allSettled(pages.map((page, i) => picture(page, `failed-${program}-${scenario}-${i}`)));
        step("failed", { scenario, error: error?.stack ?? String(error) });
      } finally {
        await visitor.context.close();
      }
    }
    await browser.close();
  });
}

/** A visitor. What goes wrong in a page, or is asked of anybody else, is noted. */
async function visit(browser, options) {
  const context = await browser.newContext({ viewport: { width: 1100, height: 800 }, locale: "en-GB", ...options });
  // The console looks again after up to half a minute where figures take long.
  context.setDefaultTimeout(60_000);
  const visitor = { context, problems: [], opened: [], requests: [] };
  context.on("response", async (response) => {
    if (response.url().endsWith("/api/webchat/session") && response.status() === 201) {
      visitor.opened.push(await response.json());
    }
  });
  await context.addInitScript(watchWriting);
  context.on("weberror", (error) => visitor.problems.push(String(error.error())));
  context.on("console", (message) => {
    // The browser itself reports requests that fail, which some scenarios want.
    if (message.type() === "error" && !/Failed to load resource|ERR_/.test(message.text())) {
      visitor.problems.push(message.text());
    }
  });
  context.on("request", (request) => {
    const noted = { url: request.url(), method: request.method(), headers: request.headers(), page: pageOf(request) };
    visitor.requests.push(noted);
  });
  return visitor;
}

function pageOf(request) {
  try {
    return request.frame().page();
  } catch {
    return null;
  }
}

/** The panel of the page, as far as a visitor handles it. */
export function chat(page) {
  const part = (selector) => page.locator(`#alloy-webchat ${selector}`);
  return {
    page,
    part,
    launcher: part(".launcher"),
    panel: part("dialog"),
    text: part("textarea"),
    notice: part(".notice"),
    entries: part(".entry"),
    answers: part(".entry.agent .bubble"),
    async open() {
      await part(".launcher").click();
      await part("textarea").waitFor();
    },
    async send(text) {
      await part("textarea").fill(text);
      await part("textarea").press("Enter");
    },
    /** Until an answer stands there as a whole. */
    async answered(text) {
      await page.waitForFunction(
        (wanted) =>
          [...document.querySelector("#alloy-webchat").shadowRoot.querySelectorAll(".agent[data-state=done] .bubble")].some(
            (bubble) => bubble.textContent.trim() === wanted,
          ),
        text,
      );
    },
    /** Until the answer that is being written holds that. */
    async writes(text) {
      await page.waitForFunction((wanted) => self.written.some((text) => text.includes(wanted)), text);
    },
  };
}

/** What the agent says to "count n". */
export const counted = (n) => Array.from({ length: n }, (_, i) => `w${i}`).join(" ");

/** What was shown while it was written only ever grew towards the whole. */
export async function assertGrew(page, whole, atLeast = 2) {
  const written = await page.evaluate(() => self.written);
  assert.ok(written.length >= atLeast, `it was shown in ${written.length} steps`);
  written.forEach((text, i) => {
    assert.ok(`${whole} `.startsWith(text), `"${text}" is no beginning of "${whole}"`);
    assert.ok(i === 0 || text.length > written[i - 1].length, "it never shrinks");
  });
  return written;
}

export const ownMessages = async (sessionId) => (await records(sessionId, "in")).map((message) => message.content);

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Found by axe on the page and in what it shows. */
export async function violations(page) {
  // The page's policy forbids scripts that are added to it, not those of the browser's own tools.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

export const picture = (page, name) => page.screenshot({ path: `${screenshots}/${name}.png` });
