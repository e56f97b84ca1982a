/** The page of one session. */
import { channel } from "./channel.js";
import { download } from "./download.js";
import { fill, h, problemLine, section } from "./elements.js";
import { showFacts } from "./facts.js";
import { nameOf, plural, status, time } from "./format.js";
import { ask, pathOf, streamOf } from "./server.js";
import { showTimeline } from "./timeline.js";

export function showSession(root, { id, signal }) {
  const problem = problemLine();
  const done = h("p", { class: "done good", role: "status" });
  const heading = h("h1", { tabindex: -1 }, id);
  const facts = h("dl", { class: "facts" });
  const streams = { in: channel(id, "in", signal), out: channel(id, "out", signal) };
  const happened = section("Timeline");
  const renewButton = h("button", { onclick: act(renew) }, "Renew");
  const closeButton = h("button", { class: "bad", onclick: () => ending.showModal() }, "Close…");
  const stopDownload = h("button", { hidden: true, onclick: () => downloading?.abort() }, "Cancel download");
  const ending = closeDialog((reason) => act(() => close(reason))());
  let downloading = null;
  let busy = false;

  function act(work) {
    return async (event) => {
      event?.preventDefault();
      problem.textContent = "";
      done.textContent = "";
      try {
        done.textContent = await work(event);
        await refresh();
      } catch (error) {
        if (!signal.aborted) {
          problem.textContent = error.name === "AbortError" ? "Cancelled." : error.message;
        }
      }
    };
  }

  async function renew() {
    const { expiresAt } = await ask(`${pathOf(id)}/renew`, { method: "POST", signal });
    return `Renewed: it ends ${time(expiresAt)}.`;
  }

  async function close(reason) {
    await ask(`${pathOf(id)}/close`, { method: "POST", json: reason ? { reason } : {}, signal });
    return "Closed.";
  }

  async function save() {
    downloading = new AbortController();
    stopDownload.hidden = false;
    const saving = AbortSignal.any([signal, downloading.signal]);
    try {
      const count = await download(id, saving, (so, all) => (done.textContent = `Downloading: ${so} of ${all} records`));
      return `Downloaded ${plural(count, "record")}.`;
    } finally {
      stopDownload.hidden = true;
    }
  }

  async function refresh() {
    const session = await ask(pathOf(id), { signal });
    heading.textContent = nameOf(session);
    document.title = `${nameOf(session)} – Parley console`;
    return session;
  }

  /** Looks at the row each time the timeline is looked at, one look at a time. */
  async function onLook(answer) {
    streams.in.at(answer.channels.in);
    streams.out.at(answer.channels.out);
    if (busy) {
      return;
    }
    busy = true;
    try {
      const session = await refresh();
      const open = facts.querySelector("details[open]");
      if (!open) {
        showFacts(facts, session, answer.lifetime);
      }
      const over = status(session) !== "active";
      renewButton.disabled = over || answer.lifetime === null;
      renewButton.title = answer.lifetime === null ? "It has no timeout that could be renewed" : "";
      closeButton.disabled = session.closedAt !== null;
    } catch (error) {
      if (!signal.aborted) {
        problem.textContent = error.message;
      }
    } finally {
      busy = false;
    }
  }

  const body = h("div");
  happened.append(body);
  fill(
    root,
    h("p", { class: "small" }, h("a", { href: "#/sessions" }, "Sessions")),
    h(
      "div",
      { class: "bar spread" },
      heading,
      h("div", { class: "bar" }, renewButton, h("button", { onclick: act(save) }, "Download"), stopDownload, closeButton),
    ),
    problem,
    done,
    section("Facts", facts),
    h("div", { class: "pair" }, streams.in.part, streams.out.part),
    h("div", { class: "pair" }, happened, section("Send a record", sendForm(id, act))),
    ending,
  );
  showTimeline(body, id, signal, onLook);
}

/** The part id makes it safe to press the button again when nobody has answered: there is one record all the same. */
function sendForm(id, act) {
  const text = h("textarea", { id: "record", required: true, spellcheck: "false" });
  const io = h("select", { id: "record-channel" }, h("option", { value: "in" }, ".in"), h("option", { value: "out" }, ".out"));
  let sent = null;
  const send = async () => {
    const same = sent?.text === text.value && sent.io === io.value;
    sent = same ? sent : { text: text.value, io: io.value, part: randomId() };
    const { seq } = await ask(`${streamOf(id, sent.io)}/append`, {
      method: "POST",
      body: sent.text,
      headers: { "x-part-id": sent.part, "content-type": "text/plain" },
    });
    const to = sent.io;
    sent = null;
    text.value = "";
    return `Sent: record ${seq} of .${to}.`;
  };
  return h(
    "form",
    { class: "send", onsubmit: act(send) },
    h("div", { class: "field" }, h("label", { for: "record-channel" }, "Channel"), io),
    h("div", { class: "field" }, h("label", { for: "record" }, "Text or JSON"), text),
    h("div", {}, h("button", { class: "main" }, "Send")),
  );
}

/** Also where the page came without HTTPS, which randomUUID needs. */
const randomId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function closeDialog(onClose) {
  const reason = h("input", { id: "reason", maxlength: 256, autocomplete: "off" });
  return h(
    "dialog",
    { "aria-labelledby": "closing" },
    h(
      "form",
      {
        method: "dialog",
        onsubmit: (event) => {
          if (event.submitter?.value === "close") {
            onClose(reason.value.trim());
          }
        },
      },
      h("h2", { id: "closing" }, "Close this session?"),
      h("p", {}, "Nothing can be written to it afterwards, and it can't be opened again."),
      h("div", { class: "field" }, h("label", { for: "reason" }, "Reason"), reason),
      h(
        "div",
        { class: "bar" },
        h("button", { value: "close", class: "bad" }, "Close the session"),
        h("button", { value: "keep", formnovalidate: true }, "Keep it open"),
      ),
    ),
  );
}
