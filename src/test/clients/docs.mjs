// The page /docs in a browser: it shows the document, asks nobody but the server, and breaks none of its own rules.
import assert from "node:assert/strict";
import { origin, picture, play } from "./browser.mjs";

async function document(visitor) {
  const page = await visitor.context.newPage();
  await page.goto(`${origin}/docs`);
  const openapi = await (await fetch(`${origin}/openapi.json`)).json();
  const described = Object.values(openapi.paths).flatMap((path) => Object.keys(path).filter((name) => name !== "parameters"));
  await page.locator(".opblock").first().waitFor({ timeout: 60_000 });
  assert.equal(await page.locator(".opblock").count(), described.length);
  assert.match(await page.locator(".info .title").first().innerText(), /^Parley/);
  await page.locator("#operations-Sessions-createSession button.opblock-summary-control").click();
  await page.locator("#operations-Sessions-createSession .responses-table").waitFor();
  const live = page.locator("#operations-Operations-live");
  await live.locator("button.opblock-summary-control").click();
  await live.getByRole("button", { name: "Try it out" }).click();
  await live.getByRole("button", { name: "Execute" }).click();
  const answer = live.locator(".live-responses-table tbody").first();
  await answer.waitFor();
  assert.match(await answer.innerText(), /200/);
  await picture(page, "docs");
  const others = visitor.requests.filter(({ url }) => !/^(data|blob):/.test(url) && !url.startsWith(`${origin}/`));
  assert.deepEqual(others, [], "nobody else is asked for anything");
}

play("docs", { document }, { viewport: { width: 1200, height: 900 } });
