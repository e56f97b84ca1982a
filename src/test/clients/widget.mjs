// The webchat widget as a visitor uses it.
import assert from "node:assert/strict";
import { advance, assertGrew, chat, counted, demo, origin, ownMessages, picture, play, records, server, violations } from "./browser.mjs";
import { step } from "./program.mjs";

async function demoPage(visitor) {
  const page = await visitor.context.newPage();
  await page.goto(demo);
  return chat(page);
}

/** A page of somebody else's, which is not even secure and has a strict policy. */
async function shopPage(visitor) {
  const apiKey = (await (await fetch(demo)).text()).match(/data-api-key="([^"]+)"/)[1];
  const policy = `default-src 'none'; img-src data:; script-src ${origin}; connect-src ${origin}`;
  const shop = "http://shop.example/";
  await visitor.context.route(shop, (route) =>
    route.fulfill({
      contentType: "text/html",
      headers: { "content-security-policy": policy },
      body: `<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><main><h1>Shop</h1></main>
        <script type="module" src="${origin}/widget/alloy-webchat-widget.js" data-api-key="${apiKey}" data-event-id="demo" async></script>`,
    }),
  );
  const page = await visitor.context.newPage();
  await page.goto(shop);
  return chat(page);
}

const streams = (visitor) =>
  visitor.requests.filter(({ method, headers }) => method === "GET" && headers.accept === "text/event-stream");

const scenarios = {
  async talk(visitor) {
    const { page, ...widget } = await demoPage(visitor);
    assert.equal(await widget.launcher.getAttribute("aria-expanded"), "false");
    await widget.open();
    assert.equal(visitor.opened.length, 0, "no session before there is something to say");
    await widget.send("count 60");
    await widget.answered(counted(60));
    const steps = await assertGrew(page, counted(60), 4);
    step("streamed", { steps: steps.length });
    assert.equal(await widget.part("[aria-live=polite]").innerText(), `Assistant: ${counted(60)}`);
    await widget.send("<img src=x onerror=alert(1)> and https://example.org/a?b=c.");
    await widget.answered("re: <img src=x onerror=alert(1)> and https://example.org/a?b=c.");
    assert.equal(await widget.part("img").count(), 0, "text stays text");
    assert.equal(await widget.part(".agent .bubble a").getAttribute("href"), "https://example.org/a?b=c");
    assert.equal(await widget.part(".agent .bubble a").getAttribute("rel"), "noopener noreferrer nofollow");
    assert.equal(visitor.opened.length, 1);
    const others = visitor.requests.filter(({ url }) => !url.startsWith(origin) && !url.startsWith("data:"));
    assert.deepEqual(others, [], "nobody else is asked for anything");
    await page.keyboard.press("Escape");
    await widget.panel.waitFor({ state: "hidden" });
  },

  async reload(visitor) {
    const { page, ...widget } = await demoPage(visitor);
    await widget.open();
    await widget.send("count 100");
    await widget.writes("w20 ");
    const before = await page.evaluate(() => self.written.at(-1));
    const from = visitor.requests.length;
    await page.reload();
    await widget.writes("w60 ");
    const after = await assertGrew(page, counted(100));
    assert.ok(after[0].length >= before.length, "what was there is there at once");
    await widget.answered(counted(100));
    await assertGrew(page, counted(100));
    assert.deepEqual(await widget.answers.count(), 2);
    const again = visitor.requests.slice(from).filter(({ url }) => url.includes("/realtime/"));
    assert.ok(again.length > 0 && again.every(({ url, headers }) => url.includes("afterEventId=") || headers["last-event-id"]));
    assert.equal(visitor.opened.length, 1, "the session is the same");
    assert.deepEqual(await ownMessages(visitor.opened[0].sessionId), ["count 100"]);
  },

  async offline(visitor) {
    const { page, ...widget } = await demoPage(visitor);
    await widget.open();
    await widget.send("count 100");
    await widget.writes("w10 ");
    await visitor.context.setOffline(true);
    await widget.notice.getByText("You are offline.").waitFor();
    await widget.send("said without a network");
    await widget.part(".meta").getByText("Not sent.").waitFor();
    await picture(page, "offline");
    await visitor.context.setOffline(false);
    await widget.answered(counted(100));
    await assertGrew(page, counted(100));
    await widget.answered("re: said without a network");
    await widget.notice.getByText("You are offline.").waitFor({ state: "hidden" });
    assert.deepEqual(await ownMessages(visitor.opened[0].sessionId), ["count 100", "said without a network"]);
  },

  async tabs(visitor) {
    const first = await demoPage(visitor);
    const second = await demoPage(visitor);
    await first.open();
    await second.open();
    await Promise.all([first.send("from the first"), second.send("from the second")]);
    for (const tab of [first, second]) {
      await tab.answered("re: from the first");
      await tab.answered("re: from the second");
    }
    assert.equal(visitor.opened.length, 1, "both have waited for one session");
    assert.deepEqual((await ownMessages(visitor.opened[0].sessionId)).sort(), ["from the first", "from the second"]);
    await second.send("count 60");
    await Promise.all([first, second].map((tab) => tab.answered(counted(60))));
    await assertGrew(first.page, counted(60));
    await assertGrew(second.page, counted(60));
    const reading = [first, second].map((tab) => streams(visitor).filter((request) => request.page === tab.page).length);
    assert.deepEqual(reading.sort(), [0, 3], "one tab reads for both");
    const [leader, follower] = streams(visitor)[0].page === first.page ? [first, second] : [second, first];
    await leader.page.close();
    await follower.send("count 20");
    await follower.answered(counted(20));
    assert.equal(streams(visitor).filter((request) => request.page === follower.page).length, 3, "the other one goes on");
    const third = await demoPage(visitor);
    await third.launcher.waitFor();
    await third.open();
    await third.answered(counted(20));
    await third.page.close();
    // Closed, it counts what comes.
    await follower.send("count 25");
    await follower.writes("w1 ");
    await follower.page.keyboard.press("Escape");
    await follower.part(".badge").getByText("1").waitFor();
    assert.equal(await follower.launcher.getAttribute("aria-label"), "Open chat, 1 new message");
    assert.equal(visitor.opened.length, 1);
  },

  async keyboard(visitor) {
    const { page, ...widget } = await demoPage(visitor);
    const focused = () =>
      page.evaluate(() => {
        const inside = document.activeElement.shadowRoot?.activeElement;
        return inside ? inside.getAttribute("aria-label") ?? inside.textContent : document.activeElement.tagName;
      });
    await widget.launcher.waitFor();
    for (let i = 0; i < 5 && (await focused()) !== "Open chat"; i++) {
      await page.keyboard.press("Tab");
    }
    assert.equal(await focused(), "Open chat");
    await page.keyboard.press("Enter");
    assert.equal(await focused(), "Your message");
    await page.keyboard.type("line one");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("line two");
    await page.keyboard.press("Enter");
    await widget.answered("re: line one\nline two");
    assert.equal(await focused(), "Your message");
    await page.keyboard.type("hold");
    await page.keyboard.press("Enter");
    await widget.writes("so far");
    const seen = [];
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press("Shift+Tab");
      seen.push(await focused());
    }
    assert.deepEqual(seen, ["Attach files", "Stop", "Conversation"]);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await widget.part(".meta").getByText("Stopped.").waitFor();
    assert.equal(await focused(), "Your message", "the button is gone, the focus is not");
    await page.keyboard.press("Escape");
    await widget.panel.waitFor({ state: "hidden" });
    assert.equal(await focused(), "Open chat");
    await page.keyboard.press("Space");
    assert.equal(await focused(), "Your message");
  },

  async looks(visitor) {
    const { page, ...widget } = await demoPage(visitor);
    await picture(page, "closed");
    assert.deepEqual(await violations(page), []);
    await widget.open();
    await widget.send("What can you do for me?");
    await widget.answered("re: What can you do for me?");
    await widget.send("Look at https://example.org, please");
    await widget.answered("re: Look at https://example.org, please");
    await widget.send("fail");
    await widget.part(".meta").getByText("The answer broke off.").waitFor();
    await widget.send("hold");
    await widget.writes("so far");
    await picture(page, "light");
    assert.deepEqual(await violations(page), []);
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await picture(page, "dark");
    assert.deepEqual(await violations(page), []);
    assert.equal(await widget.part(".dots i").first().evaluate((dot) => getComputedStyle(dot).animationName), "none");
    await page.evaluate(() => (document.documentElement.dir = "rtl"));
    await picture(page, "rtl");
    const box = await widget.panel.boundingBox();
    assert.ok(box.x < 100, "it is at the other side");
    await page.evaluate(() => (document.documentElement.dir = "ltr"));
    await page.keyboard.press("Escape");
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 390, height: 780 });
    await widget.open();
    await picture(page, "mobile");
    assert.deepEqual(await widget.panel.boundingBox(), { x: 0, y: 0, width: 390, height: 780 });
    assert.deepEqual(await violations(page), []);
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press("Tab");
      assert.notEqual(await page.evaluate(() => document.activeElement.tagName), "PRE", "the page behind rests");
    }
  },

  async stop(visitor) {
    const { page, ...widget } = await demoPage(visitor);
    await widget.open();
    await widget.send("hold");
    await widget.writes("so far");
    await widget.part(".busy").getByRole("button", { name: "Stop" }).click();
    await widget.part(".meta").getByText("Stopped.").waitFor();
    await widget.part(".busy").waitFor({ state: "hidden" });
    const said = (await records(visitor.opened[0].sessionId, "out")).filter((data) => data?.type === "message");
    assert.deepEqual(said.map(({ content, stopped }) => [content, stopped]), [["so far", true]]);
    await widget.send("fail");
    await widget.part(".meta").getByText("The answer broke off.").waitFor();
    await widget.part(".entry.agent").getByRole("button", { name: "Try again" }).click();
    await page.waitForFunction(
      () => document.querySelector("#alloy-webchat").shadowRoot.querySelectorAll(".entry[data-state=failed]").length === 2,
    );
    assert.deepEqual(await ownMessages(visitor.opened[0].sessionId), ["hold", "fail", "fail"]);
  },

  async retry(visitor) {
    const parts = [];
    let lost = 0;
    // The server has got it, and the answer is lost: the worst that can happen to a message.
    await visitor.context.route("**/in/append", async (route) => {
      parts.push(route.request().headers()["x-part-id"]);
      if (lost-- > 0) {
        await route.fetch();
        await route.abort("connectionreset");
      } else {
        await route.continue();
      }
    });
    const { page, ...widget } = await demoPage(visitor);
    await widget.open();
    lost = 1;
    await widget.send("once");
    await widget.answered("re: once");
    assert.equal(new Set(parts).size, 1);
    // Not even its record arrives before the visitor tries again.
    await visitor.context.unroute("**/in/append");
    await visitor.context.route("**/in/append", async (route) => {
      parts.push(route.request().headers()["x-part-id"]);
      await (lost-- > 0 ? route.abort("connectionreset") : route.continue());
    });
    parts.length = 0;
    lost = 3;
    await widget.send("twice");
    await widget.part(".meta").getByText("Not sent.").waitFor();
    await widget.part(".entry.user").getByRole("button", { name: "Try again" }).click();
    await widget.answered("re: twice");
    assert.equal(parts.length, 4);
    assert.equal(new Set(parts).size, 1);
    assert.deepEqual(await ownMessages(visitor.opened[0].sessionId), ["once", "twice"]);
  },

  async expiry(visitor) {
    const { page, ...widget } = await demoPage(visitor);
    await widget.open();
    await widget.send("hello");
    await widget.answered("re: hello");
    const [{ sessionId }] = visitor.opened;
    await advance(5);
    await widget.notice.getByText("This chat ends in 5 minutes.").waitFor();
    await picture(page, "warning");
    assert.deepEqual(await violations(page), []);
    await widget.part(".keep, .notice .small").click();
    await widget.notice.getByText("This chat ends").waitFor({ state: "hidden" });
    await advance(1);
    const life = await records(sessionId, "channels/lifecycle/out");
    assert.deepEqual([life.at(-1).type, life.at(-1).cause], ["renewed", "manual"]);
    await advance(5);
    await widget.notice.getByText("This chat ends in").waitFor();
    // Writing, though nothing is sent, is a sign of life.
    await page.clock.install();
    await page.clock.fastForward(120_000);
    await widget.text.pressSequentially("a thought");
    await widget.notice.getByText("This chat ends").waitFor({ state: "hidden", timeout: 20_000 });
    await advance(20);
    await widget.part(".over").getByText("This chat has ended because it was quiet for long.").waitFor();
    await picture(page, "expired");
    assert.deepEqual(await violations(page), []);
    await page.reload();
    await widget.part(".over").getByRole("button", { name: "Start a new chat" }).click();
    assert.equal(await widget.entries.count(), 1, "only the greeting is left");
    await widget.send("again");
    await widget.answered("re: again");
    assert.equal(visitor.opened.length, 2);
    assert.equal(visitor.opened[1].visitorId, visitor.opened[0].visitorId);
  },

  async renewal(visitor) {
    await visitor.context.clock.install();
    const first = await demoPage(visitor);
    const second = await demoPage(visitor);
    await first.open();
    await first.send("hello");
    await first.answered("re: hello");
    const [{ sessionToken }] = visitor.opened;
    // A token tells whole seconds.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const renewed = visitor.context.waitForEvent("response", (response) => response.url().endsWith("/api/webchat/session/token"));
    await visitor.context.clock.fastForward(5 * 24 * 60 * 60_000);
    const answer = await renewed;
    assert.equal(answer.status(), 201);
    const fresh = (await answer.json()).sessionToken;
    assert.notEqual(fresh, sessionToken);
    for (const tab of [first, second]) {
      await tab.page.waitForFunction((token) => Object.values(localStorage).some((value) => value.includes(token)), fresh);
    }
    await first.send("and later");
    await first.answered("re: and later");
    await second.open();
    await second.send("from the other tab");
    await second.answered("re: from the other tab");
    const sent = visitor.requests.filter(({ url }) => url.endsWith("/in/append"));
    assert.deepEqual(sent.map(({ headers }) => headers.authorization), [sessionToken, fresh, fresh].map((token) => `Bearer ${token}`));
    assert.equal(visitor.requests.filter(({ url }) => url.endsWith("/session/token")).length, 1, "one tab asks for both");
    assert.equal(visitor.opened.length, 1, "the session is the same");
  },

  async closed(visitor) {
    const { page, ...widget } = await demoPage(visitor);
    await widget.open();
    await widget.send("hello");
    await widget.answered("re: hello");
    await server("POST", `/api/v1/sessions/${visitor.opened[0].sessionId}/close`, { reason: "done" });
    await widget.part(".over").getByText("This chat has been closed.").waitFor();
    assert.equal(await widget.text.isVisible(), false);
  },

  async refused(visitor) {
    const allow = (...allowedOrigins) => server("PUT", "/api/admin/organizations/demo/webchat", { allowedOrigins });
    await allow("https://other.example");
    try {
      const { page, ...widget } = await shopPage(visitor);
      await widget.open();
      await widget.send("hello?");
      await widget.notice.getByText("The chat isn't available at the moment.").waitFor();
      await widget.part(".meta").getByText("Not sent.").waitFor();
      assert.equal(await widget.part("[aria-live=polite]").innerText(), "Not sent.");
      assert.deepEqual(await violations(page), []);
      assert.equal(visitor.opened.length, 0);
      await allow("http://*.example");
      await widget.part(".entry.user").getByRole("button", { name: "Try again" }).click();
      await widget.answered("re: hello?");
      await widget.notice.getByText("The chat isn't available").waitFor({ state: "hidden" });
      assert.deepEqual(await ownMessages(visitor.opened[0].sessionId), ["hello?"]);
    } finally {
      await allow();
    }
  },

  async elsewhere(visitor) {
    const { page, ...widget } = await shopPage(visitor);
    assert.equal(await page.evaluate(() => isSecureContext), false);
    await widget.open();
    await widget.send("count 60");
    await widget.answered(counted(60));
    await assertGrew(page, counted(60));
    await picture(page, "elsewhere");
  },

  async comeback(visitor) {
    const { page, ...widget } = await demoPage(visitor);
    await widget.open();
    await widget.send("hello");
    await widget.answered("re: hello");
    await page.goto("about:blank");
    // Longer than the token is good.
    await advance(8 * 24 * 60);
    const refused = page.waitForResponse((response) => response.url().includes("/realtime/") && response.status() === 401);
    await page.goto(demo);
    await refused;
    await widget.part(".over").getByText("This chat has ended because it was quiet for long.").waitFor();
    await widget.answered("re: hello");
    await widget.part(".over").getByRole("button", { name: "Start a new chat" }).click();
    await widget.send("again");
    await widget.answered("re: again");
    assert.equal(visitor.opened.length, 2);
  },

  async files(visitor) {
    const { page, ...widget } = await demoPage(visitor);
    await widget.open();
    const pick = (files) => widget.part("input[type=file]").setInputFiles(files);
    const file = (name, bytes = "notes") => ({ name, mimeType: "text/plain", buffer: Buffer.from(bytes) });
    await pick([file("big.txt", Buffer.alloc(10_485_761))]);
    await widget.notice.getByText("big.txt is larger than 10 MB.").waitFor();
    await pick([file("page.html", "<!doctype html><html><body><script>alert(1)</script></body></html>")]);
    await widget.notice.getByText("page.html can't be sent: this kind of file isn't accepted.").waitFor();
    const network = await visitor.context.newCDPSession(page);
    const speed = (uploadThroughput) =>
      network.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
    await speed(500_000);
    await pick([file("slow.txt", Buffer.alloc(4_000_000, "slow "))]);
    const progress = widget.part(".composer progress");
    const sent = [];
    for (const atLeast of [0.1, 0.4]) {
      const shown = await progress.evaluateHandle(
        (bar, least) => new Promise((resolve) => {
          const look = () => (bar.value >= least ? resolve(bar.value) : requestAnimationFrame(look));
          look();
        }),
        atLeast,
      );
      sent.push(await shown.jsonValue());
    }
    assert.ok(sent[0] < sent[1] && sent[1] < 1, `it is shown how it goes on: ${sent}`);
    await picture(page, "uploading");
    await speed(-1);
    await progress.waitFor({ state: "hidden" });
    await widget.part(".composer .file").getByRole("button").click();
    await pick([file("notes.txt")]);
    await widget.part(".composer .file").getByText("notes.txt").waitFor();
    await widget.part(".composer progress").waitFor({ state: "hidden" });
    await picture(page, "files");
    assert.deepEqual(await violations(page), []);
    await widget.send("see there");
    await widget.answered("re: see there");
    const { sessionId } = visitor.opened[0];
    const [message] = await records(sessionId, "in");
    const [{ url, ...rest }] = message.attachments;
    assert.deepEqual(rest, { type: "document", name: "notes.txt", size: 5, mimeType: "text/plain" });
    assert.ok(url.startsWith(`${origin}/api/storage/files/`), url);
    assert.equal((await fetch(url)).status, 401);
    const saved = page.waitForEvent("download");
    await widget.part(".entry .file").click();
    assert.equal((await saved).suggestedFilename(), "notes.txt");
    await pick(Array.from({ length: 6 }, (_, i) => file(`${i}.txt`)));
    await widget.notice.getByText("At most five files go with a message.").waitFor();
    assert.equal(await widget.part(".composer .file").count(), 5);
    await widget.part(".composer .file").first().getByRole("button").click();
    assert.equal(await widget.part(".composer .file").count(), 4);
  },
};

play("widget", scenarios);
