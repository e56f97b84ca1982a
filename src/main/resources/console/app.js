/** The frame of the console: who is signed in, where one is, whether the server is there. */
import { showAgents } from "./agents.js";
import { fill, h } from "./elements.js";
import { showLogin } from "./login.js";
import { showOverview } from "./overview.js";
import { connection, isSignedIn, signOut } from "./server.js";
import { showSession } from "./session.js";
import { showSessions } from "./sessions.js";

const PAGES = [
  { path: "", name: "Overview", show: showOverview },
  { path: "sessions", name: "Sessions", show: showSessions },
  { path: "agents", name: "Agents", show: showAgents },
];

const notice = h("div", { class: "notice", role: "status" });
const main = h("main", { id: "main", tabindex: -1 });
const links = PAGES.map(({ path, name }) => h("a", { href: `#/${path}` }, name));
const bar = h(
  "header",
  { class: "top" },
  h("strong", {}, "Parley"),
  h("nav", { "aria-label": "Console" }, links),
  h("button", { onclick: signOut }, "Sign out"),
);
let leave = new AbortController();

/** What stands behind the # of the address: the path's segments and the parameters. */
function place() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { segments: path.split("/").map(decodeURIComponent), parameters: new URLSearchParams(query) };
}

function show() {
  leave.abort();
  leave = new AbortController();
  bar.hidden = !isSignedIn();
  if (!isSignedIn()) {
    document.title = "Sign in – Parley console";
    showLogin(main, show);
    return;
  }
  const { segments, parameters } = place();
  const page = PAGES.find(({ path }) => path === segments[0]) ?? PAGES[0];
  links.forEach((link, i) => {
    link.toggleAttribute("aria-current", PAGES[i] === page);
    if (PAGES[i] === page) {
      link.setAttribute("aria-current", "page");
    }
  });
  fill(main);
  const visit = page.path === "sessions" && segments[1] ? showSession : page.show;
  visit(main, { id: segments[1], parameters, signal: leave.signal });
  const heading = main.querySelector("h1");
  document.title = `${heading.textContent} – Parley console`;
  heading.focus();
}

connection.addEventListener("signed-out", show);
connection.addEventListener("lost", () => {
  const since = new Date().toLocaleTimeString("en-GB");
  notice.textContent = `The server can't be reached since ${since}. What you see may be old; it is tried again.`;
});
connection.addEventListener("found", () => (notice.textContent = ""));
addEventListener("hashchange", show);

document.body.append(
  h(
    "a",
    {
      class: "skip",
      href: "#main",
      onclick: (event) => {
        event.preventDefault();
        main.focus();
      },
    },
    "To the content",
  ),
  bar,
  notice,
  main,
);
show();
