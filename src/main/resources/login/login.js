// Logging in, signing up and logging out, by the routes under /api/auth. Where to go afterwards stands in ?next=, a path of this
// server.

const part = (id) => document.getElementById(id);

const SHORTEST_PASSWORD = 10;

const MODES = {
  login: { title: "Log in", question: "No account yet?", other: "Sign up", path: "/api/auth/login", autocomplete: "current-password" },
  signup: { title: "Sign up", question: "Already have an account?", other: "Log in", path: "/api/auth/signup", autocomplete: "new-password" },
};

let mode = "login";

/** Another place on this server, or null: whoever wrote a link must not send people elsewhere from here. */
function next() {
  const wanted = new URLSearchParams(location.search).get("next");
  if (!wanted?.startsWith("/")) {
    return null;
  }
  try {
    const { origin, pathname, search, hash } = new URL(wanted, location.origin);
    return origin === location.origin ? pathname.replace(/^\/+/, "/") + search + hash : null;
  } catch {
    return null;
  }
}

const plural = (count, unit) => (count === 1 ? `1 ${unit}` : `${count} ${unit}s`);

/** In words, rounded up. */
function wait(seconds) {
  if (seconds <= 90) {
    return plural(seconds, "second");
  }
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 90 ? plural(minutes, "minute") : plural(Math.ceil(minutes / 60), "hour");
}

/** What to tell somebody whose request was refused. */
function problemOf(response, text) {
  const seconds = Number(response.headers.get("Retry-After")) || 1;
  switch (response.status) {
    case 401:
      return part("inside").hidden ? "Wrong e-mail address or password." : "You are not logged in any more.";
    case 403:
      return "The request did not come from a page of this server. Open this page by its own address and try again.";
    case 409:
      return "This e-mail address has an account already. Log in instead.";
    case 429:
      return `Too many attempts. Try again in ${wait(seconds)}.`;
    case 503:
      return `The server has too much to do. Try again in ${wait(seconds)}.`;
    default:
      return text || `The server has answered with an error (${response.status}).`;
  }
}

/** The JSON of an answer, or null when a problem was shown instead. */
async function ask(path, body) {
  let response;
  try {
    response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      cache: "no-store",
    });
  } catch {
    tell("The server can't be reached. Look whether you are online, and try again.");
    return null;
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    tell(problemOf(response, answer.error));
    return null;
  }
  return answer;
}

function tell(problem) {
  part("problem").textContent = problem;
}

function title(text) {
  part("heading").textContent = text;
  document.title = `${text} · Parley`;
}

function show(wanted) {
  mode = wanted;
  const words = MODES[mode];
  title(words.title);
  part("submit").textContent = words.title;
  part("question").textContent = words.question;
  part("other").textContent = words.other;
  part("form").action = words.path;
  const password = part("password");
  const isNew = mode === "signup";
  password.autocomplete = words.autocomplete;
  password.minLength = isNew ? SHORTEST_PASSWORD : 0;
  part("hint").hidden = !isNew;
  if (isNew) {
    password.setAttribute("aria-describedby", "hint");
  } else {
    password.removeAttribute("aria-describedby");
  }
  part("form").hidden = false;
  part("inside").hidden = true;
}

function showInside({ user, organizations = [] }) {
  title("Welcome");
  part("who").textContent = user.email;
  part("where").textContent = organizations.map(({ name }) => name).join(", ");
  const onward = part("onward");
  const target = next();
  onward.hidden = !target;
  if (target) {
    onward.href = target;
  }
  part("form").hidden = true;
  part("inside").hidden = false;
}

function reveal(shown) {
  const button = part("reveal");
  part("password").type = shown ? "text" : "password";
  button.textContent = shown ? "Hide" : "Show";
  button.setAttribute("aria-label", shown ? "Hide password" : "Show password");
}

/** Runs the task; meanwhile nothing else is begun. */
async function alone(task) {
  const buttons = [...document.querySelectorAll("button")];
  tell("");
  buttons.forEach((button) => (button.disabled = true));
  try {
    await task();
  } finally {
    buttons.forEach((button) => (button.disabled = false));
  }
}

/** Who is logged in, or null. */
async function whoAmI() {
  const response = await fetch("/api/init/whoami", { cache: "no-store" }).catch(() => null);
  return response?.ok ? response.json() : null;
}

async function enter() {
  reveal(false);
  const { email, password } = part("form").elements;
  const answer = await ask(MODES[mode].path, { email: email.value, password: password.value });
  if (!answer) {
    return;
  }
  password.value = "";
  const target = next();
  if (target) {
    location.assign(target);
    return;
  }
  showInside((await whoAmI()) ?? answer);
  part("heading").focus();
}

async function leave(path) {
  if (await ask(path)) {
    show("login");
    part("heading").focus();
  }
}

part("form").addEventListener("submit", (event) => {
  event.preventDefault();
  alone(enter);
});
part("other").addEventListener("click", () => {
  tell("");
  show(mode === "login" ? "signup" : "login");
  part("email").focus();
});
part("reveal").addEventListener("click", () => reveal(part("password").type === "password"));
part("logout").addEventListener("click", () => alone(() => leave("/api/auth/logout")));
part("everywhere").addEventListener("click", () => alone(() => leave("/api/auth/logout?everywhere=true")));

const known = await whoAmI();
if (known) {
  showInside(known);
} else {
  show("login");
}
