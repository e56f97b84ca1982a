/** One channel of a session: live at its end, or replayed from any record. */
import { fill, h, moment, section } from "./elements.js";
import { readable, time, words } from "./format.js";
import { pause, streamOf } from "./server.js";
import { follow, range } from "./stream.js";

/** So many records are in the document at most. */
const WINDOW = 100;
const LONGEST_SHOWN = 4_000;
const SCRUB_PAUSE = 120;
const PLAY_PAUSE = 700;

/**
 * @param io "in" or "out"
 * @returns the part of the page, and how it is told where the channel ends
 */
export function channel(id, io, signal) {
  const path = streamOf(id, io);
  const title = `.${io}`;
  const state = h("span", { class: "small", role: "status" }, "Looking…");
  const list = h("ol", { class: "records", tabindex: 0, "aria-label": `Records of ${title}` });
  const slider = h("input", { type: "range", min: 0, max: 0, value: 0, "aria-label": `Record of ${title}` });
  const place = h("span", { class: "small" }, "no records");
  const play = h("button", { onclick: () => (playing ? stop() : start()) }, "Play");
  const live = h("button", { onclick: goLive }, "Live");
  let ends = null;
  let reading = new AbortController();
  let replaying = false;
  let playing = false;
  let scrub;

  const last = () => ends.nextSeq - 1;
  const isEmpty = () => ends === null || ends.nextSeq <= ends.firstSeq;

  /** Ends what is being read; what follows has a signal of its own. */
  function begin() {
    reading.abort();
    reading = new AbortController();
    return AbortSignal.any([signal, reading.signal]);
  }

  function add(records) {
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
    list.append(...records.slice(-WINDOW).map(entry));
    while (list.childElementCount > WINDOW) {
      list.firstChild.remove();
    }
    if (atEnd && !replaying) {
      list.scrollTop = list.scrollHeight;
    }
  }

  function showPlace(seq) {
    slider.min = ends.firstSeq;
    slider.max = Math.max(ends.firstSeq, last());
    slider.disabled = isEmpty();
    play.disabled = isEmpty();
    slider.value = seq;
    place.textContent = isEmpty() ? "no records" : `${seq} of ${ends.firstSeq}–${last()}`;
    slider.setAttribute("aria-valuetext", place.textContent);
  }

  function goLive() {
    stop();
    replaying = false;
    const mine = begin();
    fill(list);
    live.disabled = true;
    showPlace(last());
    const from = Math.max(ends.firstSeq, ends.nextSeq - WINDOW);
    const taken = (records) => {
      if (!mine.aborted) {
        ends = { ...ends, nextSeq: Math.max(ends.nextSeq, records.at(-1).seq + 1) };
        add(records);
        showPlace(last());
      }
    };
    follow(path, from, mine, taken, (text) => (state.textContent = text === "live" ? "Live" : text));
  }

  /** Shows the records from one on, which is marked. */
  async function replay(seq) {
    replaying = true;
    const mine = begin();
    live.disabled = false;
    showPlace(seq);
    state.textContent = `Replaying from ${seq}`;
    const records = await collected(seq, mine);
    fill(list, records.map(entry));
    list.scrollTop = 0;
    mark(seq);
  }

  /** Where the number belongs to a command, or was trimmed, the next record is marked. */
  function mark(seq) {
    list.querySelector("[aria-current]")?.removeAttribute("aria-current");
    const marked = [...list.children].find((element) => Number(element.dataset.seq) >= seq);
    marked?.setAttribute("aria-current", "true");
    if (marked) {
      list.scrollTop = marked.offsetTop - list.offsetTop - list.clientHeight / 3;
    }
    return marked ? Number(marked.dataset.seq) : null;
  }

  async function collected(seq, mine) {
    const records = [];
    for await (const part of range(path, seq, Math.min(ends.nextSeq, seq + WINDOW), mine)) {
      records.push(...part);
    }
    return records;
  }

  function stop() {
    playing = false;
    play.textContent = "Play";
  }

  /** Goes from record to record, from where the slider is, or from the first when it is at the end. */
  async function start() {
    playing = true;
    play.textContent = "Pause";
    const at = Number(slider.value);
    await replay(replaying && at < last() ? at : ends.firstSeq).catch(fail);
    const mine = AbortSignal.any([signal, reading.signal]);
    while (playing && !mine.aborted) {
      await pause(PLAY_PAUSE, mine);
      await step(mine);
    }
  }

  async function step(mine) {
    if (!playing || mine.aborted) {
      return;
    }
    const next = Number(slider.value) + 1;
    if (next > last()) {
      goLive();
      return;
    }
    const marked = mark(next);
    if (marked === null) {
      fill(list, (await collected(next, mine)).map(entry));
    }
    showPlace(mark(next) ?? next);
    state.textContent = `Replaying, at ${slider.value}`;
  }

  function fail(error) {
    if (error?.name !== "AbortError") {
      state.textContent = error.message;
    }
  }

  slider.addEventListener("input", () => {
    stop();
    clearTimeout(scrub);
    showPlace(Number(slider.value));
    scrub = setTimeout(() => replay(Number(slider.value)).catch(fail), SCRUB_PAUSE);
  });
  signal.addEventListener("abort", () => clearTimeout(scrub));

  return {
    part: section(title, h("div", { class: "bar" }, state), list, h("div", { class: "bar" }, slider, place, play, live)),
    /** Tells where the channel begins and ends now; with the first time it goes live. */
    at(now) {
      const first = ends === null;
      ends = { firstSeq: now.firstSeq, nextSeq: Math.max(now.nextSeq, ends?.nextSeq ?? 0) };
      if (first) {
        goLive();
      } else if (replaying) {
        showPlace(Number(slider.value));
      }
    },
  };
}

function entry(record) {
  const iso = new Date(record.timestamp).toISOString();
  const spoken = words(record.data);
  const about = [record.kind, record.id].filter(Boolean).map((text) => ` · ${text}`);
  return h(
    "li",
    { "data-seq": record.seq },
    h("div", { class: "small" }, `${record.seq} · `, moment(time(iso), iso), spoken?.by && ` · ${spoken.by}`, about),
    spoken ? [h("p", { class: "said" }, spoken.said.slice(0, LONGEST_SHOWN)), folded(record)] : whole(record),
  );
}

/** All of a record, written out when it is opened. */
function folded(record) {
  const details = h("details", { class: "small" }, h("summary", {}, "Record"));
  details.addEventListener("toggle", () => details.append(...whole(record)), { once: true });
  return details;
}

/** The text of a record; of a long one its beginning, and a button for the rest. */
function whole(record) {
  const text = readable(record.data);
  const body = h("pre", {}, text.slice(0, LONGEST_SHOWN));
  const rest = h("button", { onclick: () => (body.textContent = text) && rest.remove() }, `Show all ${text.length} characters`);
  return text.length > LONGEST_SHOWN ? [body, rest] : [body];
}
