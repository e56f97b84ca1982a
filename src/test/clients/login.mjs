// The login page as people use it.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { origin, picture, play, violations } from "./browser.mjs";

const PASSWORD = "correct horse battery";
const newEmail = () => `${randomUUID()}@example.com`;

/** The page, as far as somebody handles it. */
async function loginPage(visitor, query = "") {
  const page = await visitor.context.newPage();
  await page.goto(`${origin}/login${query}`);
  const part = (id) => page.locator(`#${id}`);
  const heading = (text) => page.getByRole("heading", { name: text, exact: true }).waitFor();
  return {
    page,
    part,
    heading,
    problem: (text) => page.getByRole("alert").getByText(text, { exact: true }).waitFor(),
    async enter(email, password) {
      await page.getByLabel("E-mail address").fill(email);
      await page.getByLabel("Password", { exact: true }).fill(password);
      await part("submit").click();
    },
    async signUp(email, password = PASSWORD) {
      await heading("Log in");
      await part("other").click();
      await heading("Sign up");
      await this.enter(email, password);
    },
  };
}

/** An account that was made elsewhere. */
async function account() {
  const email = newEmail();
  const response = await fetch(`${origin}/api/auth/signup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  assert.equal(response.status, 201);
  return email;
}

const statusOf = (page, path) => page.evaluate(async (path) => (await fetch(path)).status, path);

const scenarios = {
  async account(visitor) {
    const { page, part, heading, problem, ...login } = await loginPage(visitor);
    await heading("Log in");
    assert.deepEqual(await violations(page), []);
    await picture(page, "login");
    const email = newEmail();
    const posts = () => visitor.requests.filter(({ method }) => method === "POST").length;
    await part("other").click();
    assert.equal(await page.evaluate(() => document.activeElement.id), "email");
    assert.equal(await page.title(), "Sign up · Parley");
    await login.enter(email, "");
    await part("password").pressSequentially("too short");
    await part("submit").click();
    assert.equal(posts(), 0, "the browser itself says that it is too short");
    assert.ok(await part("password").evaluate((input) => input.validity.tooShort));
    assert.deepEqual(await violations(page), []);
    await login.enter(email, PASSWORD);
    await heading("Welcome");
    assert.equal(await part("who").innerText(), email);
    assert.equal(await part("where").innerText(), "My Organization");
    assert.equal(await page.evaluate(() => document.activeElement.id), "heading");
    assert.deepEqual(await violations(page), []);
    await picture(page, "logged-in");
    await page.reload();
    await heading("Welcome");
    await part("logout").click();
    await heading("Log in");
    assert.equal(await statusOf(page, "/api/init/whoami"), 401);
    await part("other").click();
    await login.enter(email, PASSWORD);
    await problem("This e-mail address has an account already. Log in instead.");
    await part("other").click();
    assert.equal(await page.getByRole("alert").innerText(), "");
    await login.enter(email, "a wrong password");
    await problem("Wrong e-mail address or password.");
    assert.deepEqual(await violations(page), []);
    await login.enter(email, PASSWORD);
    await heading("Welcome");
    await part("everywhere").click();
    await heading("Log in");
    assert.equal(await statusOf(page, "/api/init/whoami"), 401);
    const others = visitor.requests.filter(({ url }) => !url.startsWith(origin) && !url.startsWith("data:"));
    assert.deepEqual(others, [], "nobody else is asked for anything");
    assert.ok(visitor.requests.every(({ url }) => !url.includes(encodeURIComponent(email))), "nothing stands in an address");
  },

  async onward(visitor) {
    const email = await account();
    const first = await loginPage(visitor, `?next=${encodeURIComponent("/demo?from=login#top")}`);
    await first.heading("Log in");
    await first.enter(email, PASSWORD);
    await first.page.waitForURL(`${origin}/demo?from=login#top`);
    const again = await loginPage(visitor, "?next=/demo");
    await again.heading("Welcome");
    assert.equal(await again.part("onward").getAttribute("href"), "/demo");
    for (const elsewhere of ["https://evil.example/", "//evil.example/", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", "demo"]) {
      await again.page.goto(`${origin}/login?next=${encodeURIComponent(elsewhere)}`);
      await again.heading("Welcome");
      assert.equal(await again.part("onward").isVisible(), false, elsewhere);
    }
    // A path whose beginning is a host to whoever reads it a second time.
    await again.page.goto(`${origin}/login?next=${encodeURIComponent("/.//evil.example")}`);
    await again.heading("Welcome");
    await again.part("logout").click();
    await again.heading("Log in");
    await again.enter(email, PASSWORD);
    await again.page.waitForURL(`${origin}/evil.example`);
  },

  async throttled(visitor) {
    const email = await account();
    const { page, heading, problem, ...login } = await loginPage(visitor);
    await heading("Log in");
    for (let i = 0; i < 10; i++) {
      const answered = page.waitForResponse((response) => response.url().endsWith("/api/auth/login"));
      await login.enter(email, `wrong password ${i}`);
      assert.equal((await answered).status(), 401);
    }
    await login.enter(email, PASSWORD);
    await page.getByRole("alert").getByText(/^Too many attempts\. Try again in 1[45] minutes\.$/).waitFor();
    await picture(page, "login-throttled");
    await visitor.context.setOffline(true);
    await login.enter(email, PASSWORD);
    await problem("The server can't be reached. Look whether you are online, and try again.");
    await visitor.context.setOffline(false);
  },

  async keyboard(visitor) {
    const email = await account();
    const { page, part, heading } = await loginPage(visitor);
    await heading("Log in");
    // The heading is there before it is known that nobody is logged in.
    await part("email").waitFor();
    const order = [];
    for (let i = 0; i < 5; i++) {
      await page.keyboard.press("Tab");
      order.push(await page.evaluate(() => document.activeElement.id));
    }
    assert.deepEqual(order, ["email", "password", "reveal", "submit", "other"]);
    await part("email").focus();
    await page.keyboard.type(email);
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    assert.equal(await part("password").getAttribute("type"), "text");
    assert.equal(await part("reveal").getAttribute("aria-label"), "Hide password");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await heading("Welcome");
    assert.equal(await part("password").getAttribute("type"), "password", "it is shown to nobody afterwards");
    assert.equal(await part("password").inputValue(), "");
  },

  async looks(visitor) {
    const { page, heading, ...login } = await loginPage(visitor);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 360, height: 740 });
      await heading("Log in");
      assert.deepEqual(await violations(page), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than the screen");
      await picture(page, `login-small-${colorScheme}`);
    }
    await login.signUp(newEmail());
    await heading("Welcome");
    assert.deepEqual(await violations(page), []);
    await picture(page, "logged-in-small-dark");
  },
};

play("login", scenarios);
