/**
 * A chat with an agent for any page: one module, no framework, no request to anybody but the server it comes from.
 *
 *   <script type="module" src="https://chat.example.com/widget/alloy-webchat-widget.js"
 *     data-api-key="…" data-event-id="…" async></script>
 *
 * or, from a module of the page: import { init } from "…"; const chat = init({ apiKey, eventId }).
 *
 * A session begins with the visitor's first message and is kept in localStorage, so that reloads and other tabs go on with it.
 * Of the tabs that show a session one reads its streams and tells the others, for browsers open only six connections to an
 * HTTP/1.1 server. What a tab has shown stands in its sessionStorage with the sequence numbers it came up to.
 */

/** Where the server is: all in front of the path of this module, whose version may stand in it. */
const BASE = import.meta.url.slice(0, import.meta.url.lastIndexOf("/widget/"));

const NAME = "alloy-webchat";
const MAX_TEXT = 4000;
const MAX_FILES = 5;
const MAX_FILE_BYTES = 10_485_760;
const FILE_TYPES = "image/*,application/pdf,text/plain,text/xml,application/xml,.sqlite,.db";
const REQUEST_LIMIT = 15_000;
const DRAIN_LIMIT = 60_000;
/** The server gives a sign of life every ten seconds. */
const SILENCE_LIMIT = 25_000;
/** How long a read may go without a record before it is begun anew, in seconds; the most the server takes. */
const READ_SECONDS = 600;
const HEARTBEAT_PAUSE = 60_000;
const SNAPSHOT_ENTRIES = 300;
/** The token is renewed when this part of its life is over. */
const TOKEN_RENEWAL = 0.6;
/** The longest time that a browser's timer takes, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** What is said to the visitor; init({ labels }) replaces any of it. */
const LABELS = {
  title: "Chat",
  agent: "Assistant",
  you: "You",
  greeting: "Hello! How can we help?",
  open: "Open chat",
  close: "Close chat",
  unread: (n) => (n === 1 ? "1 new message" : `${n} new messages`),
  conversation: "Conversation",
  message: "Your message",
  placeholder: "Write a message…",
  send: "Send",
  attach: "Attach files",
  remove: (name) => `Remove ${name}`,
  download: (name) => `Download ${name}`,
  sending: "Sending…",
  notSent: "Not sent.",
  retry: "Try again",
  writing: "Assistant is writing…",
  stop: "Stop",
  stopped: "Stopped.",
  answerFailed: "The answer broke off.",
  newest: "Newest messages",
  offline: "You are offline. The chat goes on when the network is back.",
  reconnecting: "Reconnecting…",
  warning: (minutes) => `This chat ends in ${minutes === 1 ? "a minute" : `${minutes} minutes`}.`,
  keep: "Keep it open",
  atMaximum: "This chat can't be kept open any longer.",
  expired: "This chat has ended because it was quiet for long.",
  closed: "This chat has been closed.",
  anew: "Start a new chat",
  unavailable: "The chat isn't available at the moment.",
  fileTooLarge: (name) => `${name} is larger than 10 MB.`,
  tooManyFiles: "At most five files go with a message.",
  fileRefused: (name) => `${name} can't be sent: this kind of file isn't accepted.`,
  fileFailed: (name) => `${name} could not be sent.`,
};

// ---------------------------------------------------------------------------------------------------- requests

/** An answer that is none; status 0 when nothing came back. */
class Refusal extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }

  /** Whether the same request may succeed later. */
  get isTemporary() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** What read makes of the answer, all within the limit, in milliseconds; 0 for none. */
async function request(path, { method = "POST", token, headers = {}, body, signal, limit = REQUEST_LIMIT }, read) {
  const abort = new AbortController();
  const timer = limit && setTimeout(() => abort.abort(), limit);
  signal?.addEventListener("abort", () => abort.abort(), { once: true });
  if (signal?.aborted) {
    abort.abort();
  }
  try {
    const response = await fetch(BASE + path, {
      method,
      headers: {
        ...(token && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: abort.signal,
      credentials: "omit",
      cache: "no-store",
    });
    if (!response.ok) {
      throw new Refusal(response.status, errorText(await response.text()));
    }
    return await read(response);
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(0, String(error));
  } finally {
    clearTimeout(timer);
  }
}

const call = (path, options) => request(path, options, (response) => response.json());

function errorText(body) {
  try {
    const { error } = JSON.parse(body);
    return error?.message ?? String(error);
  } catch {
    return body.slice(0, 200);
  }
}

const sessionPath = (session, rest) => `/api/messaging/sessions/${encodeURIComponent(session.sessionId)}/${rest}`;
const streamPath = (session, rest) => `/realtime/v1/sessions/${encodeURIComponent(session.sessionId)}/${rest}`;

/** When a token that has just come is to be renewed, by the browser's own clock, which need not be right. */
function renewalOf(token) {
  const { iat, exp } = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  return Date.now() + TOKEN_RENEWAL * (exp - iat) * 1000;
}

/** How long to wait before the next try, in milliseconds: never all visitors at once. */
const pauseAfter = (tries) => Math.min(10_000, 250 * 2 ** tries) * (0.5 + Math.random() / 2);

/** A random UUID; pages without TLS have no crypto.randomUUID. */
function newId() {
  if (crypto.randomUUID) {
    return crypto.randomUUID();
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Runs the task while no other tab runs one of that name. */
function exclusively(name, task) {
  return navigator.locks ? navigator.locks.request(name, task) : task();
}

/** A storage of the browser that may be forbidden, full or spoilt; then it forgets. */
class Store {
  #area;
  #key;
  #memory = {};

  constructor(area, key) {
    this.#area = area;
    this.#key = key;
  }

  get key() {
    return this.#key;
  }

  read() {
    try {
      return JSON.parse(self[this.#area].getItem(this.#key)) ?? {};
    } catch {
      return this.#memory;
    }
  }

  /** Changes some of the fields. */
  write(fields) {
    this.#memory = { ...this.read(), ...fields };
    try {
      self[this.#area].setItem(this.#key, JSON.stringify(this.#memory));
    } catch {
      // It stays in memory, for as long as the page does.
    }
  }
}

/**
 * One look at, or change of, what all tabs agree on. What one tab writes to localStorage reaches the others a moment late, even
 * when they wait for its lock; this is in order. Rejects where there is no such thing.
 */
function agreed(action) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("sessions");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction("sessions", "readwrite");
      const done = action(transaction.objectStore("sessions"));
      transaction.oncomplete = () => resolve(done.result);
      transaction.onabort = () => reject(transaction.error);
      database.close();
    };
  });
}

// ---------------------------------------------------------------------------------------------------- streams

const STREAMS = { in: "in", out: "out", lifecycle: "channels/lifecycle/out" };

/** Server-sent events of a body that is read as it comes. */
async function* eventsOf(body, onBytes) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    onBytes();
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const event = { name: "message", data: "" };
      for (const line of block.split("\n")) {
        if (line.startsWith("event: ")) {
          event.name = line.slice(7);
        } else if (line.startsWith("data: ")) {
          event.data += line.slice(6);
        }
      }
      yield event;
    }
  }
}

/** A record as it is told on: what it holds, or which control record it is. */
function recordOf(seq, headers = [], data) {
  return headers.length ? { seq, control: headers[0][1], headers: Object.fromEntries(headers) } : { seq, data: objectOf(data) };
}

function envelopeData(body) {
  try {
    return JSON.parse(body).data;
  } catch {
    return null;
  }
}

/** Records that came over HTTP hold their JSON as text. */
function objectOf(data) {
  if (typeof data !== "string") {
    return data;
  }
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

/**
 * The three streams of a session, each record once and in order, from the numbers given on. The tab that holds the lock reads
 * them from the server and tells the others; what another tab has missed it fetches itself.
 *
 * The listener hears records(stream, records), link("online" | "reconnecting" | "offline"), caughtUp() and, once, lost(refusal).
 */
class Feed {
  #session;
  #next;
  #listener;
  #end = new AbortController();
  #channel = null;
  #leads = false;
  #catching = null;
  #missing = false;
  #broken = new Set();
  #hurry = new EventTarget();

  constructor(session, next, listener) {
    this.#session = session;
    this.#next = { in: 0, out: 0, lifecycle: 0, ...next };
    this.#listener = listener;
  }

  /** The numbers up to which records have been told. */
  get next() {
    return { ...this.#next };
  }

  start() {
    const name = `${NAME}:${this.#session.sessionId}`;
    const signal = this.#end.signal;
    if (self.BroadcastChannel) {
      this.#channel = new BroadcastChannel(name);
      this.#channel.onmessage = ({ data }) => this.#heard(data);
    }
    for (const [target, event] of [[self, "online"], [self, "offline"], [document, "visibilitychange"]]) {
      target.addEventListener(event, () => this.#look(), { signal });
    }
    this.#run(name).catch(() => this.stop());
  }

  stop() {
    this.#end.abort();
    this.#channel?.close();
    this.#wake();
  }

  async #run(name) {
    await this.#catchUp();
    if (this.#end.signal.aborted) {
      return;
    }
    this.#listener.caughtUp();
    const lead = () => {
      this.#leads = true;
      return Promise.all(Object.keys(STREAMS).map((stream) => this.#follow(stream)));
    };
    if (navigator.locks) {
      await navigator.locks.request(name, { signal: this.#end.signal }, lead);
    } else {
      await lead();
    }
  }

  /** The network has come or gone, or the tab has come to the front. */
  #look() {
    this.#wake();
    if (!navigator.onLine) {
      this.#told("offline");
    } else if (!this.#leads && document.visibilityState === "visible") {
      this.#catchUp();
    }
  }

  /** Without a lock all tabs would read, and use up the connections: the hidden ones rest. */
  get #rests() {
    return !navigator.locks && document.visibilityState === "hidden";
  }

  #wake() {
    this.#hurry.dispatchEvent(new Event("now"));
  }

  #told(link) {
    if (!this.#end.signal.aborted) {
      this.#listener.link(navigator.onLine ? link : "offline");
    }
  }

  #say(message) {
    if (this.#leads && !this.#end.signal.aborted) {
      this.#channel?.postMessage(message);
    }
  }

  #heard({ stream, from, next, records, link }) {
    if (link) {
      if (!this.#leads) {
        this.#told(link);
      }
    } else if (from > this.#next[stream]) {
      this.#missing = true;
      this.#catchUp();
    } else {
      this.#take(stream, records, next);
    }
  }

  #take(stream, records, next) {
    const from = this.#next[stream];
    const news = records.filter((record) => record.seq >= from);
    if (!this.#end.signal.aborted && next > from) {
      this.#next[stream] = next;
      this.#listener.records(stream, news);
      this.#say({ stream, from, next, records: news });
    }
  }

  #catchUp() {
    this.#catching ??= this.#drainAll().finally(() => {
      this.#catching = null;
    });
    return this.#catching;
  }

  async #drainAll() {
    for (let tries = 0; !this.#end.signal.aborted; tries++) {
      this.#missing = false;
      try {
        await Promise.all(Object.keys(STREAMS).map((stream) => this.#drain(stream)));
        this.#told("online");
        if (!this.#missing) {
          return;
        }
      } catch (refusal) {
        if (!refusal.isTemporary) {
          this.#lose(refusal);
          return;
        }
        this.#told("reconnecting");
      }
      await this.#pause(tries);
    }
  }

  async #drain(stream) {
    const next = this.#next[stream];
    const { records } = await call(
      streamPath(this.#session, `${STREAMS[stream]}/records${next ? `?afterEventId=${next - 1}` : ""}`),
      { method: "GET", token: this.#session.sessionToken, signal: this.#end.signal, limit: DRAIN_LIMIT },
    );
    const last = records.at(-1);
    if (last) {
      this.#take(stream, records.map((record) => recordOf(record.seqNum, record.headers, record.data)), last.seqNum + 1);
    }
  }

  async #follow(stream) {
    for (let tries = 0; !this.#end.signal.aborted; ) {
      if (this.#rests) {
        await this.#pause(0);
        continue;
      }
      const seen = this.#next[stream];
      const refusal = await this.#read(stream);
      if (this.#end.signal.aborted) {
        return;
      }
      if (!refusal) {
        // The proper end of a quiet read.
        continue;
      }
      if (!refusal.isTemporary) {
        this.#lose(refusal);
        return;
      }
      tries = this.#next[stream] > seen ? 1 : tries + 1;
      this.#linked(stream, false);
      await this.#pause(tries);
    }
  }

  /** Reads until the end, for which it returns null, or until something breaks. */
  async #read(stream) {
    const abort = new AbortController();
    const stop = () => abort.abort();
    const look = () => (navigator.onLine && !this.#rests) || stop();
    let timer = setTimeout(stop, SILENCE_LIMIT);
    this.#end.signal.addEventListener("abort", stop, { once: true });
    this.#hurry.addEventListener("now", look);
    try {
      const next = this.#next[stream];
      const headers = {
        Accept: "text/event-stream",
        "Timeout-Seconds": String(READ_SECONDS),
        ...(next && { "Last-Event-ID": String(next - 1) }),
      };
      const body = await request(
        streamPath(this.#session, STREAMS[stream]),
        { method: "GET", token: this.#session.sessionToken, headers, signal: abort.signal, limit: 0 },
        (response) => response.body,
      );
      this.#linked(stream, true);
      const alive = () => {
        clearTimeout(timer);
        timer = setTimeout(stop, SILENCE_LIMIT);
      };
      for await (const { name, data } of eventsOf(body, alive)) {
        if (name === "batch") {
          const { records } = JSON.parse(data);
          this.#take(
            stream,
            records.map((record) => recordOf(record.seq_num, record.headers, envelopeData(record.body))),
            records.at(-1).seq_num + 1,
          );
        } else if (name === "error") {
          return new Refusal(0, data);
        } else if (data === "[DONE]") {
          return null;
        }
      }
      return new Refusal(0, "the stream broke off");
    } catch (error) {
      return error instanceof Refusal ? error : new Refusal(0, String(error));
    } finally {
      clearTimeout(timer);
      this.#hurry.removeEventListener("now", look);
      this.#end.signal.removeEventListener("abort", stop);
      stop();
    }
  }

  #linked(stream, works) {
    if (works) {
      this.#broken.delete(stream);
    } else {
      this.#broken.add(stream);
    }
    const link = this.#broken.size ? "reconnecting" : "online";
    this.#told(link);
    this.#say({ link });
  }

  #lose(refusal) {
    if (!this.#end.signal.aborted) {
      this.stop();
      this.#listener.lost(refusal);
    }
  }

  /** Until the next try, or until something has changed. */
  #pause(tries) {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#hurry.removeEventListener("now", done);
        resolve();
      };
      const timer = this.#rests ? 0 : setTimeout(done, pauseAfter(tries));
      this.#hurry.addEventListener("now", done);
    });
  }
}

// ---------------------------------------------------------------------------------------------------- conversation

/** Behind all that has a time: what the server does not know yet, and below it the answer that is being written. */
const NOT_YET = 8e15;
const BEING_WRITTEN = 9e15;

/**
 * What is shown, made of the records. An entry is { id, role: "user" | "agent", text, at, state, attachments, inReplyTo };
 * states of the visitor's own: sending, failed, sent; of an answer: writing, done, stopped, failed.
 */
class Conversation {
  #byId = new Map();
  #asked = -1;
  #answered = -1;

  /** In the order in which they are shown. */
  entries = [];

  /** Whether an answer is still to come, or coming. */
  get isBusy() {
    return this.#asked > this.#answered;
  }

  get(id) {
    return this.#byId.get(id);
  }

  draft(text, attachments) {
    const entry = { id: newId(), role: "user", text, attachments, at: NOT_YET + this.entries.length, state: "sending" };
    this.#put(entry);
    return entry;
  }

  take(stream, record) {
    if (stream === "in") {
      this.#takeQuestion(record);
    } else if (record.control === "turn-complete") {
      this.#answered = Math.max(this.#answered, Number(record.headers["session-in-event-id"] ?? this.#asked));
      this.#drop((entry) => entry.state === "writing");
    } else {
      this.#takeAnswer(record.data ?? {});
    }
  }

  #takeQuestion({ seq, data }) {
    if (data?.type !== "message") {
      return;
    }
    this.#asked = seq;
    this.#put({
      id: data.id,
      role: "user",
      text: data.content,
      attachments: attachmentsOf(data),
      at: Date.parse(data.createdAt),
      state: "sent",
    });
  }

  #takeAnswer(data) {
    if (data.type === "text-delta") {
      this.#takeDelta(data);
    } else if (data.type === "message") {
      this.#dropWritten(data.inReplyTo, data.id);
      const attachments = attachmentsOf(data);
      if (!data.content && !attachments.length) {
        return;
      }
      this.#put({
        id: data.id,
        role: "agent",
        text: data.content,
        attachments,
        at: Date.parse(data.createdAt),
        state: data.stopped ? "stopped" : "done",
        inReplyTo: data.inReplyTo,
      });
    } else if (data.type === "error") {
      const text = data.partialText ?? this.get(data.messageId)?.text ?? "";
      const at = (this.get(data.inReplyTo)?.at ?? this.#lastTime()) + 0.5;
      this.#dropWritten(data.inReplyTo, data.messageId);
      this.#put({ id: data.messageId, role: "agent", text, attachments: [], at, state: "failed", inReplyTo: data.inReplyTo });
    }
  }

  /** Pieces of another id in reply to the same message: the agent was cut off and begins again. */
  #takeDelta({ messageId, inReplyTo, index, delta }) {
    const entry = this.get(messageId);
    if (!entry) {
      this.#dropWritten(inReplyTo, messageId);
      this.#put({ id: messageId, role: "agent", text: delta, pieces: index + 1, attachments: [], at: BEING_WRITTEN, state: "writing", inReplyTo });
    } else if (entry.state === "writing" && index === entry.pieces) {
      entry.text += delta;
      entry.pieces++;
    }
  }

  #dropWritten(inReplyTo, otherThan) {
    this.#drop((entry) => entry.state === "writing" && entry.inReplyTo === inReplyTo && entry.id !== otherThan);
  }

  #drop(condition) {
    for (const entry of this.entries.filter(condition)) {
      this.#byId.delete(entry.id);
    }
    this.entries = this.entries.filter((entry) => this.#byId.has(entry.id));
  }

  #lastTime() {
    return Math.max(0, ...this.entries.filter((entry) => entry.at < NOT_YET).map((entry) => entry.at));
  }

  /** A known entry stays the same object, for what shows it. */
  #put(entry) {
    const known = this.get(entry.id);
    if (known) {
      Object.assign(known, entry);
    } else {
      this.#byId.set(entry.id, entry);
      this.entries.push(entry);
    }
    this.entries.sort((a, b) => a.at - b.at);
  }

  save() {
    return { entries: this.entries.slice(-SNAPSHOT_ENTRIES), asked: this.#asked, answered: this.#answered };
  }

  /** What was being sent when the page went may not have arrived: it is shown as not sent until its record comes. */
  static load({ entries, asked, answered }) {
    const conversation = new Conversation();
    for (const entry of entries) {
      conversation.#put(entry.state === "sending" ? { ...entry, state: "failed" } : entry);
    }
    conversation.#asked = asked;
    conversation.#answered = answered;
    return conversation;
  }
}

function attachmentsOf(data) {
  const list = data.attachments ?? data.metadata?.attachments;
  return Array.isArray(list) ? list.filter((one) => typeof one?.url === "string") : [];
}

// ---------------------------------------------------------------------------------------------------- chat

/** How a session has ended that refuses its own visitor. */
const endOf = ({ status, message }) => (status === 401 || /expired/.test(message) ? "expired" : "closed");

/**
 * The visitor's session and what can be done in it. After each change it calls changed(), and reportEnd(entry) once for each answer
 * that has come to its end before the visitor's eyes, and for each message that could not be sent.
 */
class Chat {
  #config;
  #changed;
  #reportEnd;
  #visitor;
  #read;
  #tab;
  #session = null;
  #feed = null;
  #live = false;
  #opening = null;
  #queue = Promise.resolve();
  #over = null;
  #lastSign = 0;
  #renewal = 0;
  #end = new AbortController();

  conversation = new Conversation();
  /** online | reconnecting | offline */
  link = navigator.onLine ? "online" : "offline";
  /** { minutes } while the end is near. */
  warning = null;
  /** expired | closed once it has ended. */
  ended = null;
  /** Whether the server does not want to talk to this page. */
  refused = false;
  isStopping = false;

  constructor(config, changed, reportEnd) {
    this.#config = config;
    this.#changed = changed;
    this.#reportEnd = reportEnd;
    const key = `${NAME}:${BASE}:${config.apiKey}:${config.eventId}`;
    this.#visitor = new Store("localStorage", key);
    this.#read = new Store("localStorage", `${key}:read`);
    this.#tab = new Store("sessionStorage", key);
  }

  start() {
    const signal = this.#end.signal;
    const on = (target, event, action) => target.addEventListener(event, action, { signal });
    on(self, "storage", ({ key }) => key === this.#visitor.key && this.#follow());
    on(self, "online", () => this.#sendAgain());
    on(self, "pagehide", () => this.#leave());
    on(self, "pageshow", ({ persisted }) => persisted && this.#connect());
    on(document, "visibilitychange", () => this.#save());
    const { session } = this.#visitor.read();
    if (session) {
      const saved = this.#tab.read();
      this.#adopt(session, saved.sessionId === session.sessionId ? saved : null);
    }
  }

  destroy() {
    this.#leave();
    clearTimeout(this.#renewal);
    this.#end.abort();
  }

  /** Whether the panel of this tab was open, for the next page. */
  get wasOpen() {
    return this.#tab.read().open ?? false;
  }

  set wasOpen(open) {
    this.#tab.write({ open });
  }

  /** Answers that have come since the visitor last looked. */
  get unread() {
    const { readAt = 0 } = this.#read.read();
    return this.conversation.entries.filter((e) => e.role === "agent" && e.at < NOT_YET && e.at > readAt).length;
  }

  markRead() {
    if (this.unread) {
      const times = this.conversation.entries.filter((entry) => entry.at < NOT_YET).map((entry) => entry.at);
      this.#read.write({ readAt: Math.max(...times) });
    }
  }

  #save() {
    if (this.#session) {
      const { warning, ended } = this;
      this.#tab.write({ sessionId: this.#session.sessionId, next: this.#next, conversation: this.conversation.save(), warning, ended });
    }
  }

  #leave() {
    this.#save();
    this.#feed?.stop();
    this.#feed = null;
  }

  /** Another tab has begun a new session, or has a fresh token of this one. */
  #follow() {
    const { session } = this.#visitor.read();
    if (session && session.sessionId !== this.#session?.sessionId) {
      this.#adopt(session, null);
    } else if (session) {
      this.#refresh(session);
    }
    this.#changed();
  }

  /** What reads and sends holds the same object, so it goes on with the fresh token. */
  #refresh({ sessionToken, renewAt }) {
    Object.assign(this.#session, { sessionToken, renewAt });
    this.#planRenewal();
  }

  #planRenewal() {
    clearTimeout(this.#renewal);
    const session = this.#session;
    const wait = (session.renewAt ?? 0) - Date.now();
    this.#renewal = setTimeout(() => this.#renewToken(session), Math.min(LONGEST_TIMER, Math.max(0, wait)));
  }

  /** Once for all tabs: who comes second finds it done. */
  async #renewToken(session) {
    if (this.ended || session !== this.#session) {
      return;
    }
    try {
      await exclusively(`${this.#visitor.key}:renew`, async () => {
        const stored = await this.#stored();
        const known = stored?.sessionId === session.sessionId ? stored : session;
        Object.assign(session, (known.renewAt ?? 0) > Date.now() ? known : await this.#freshToken(session));
        this.#visitor.write({ session });
        await agreed((all) => all.put(session, this.#visitor.key)).catch(() => {});
      });
    } catch (refusal) {
      if (!refusal.isTemporary) {
        // Whoever uses the token next hears it, too.
        return;
      }
      session.renewAt = Date.now() + HEARTBEAT_PAUSE;
    }
    if (session === this.#session) {
      this.#planRenewal();
    }
  }

  async #freshToken(session) {
    const { sessionToken } = await call("/api/webchat/session/token", { token: session.sessionToken });
    return { sessionToken, renewAt: renewalOf(sessionToken) };
  }

  /** The session that all tabs agree on, if there is one. */
  async #stored() {
    const { key } = this.#visitor;
    return (await agreed((all) => all.get(key)).catch(() => null)) ?? this.#visitor.read().session;
  }

  #adopt(session, saved) {
    this.#feed?.stop();
    this.#feed = null;
    if (saved?.conversation) {
      this.conversation = Conversation.load(saved.conversation);
    } else if (this.#session) {
      this.conversation = new Conversation();
    }
    this.#session = session;
    this.warning = saved?.warning ?? null;
    this.ended = saved?.ended ?? null;
    this.#planRenewal();
    this.#connect(saved?.next ?? {});
  }

  /** The numbers that the conversation of this session came up to. */
  get #next() {
    const saved = this.#tab.read();
    return this.#feed?.next ?? (saved.sessionId === this.#session.sessionId ? saved.next : {});
  }

  #connect(next = this.#session && this.#next) {
    if (!this.#session || this.#feed || this.ended) {
      return;
    }
    this.#live = false;
    const feed = new Feed(this.#session, next, {
      records: (stream, records) => this.#take(stream, records),
      link: (link) => {
        this.link = link;
        this.#changed();
      },
      caughtUp: () => {
        this.#live = true;
      },
      lost: (refusal) => this.#lost(refusal),
    });
    this.#feed = feed;
    feed.start();
  }

  #take(stream, records) {
    for (const record of records) {
      if (stream === "lifecycle") {
        this.#takeLife(record.data ?? {});
        continue;
      }
      this.conversation.take(stream, record);
      const entry = this.conversation.get(record.data?.id ?? record.data?.messageId);
      if (this.#live && entry?.role === "agent" && entry.state !== "writing") {
        this.#reportEnd(entry);
      }
    }
    if (!this.conversation.isBusy) {
      this.isStopping = false;
    }
    this.#changed();
  }

  #takeLife({ type, minutesRemaining }) {
    if (type === "warning") {
      this.warning = { minutes: minutesRemaining };
    } else if (type === "renewed") {
      this.warning = null;
    } else if (type === "expired") {
      this.#finish("expired");
    } else if (type === "closed" || type === "deleted") {
      this.#finish("closed");
    }
  }

  /** What was said last may be on its way still. */
  #finish(how) {
    this.ended ??= how;
    this.warning = null;
    const feed = this.#feed;
    setTimeout(() => feed?.stop(), 2_000);
    this.#changed();
  }

  #lost(refusal) {
    this.#complain(refusal);
    this.#finish(endOf(refusal));
  }

  /** For whoever runs the page. */
  #complain(refusal) {
    console.warn(`${NAME}: ${refusal.status} ${refusal.message}`);
  }

  /** The session, which is opened when there is none. */
  async #ready() {
    if (!this.#session) {
      this.#opening ??= this.#open().finally(() => {
        this.#opening = null;
      });
      await this.#opening;
    }
    return this.#session;
  }

  async #open() {
    const { key } = this.#visitor;
    const session = await exclusively(`${key}:open`, async () => {
      const stored = await this.#stored();
      if (stored && stored.sessionId !== this.#over) {
        return stored;
      }
      const { apiKey, eventId } = this.#config;
      const { visitorId } = this.#visitor.read();
      const answer = await call("/api/webchat/session", { body: { apiKey, eventId, ...(visitorId && { visitorId }) } });
      const opened = { ...answer, renewAt: renewalOf(answer.sessionToken) };
      await agreed((all) => all.put(opened, key)).catch(() => {});
      return opened;
    });
    this.#visitor.write({ visitorId: session.visitorId, session });
    if (this.#session?.sessionId !== session.sessionId) {
      this.#adopt(session, null);
    }
  }

  send(text, attachments = []) {
    this.#deliver(this.conversation.draft(text, attachments));
  }

  /** Under the same part id: should it have arrived, it is not there twice. */
  retry(entry) {
    entry.state = "sending";
    this.#deliver(entry);
  }

  #sendAgain() {
    this.conversation.entries.filter((entry) => entry.state === "failed" && entry.role === "user").forEach((e) => this.retry(e));
  }

  #deliver(entry) {
    this.#changed();
    this.#queue = this.#queue.then(() => this.#post(entry));
  }

  async #post(entry) {
    for (let tries = 0; entry.state === "sending"; tries++) {
      try {
        await this.#append(await this.#ready(), entry);
        this.refused = false;
        this.#lastSign = Date.now();
        entry.state = "sent";
      } catch (refusal) {
        if (refusal.isTemporary && navigator.onLine && tries < 2 && !this.ended) {
          await new Promise((resolve) => setTimeout(resolve, pauseAfter(tries)));
        } else {
          this.#notSent(entry, refusal);
        }
      }
    }
    this.#changed();
  }

  #append(session, { id, text, attachments }) {
    return call(streamPath(session, "in/append"), {
      token: session.sessionToken,
      headers: { "X-Part-Id": id },
      body: { type: "message", id, role: "user", content: text, metadata: {}, ...(attachments.length && { attachments }) },
    });
  }

  #notSent(entry, refusal) {
    // Its record may have come first.
    if (entry.state === "sending") {
      entry.state = "failed";
      this.#reportEnd(entry);
    }
    if (refusal.isTemporary) {
      return;
    }
    this.#complain(refusal);
    if (!this.#session) {
      this.refused = true;
    } else if (refusal.status !== 413) {
      this.#finish(endOf(refusal));
    }
  }

  async #ask(what) {
    const session = await this.#ready();
    return call(sessionPath(session, what), { token: session.sessionToken, body: {} });
  }

  /** Ends the answer that is being written, with what was said so far. */
  async stop() {
    this.isStopping = true;
    this.#changed();
    try {
      await this.#ask("stop");
    } catch (refusal) {
      this.#complain(refusal);
      this.isStopping = false;
    }
    this.#changed();
  }

  /** The visitor wants to stay. */
  async renew() {
    try {
      await this.#ask("renew");
      this.#lastSign = Date.now();
      this.warning = null;
    } catch (refusal) {
      if (refusal.status === 422) {
        this.warning = { ...this.warning, final: true };
      } else {
        this.#complain(refusal);
      }
    }
    this.#changed();
  }

  /** The visitor is at work, though nothing has been sent. */
  signOfLife() {
    if (this.#session && !this.ended && navigator.onLine && Date.now() - this.#lastSign > HEARTBEAT_PAUSE) {
      this.#lastSign = Date.now();
      this.#ask("heartbeat").catch(() => {});
    }
  }

  /** Forgets the session; the next message begins another. Returns what was not sent. */
  restart() {
    this.#over = this.#session?.sessionId ?? this.#over;
    const { key } = this.#visitor;
    if (this.#visitor.read().session?.sessionId === this.#over) {
      this.#visitor.write({ session: null });
      agreed((all) => all.delete(key)).catch(() => {});
    }
    this.#feed?.stop();
    this.#feed = null;
    this.#session = null;
    this.#tab.write({ sessionId: null, next: null, conversation: null });
    const unsent = this.conversation.entries.filter((entry) => entry.role === "user" && entry.state === "failed");
    this.conversation = new Conversation();
    this.warning = null;
    this.ended = null;
    this.refused = false;
    this.#changed();
    return unsent.map((entry) => entry.text).join("\n");
  }

  /** Uploads a file; the returned promise has an abort of its own. */
  upload(file, onProgress) {
    const abort = new AbortController();
    const done = this.#ready().then((session) => sendFile(session, file, onProgress, abort.signal));
    return { done, abort: () => abort.abort() };
  }

  /** The bytes of a file that needs the visitor's token. */
  async download(url) {
    const { sessionToken: token } = await this.#ready();
    return request(url.slice(BASE.length), { method: "GET", token, limit: 0 }, (response) => response.blob());
  }
}

/** fetch tells nothing about the progress of what is sent. */
function sendFile(session, file, onProgress, signal) {
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    const form = new FormData();
    form.append("files", file, file.name);
    sending.open("POST", `${BASE}/api/chat/attachments?session=${encodeURIComponent(session.sessionId)}`);
    sending.setRequestHeader("Authorization", `Bearer ${session.sessionToken}`);
    sending.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    sending.onload = () => {
      if (sending.status >= 300) {
        reject(new Refusal(sending.status, errorText(sending.responseText)));
        return;
      }
      const [{ url, name, size, mimeType }] = JSON.parse(sending.responseText).files;
      const type = mimeType.startsWith("image/") ? "image" : "document";
      resolve({ type, url: new URL(url, `${BASE}/`).href, name, size, mimeType });
    };
    sending.onerror = () => reject(new Refusal(0, "not sent"));
    signal.addEventListener("abort", () => sending.abort());
    sending.onabort = () => reject(new Refusal(0, "not wanted any more"));
    sending.send(form);
  });
}

// ---------------------------------------------------------------------------------------------------- what is seen

const STYLE = `
:host { all: initial; --accent: var(--alloy-webchat-accent, #2c55d4); --on-accent: var(--alloy-webchat-on-accent, #fff);
  --paper: #fff; --ink: #191c24; --soft: #f1f3f8; --line: #d9dde7; --faint: #596175; --alarm: #b3261e; --alarm-paper: #fdecea;
  --shade: 0 12px 40px rgb(15 23 42 / .22), 0 2px 8px rgb(15 23 42 / .12);
  position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483000; color-scheme: light;
  font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
@media (prefers-color-scheme: dark) { :host { --accent: var(--alloy-webchat-accent, #9db4ff); --on-accent: var(--alloy-webchat-on-accent, #10162b);
  --paper: #181b23; --ink: #e8eaf2; --soft: #262b37; --line: #3a4150; --faint: #a6aec2; --alarm: #ffb4ab; --alarm-paper: #43211f;
  --shade: 0 12px 40px rgb(0 0 0 / .6); color-scheme: dark; } }
* { box-sizing: border-box; font: inherit; }
[hidden] { display: none !important; }
button { cursor: pointer; color: inherit; background: none; border: 0; padding: 0; }
button:disabled { cursor: default; opacity: .45; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
svg { display: block; width: 22px; height: 22px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.launcher { position: relative; display: grid; place-items: center; width: 56px; height: 56px; border-radius: 50%;
  background: var(--accent); color: var(--on-accent); box-shadow: var(--shade); transition: transform .15s; }
.launcher:hover { transform: scale(1.05); }
.launcher:focus-visible { outline-offset: 3px; }
.launcher svg { width: 26px; height: 26px; }
.badge { position: absolute; inset-block-start: -3px; inset-inline-end: -3px; min-width: 22px; height: 22px; padding-inline: 6px; border-radius: 11px;
  background: #b3261e; color: #fff; font-size: 12px; font-weight: 600; line-height: 22px; text-align: center; }
.panel { position: fixed; inset: auto; inset-block-end: 92px; inset-inline-end: 20px; margin: 0; padding: 0; width: 384px; max-width: calc(100vw - 40px);
  height: min(620px, 100dvh - 112px); max-height: none; overflow: hidden; border: 1px solid var(--line); border-radius: 18px; background: var(--paper);
  color: var(--ink); box-shadow: var(--shade); }
.panel[open] { display: flex; flex-direction: column; animation: rise .18s ease-out; }
.panel::backdrop { background: rgb(0 0 0 / .4); }
@keyframes rise { from { opacity: 0; transform: translateY(12px); } }
header { display: flex; align-items: center; gap: 10px; padding: 14px 16px; border-block-end: 1px solid var(--line); }
h2 { flex: 1; margin: 0; font-size: 16px; font-weight: 650; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.icon { display: grid; place-items: center; flex: none; width: 36px; height: 36px; border-radius: 10px; color: var(--faint); }
.icon:hover:not(:disabled) { background: var(--soft); color: var(--ink); }
.notice { display: flex; align-items: center; gap: 10px; padding: 9px 16px; background: var(--soft); font-size: 13.5px; }
.notice.alarm { background: var(--alarm-paper); color: var(--alarm); }
.notice.quiet { padding: 0; }
.notice > span { flex: 1; }
.small { flex: none; padding: 4px 11px; border: 1px solid currentColor; border-radius: 99px; font-size: 13px; font-weight: 600; }
.small:hover { background: var(--soft); }
.scene { position: relative; flex: 1; min-height: 0; }
.log { height: 100%; overflow-y: auto; overscroll-behavior: contain; padding: 16px; }
.log:focus-visible { outline-offset: -3px; }
ol, ul { list-style: none; margin: 0; padding: 0; }
.entries { display: flex; flex-direction: column; gap: 10px; }
.entry { display: flex; flex-direction: column; align-items: flex-start; max-width: 86%; }
.entry.user { align-self: flex-end; align-items: flex-end; }
.bubble { padding: 9px 13px; border-radius: 16px; border-end-start-radius: 5px; background: var(--soft); white-space: pre-wrap; overflow-wrap: anywhere;
  text-align: start; max-width: 100%; }
.user .bubble { border-radius: 16px; border-end-end-radius: 5px; background: var(--accent); color: var(--on-accent); }
.bubble:empty { display: none; }
.bubble a { color: inherit; text-decoration: underline; text-underline-offset: 2px; }
.meta { display: flex; align-items: center; gap: 8px; margin-block-start: 3px; padding-inline: 4px; color: var(--faint); font-size: 12px; }
.meta.alarm { color: var(--alarm); }
.meta button { font-weight: 600; text-decoration: underline; text-underline-offset: 2px; min-height: 24px; }
.files { display: flex; flex-wrap: wrap; gap: 6px; margin-block-start: 6px; }
.files:empty { display: none; }
.file { display: inline-flex; align-items: center; gap: 6px; max-width: 100%; padding: 4px 10px; border: 1px solid var(--line); border-radius: 10px;
  font-size: 13px; color: var(--ink); text-decoration: none; }
.file.alarm { border-color: var(--alarm); color: var(--alarm); }
.file .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 180px; }
.file progress { width: 54px; height: 6px; accent-color: var(--accent); }
.file svg { width: 15px; height: 15px; flex: none; }
.file button { display: grid; place-items: center; width: 24px; height: 24px; }
.newest { position: absolute; inset-block-end: 10px; inset-inline: 0; margin-inline: auto; width: max-content; padding: 6px 14px; border-radius: 99px;
  background: var(--ink); color: var(--paper); font-size: 13px; font-weight: 600; box-shadow: var(--shade); }
.busy { display: flex; align-items: center; gap: 10px; padding: 6px 16px; min-height: 42px; color: var(--faint); font-size: 13.5px; }
.busy > span:not(.dots) { flex: 1; }
.dots { display: inline-flex; gap: 4px; }
.dots i { width: 6px; height: 6px; border-radius: 50%; background: currentColor; animation: pulse 1.2s infinite; }
.dots i:nth-child(2) { animation-delay: .15s; }
.dots i:nth-child(3) { animation-delay: .3s; }
@keyframes pulse { 0%, 60%, 100% { opacity: .25; } 30% { opacity: 1; } }
.composer { padding: 10px 12px 12px; border-block-start: 1px solid var(--line); }
.composer .files { margin-block: 0 8px; }
.row { display: flex; align-items: flex-end; gap: 6px; }
textarea { flex: 1; min-width: 0; min-height: 40px; max-height: 140px; padding: 8px 12px; resize: none; border: 1px solid #7c8497; border-radius: 14px;
  background: var(--paper); color: var(--ink); field-sizing: content; }
textarea::placeholder { color: var(--faint); opacity: 1; }
textarea:focus-visible { outline-offset: 0; border-color: var(--accent); }
.row .icon { width: 40px; height: 40px; }
.send { background: var(--accent); color: var(--on-accent); border-radius: 14px; }
:host(:dir(rtl)) .send svg { transform: scaleX(-1); }
.send:hover:not(:disabled) { background: var(--accent); color: var(--on-accent); filter: brightness(1.1); }
.over { display: flex; flex-direction: column; gap: 10px; align-items: center; padding: 16px; border-block-start: 1px solid var(--line); text-align: center; }
.anew { padding: 9px 18px; border-radius: 99px; background: var(--accent); color: var(--on-accent); font-weight: 600; }
@media (max-width: 480px) { .panel { inset: 0; width: 100%; max-width: none; height: 100dvh; border: 0; border-radius: 0; }
  textarea { font-size: 16px; } .row .icon, header .icon { width: 44px; height: 44px; } textarea { min-height: 44px; } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
@media (forced-colors: active) { .launcher, .send, .anew, .bubble { border: 1px solid; } }
`;

const ICONS = {
  chat: ["M4 5h16v11H9l-5 4z"],
  down: ["M6 9l6 6 6-6"],
  close: ["M6 6l12 12", "M18 6L6 18"],
  clip: ["M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.7 1.7 0 0 1-2.4-2.4L14.6 7"],
  send: ["M4 12h15", "M13 6l6 6-6 6"],
  save: ["M12 4v11", "M7 11l5 5 5-5", "M5 20h14"],
};

/** An element; values are set as text and attributes, never as markup. */
function element(tag, { on = {}, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true || typeof value === "string") {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  for (const [event, action] of Object.entries(on)) {
    node.addEventListener(event, action);
  }
  node.append(...children);
  return node;
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const line of ICONS[name]) {
    const path = document.createElementNS(svg.namespaceURI, "path");
    path.setAttribute("d", line);
    svg.append(path);
  }
  return svg;
}

/** The text with what is surely a web address as links. */
function linked(text) {
  const parts = [];
  let from = 0;
  for (const { 0: address, index } of text.matchAll(/\bhttps?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]}]/g)) {
    const link = element("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, address);
    parts.push(text.slice(from, index), link);
    from = index + address.length;
  }
  return [...parts, text.slice(from)].filter((part) => part !== "");
}

function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** One entry of the conversation on the screen. */
class EntryView {
  #entry;
  #labels;
  #actions;
  #shown = "";
  #known = "";
  #bubble = element("div", { class: "bubble", dir: "auto" });
  #files = element("ul", { class: "files" });
  #meta = element("div", { class: "meta" });

  constructor(entry, labels, actions) {
    this.#entry = entry;
    this.#labels = labels;
    this.#actions = actions;
    const who = element("span", { class: "sr" }, `${entry.role === "user" ? labels.you : labels.agent}: `);
    this.node = element("li", { class: `entry ${entry.role}` }, who, this.#bubble, this.#files, this.#meta);
  }

  update() {
    const { state, text, at, attachments } = this.#entry;
    this.node.dataset.state = state;
    if (state === "writing" && text.startsWith(this.#shown)) {
      this.#bubble.append(text.slice(this.#shown.length));
      this.#shown = text;
    }
    const known = `${state} ${at} ${text}`;
    if (state === "writing" || known === this.#known) {
      return;
    }
    this.#known = known;
    this.#shown = text;
    this.#bubble.replaceChildren(...linked(text));
    this.#files.replaceChildren(...attachments.map((one) => element("li", {}, this.#attachment(one))));
    this.#showMeta(state, at);
  }

  #showMeta(state, at) {
    const { role } = this.#entry;
    const { sending, notSent, stopped, answerFailed, retry } = this.#labels;
    const time = at < NOT_YET && element("time", { datetime: new Date(at).toISOString() }, timeOf(at));
    const said = { sending, stopped, failed: role === "user" ? notSent : answerFailed }[state];
    const again = state === "failed" && element("button", { type: "button", on: { click: () => this.#actions.again(this.#entry) } }, retry);
    this.#meta.classList.toggle("alarm", state === "failed");
    this.#meta.replaceChildren(...[time, said && element("span", {}, said), again].filter(Boolean));
  }

  /** What lies on our own server needs the visitor's token; other addresses are plain links. */
  #attachment({ url, name = "", type }) {
    const label = element("span", { class: "name" }, name || type || url);
    if (url.startsWith(`${BASE}/`)) {
      const click = () => this.#actions.download(url, name);
      return element("button", { type: "button", class: "file", "aria-label": this.#labels.download(name), on: { click } }, icon("save"), label);
    }
    return /^https?:/.test(url)
      ? element("a", { class: "file", href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, icon("save"), label)
      : element("span", { class: "file" }, label);
  }
}

const timeOf = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

/** The files that go with the next message. */
class Uploads {
  #chat;
  #labels;
  #changed;
  #all = [];
  #problem = "";
  node = element("ul", { class: "files" });

  constructor(chat, labels, changed) {
    this.#chat = chat;
    this.#labels = labels;
    this.#changed = changed;
  }

  get isBusy() {
    return this.#all.some((upload) => upload.state === "sending");
  }

  /** What is wrong with what was chosen last; empty for nothing. */
  get problem() {
    return this.#problem;
  }

  get isEmpty() {
    return this.#all.length === 0;
  }

  /** Those that have arrived, which the message takes with it. */
  take() {
    const attachments = this.#all.filter((upload) => upload.state === "done").map((upload) => upload.attachment);
    this.#all.splice(0).forEach((upload) => upload.node.remove());
    return attachments;
  }

  add(files) {
    this.#problem = "";
    for (const file of files) {
      if (file.size > MAX_FILE_BYTES) {
        this.#problem = this.#labels.fileTooLarge(file.name);
      } else if (this.#all.length >= MAX_FILES) {
        this.#problem = this.#labels.tooManyFiles;
      } else {
        this.#begin(file);
      }
    }
    this.#changed();
  }

  #begin(file) {
    const progress = element("progress", { max: "1", "aria-label": file.name });
    progress.value = 0;
    const upload = { state: "sending", attachment: null };
    const sending = this.#chat.upload(file, (part) => (progress.value = part));
    const remove = () => {
      sending.abort();
      this.#remove(upload);
      this.#changed();
    };
    const button = element("button", { type: "button", "aria-label": this.#labels.remove(file.name), on: { click: remove } }, icon("close"));
    upload.node = element("li", { class: "file" }, element("span", { class: "name" }, file.name), progress, button);
    this.#all.push(upload);
    this.node.append(upload.node);
    sending.done.then(
      (attachment) => {
        Object.assign(upload, { state: "done", attachment });
        progress.remove();
        this.#changed();
      },
      (refusal) => {
        if (this.#all.includes(upload)) {
          this.#problem = (refusal.status === 415 ? this.#labels.fileRefused : this.#labels.fileFailed)(file.name);
          this.#remove(upload);
          this.#changed();
        }
      },
    );
  }

  #remove(upload) {
    this.#all = this.#all.filter((other) => other !== upload);
    upload.node.remove();
  }
}

/** The launcher and the panel. */
class View {
  #labels;
  #chat;
  #uploads;
  #entries = new Map();
  #isOpen = false;
  #scheduled = false;
  #slow = { timer: 0, isSlow: false };
  #parts = {};

  constructor(config) {
    this.#labels = { ...LABELS, ...config.labels };
    this.#chat = new Chat(
      config,
      () => this.#render(),
      (entry) => this.#announceEnd(entry),
    );
    this.#uploads = new Uploads(this.#chat, this.#labels, () => this.#render());
    this.host = element("div", { id: NAME });
    this.#build();
    document.body.append(this.host);
    this.#chat.start();
    if (this.#chat.wasOpen) {
      this.open(false);
    }
    this.#renderNow();
  }

  #build() {
    const labels = this.#labels;
    const root = this.host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const button = (name, label, click, more = {}) =>
      element("button", { type: "button", class: "icon", "aria-label": label, title: label, on: { click }, ...more }, icon(name));
    const p = this.#parts;
    p.badge = element("span", { class: "badge", "aria-hidden": "true", hidden: true });
    p.launcher = element(
      "button",
      { type: "button", class: "launcher", "aria-haspopup": "dialog", on: { click: () => (p.panel.open ? this.close() : this.open()) } },
      p.badge,
    );
    p.noticeText = element("span");
    p.keep = element("button", { type: "button", class: "small", hidden: true, on: { click: () => this.#chat.renew() } }, labels.keep);
    p.notice = element("div", { class: "notice" }, element("span", { role: "status" }, p.noticeText), p.keep);
    p.list = element("ol", { class: "entries", role: "list" });
    p.log = element(
      "div",
      { class: "log", role: "log", "aria-live": "off", "aria-label": labels.conversation, tabindex: "0", on: { scroll: () => this.#scrolled() } },
      p.list,
    );
    p.newest = element("button", { type: "button", class: "newest", hidden: true, on: { click: () => this.#toNewest() } }, labels.newest);
    p.stop = element("button", { type: "button", class: "small", on: { click: () => this.#chat.stop() } }, labels.stop);
    const dots = element("span", { class: "dots", "aria-hidden": "true" }, element("i"), element("i"), element("i"));
    p.busy = element("div", { class: "busy", hidden: true }, dots, element("span", {}, labels.writing), p.stop);
    p.text = element("textarea", {
      rows: "1",
      maxlength: String(MAX_TEXT),
      placeholder: labels.placeholder,
      "aria-label": labels.message,
      dir: "auto",
      on: { keydown: (event) => this.#typed(event), input: () => this.#edited(), paste: (event) => this.#pasted(event) },
    });
    p.picker = element("input", { type: "file", multiple: true, hidden: true, accept: FILE_TYPES, on: { change: () => this.#picked() } });
    p.attach = button("clip", labels.attach, () => p.picker.click());
    p.send = button("send", labels.send, () => this.#send(), { class: "icon send" });
    p.composer = element("div", { class: "composer" }, this.#uploads.node, element("div", { class: "row" }, p.attach, p.picker, p.text, p.send));
    p.overText = element("div", { role: "status" });
    p.anew = element("button", { type: "button", class: "anew", on: { click: () => this.#anew() } }, labels.anew);
    p.over = element("div", { class: "over", hidden: true }, p.overText, p.anew);
    p.live = element("div", { class: "sr", "aria-live": "polite" });
    p.panel = element(
      "dialog",
      { class: "panel", "aria-labelledby": "title", on: { close: () => this.#closed(), keydown: (event) => this.#escaped(event) } },
      element("header", {}, element("h2", { id: "title" }, labels.title), button("close", labels.close, () => this.close())),
      p.notice,
      element("div", { class: "scene" }, p.log, p.newest),
      p.busy,
      p.composer,
      p.over,
      p.live,
    );
    root.append(p.panel, p.launcher);
  }

  /** On a small screen the panel is all there is, and the page behind it rests. */
  open(focus = true) {
    const { panel, text, anew } = this.#parts;
    if (!panel.open) {
      if (matchMedia("(max-width: 480px)").matches) {
        panel.showModal();
      } else {
        panel.show();
      }
      this.#isOpen = true;
      this.#chat.wasOpen = true;
      this.#renderNow();
      this.#toNewest();
    }
    if (focus) {
      (this.#chat.ended ? anew : text).focus();
    } else {
      this.host.shadowRoot.activeElement?.blur();
    }
  }

  close() {
    this.#parts.panel.close();
    this.#closed();
  }

  /** By close(), or by the browser, which says so a moment later. */
  #closed() {
    if (this.#isOpen && !this.#parts.panel.open) {
      this.#isOpen = false;
      this.#chat.wasOpen = false;
      this.#renderNow();
      this.#parts.launcher.focus();
    }
  }

  destroy() {
    this.#chat.destroy();
    this.host.remove();
  }

  #escaped(event) {
    if (event.key === "Escape" && !event.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  #typed(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#send();
    }
  }

  #edited() {
    this.#chat.signOfLife();
    this.#fit();
    this.#render();
  }

  /** The text's own height, where style sheets can't say that. */
  #fit() {
    const { text } = this.#parts;
    if (!CSS.supports("field-sizing", "content")) {
      text.style.height = "auto";
      text.style.height = `${text.scrollHeight + 2}px`;
    }
  }

  #pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length) {
      event.preventDefault();
      this.#uploads.add(files);
    }
  }

  #picked() {
    const { picker, text } = this.#parts;
    this.#uploads.add([...picker.files]);
    picker.value = "";
    text.focus();
  }

  get #canSend() {
    return !this.#uploads.isBusy && !this.#chat.ended && (this.#parts.text.value.trim() !== "" || !this.#uploads.isEmpty);
  }

  #send() {
    const { text } = this.#parts;
    if (this.#canSend) {
      const attachments = this.#uploads.take();
      // An agent answers words: files alone are named.
      this.#chat.send(text.value.trim() || attachments.map(({ name }) => name).join(", "), attachments);
      text.value = "";
      this.#fit();
      text.focus();
      this.#renderNow();
      this.#toNewest();
    }
  }

  #again(entry) {
    if (entry.role === "user") {
      this.#chat.retry(entry);
    } else {
      const question = this.#chat.conversation.get(entry.inReplyTo);
      this.#chat.send(question?.text ?? "", question?.attachments);
    }
    this.#parts.text.focus();
  }

  async #download(url, name) {
    try {
      const address = URL.createObjectURL(await this.#chat.download(url));
      element("a", { href: address, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    } catch {
      this.#announce(this.#labels.fileFailed(name));
    }
  }

  #anew() {
    const { text } = this.#parts;
    text.value = this.#chat.restart() || text.value;
    this.#fit();
    this.#renderNow();
    text.focus();
  }

  #announceEnd({ role, state, text }) {
    const { agent, answerFailed, notSent } = this.#labels;
    this.#announce(role === "user" ? notSent : `${agent}: ${text} ${state === "failed" ? answerFailed : ""}`.trim());
  }

  /** As a whole: what is read while it grows would be read again and again. */
  #announce(text) {
    this.#parts.live.replaceChildren(element("p", {}, text));
  }

  #toNewest() {
    const { log } = this.#parts;
    log.scrollTop = log.scrollHeight;
    this.#scrolled();
  }

  get #isAtNewest() {
    const { log } = this.#parts;
    return log.scrollHeight - log.scrollTop - log.clientHeight < 48;
  }

  #scrolled() {
    this.#parts.newest.hidden = this.#isAtNewest;
  }

  /** With the next frame; a hidden tab has none. */
  #render() {
    if (!this.#scheduled) {
      this.#scheduled = true;
      const now = () => this.#scheduled && this.#renderNow();
      if (document.visibilityState === "visible") {
        requestAnimationFrame(now);
      }
      setTimeout(now, 100);
    }
  }

  #renderNow() {
    this.#scheduled = false;
    const { panel } = this.#parts;
    const focused = this.host.shadowRoot.activeElement;
    if (panel.open) {
      const follows = this.#isAtNewest;
      this.#renderEntries();
      this.#renderControls();
      if (follows) {
        this.#toNewest();
      } else {
        this.#scrolled();
      }
      if (document.visibilityState === "visible") {
        this.#chat.markRead();
      }
      if (focused && (focused.closest("[hidden]") || !focused.isConnected || focused.disabled)) {
        (this.#chat.ended ? this.#parts.anew : this.#parts.text).focus();
      }
    }
    this.#renderLauncher();
  }

  #renderEntries() {
    const { list } = this.#parts;
    const { entries } = this.#chat.conversation;
    const actions = { again: (entry) => this.#again(entry), download: (url, name) => this.#download(url, name) };
    const views = new Map();
    for (const entry of entries) {
      const known = this.#entries.get(entry.id);
      views.set(entry.id, known?.entry === entry ? known : { entry, view: new EntryView(entry, this.#labels, actions) });
    }
    this.#entries = views;
    const nodes = [this.#greeting(), ...[...views.values()].map(({ view }) => view.node)];
    nodes.forEach((node, i) => list.children[i] === node || list.insertBefore(node, list.children[i] ?? null));
    while (list.children.length > nodes.length) {
      list.lastChild.remove();
    }
    views.forEach(({ view }) => view.update());
  }

  #greeting() {
    this.#parts.greeting ??= element(
      "li",
      { class: "entry agent" },
      element("span", { class: "sr" }, `${this.#labels.agent}: `),
      element("div", { class: "bubble", dir: "auto" }, this.#labels.greeting),
    );
    return this.#parts.greeting;
  }

  #renderControls() {
    const p = this.#parts;
    const { ended, link, isStopping, conversation } = this.#chat;
    this.#renderNotice();
    p.busy.hidden = !conversation.isBusy || Boolean(ended) || link === "offline";
    p.stop.disabled = isStopping;
    p.send.disabled = !this.#canSend;
    p.composer.hidden = Boolean(ended);
    p.over.hidden = !ended;
    setText(p.overText, ended ? this.#labels[ended] : "");
  }

  #renderNotice() {
    const p = this.#parts;
    const { refused, ended, link, warning } = this.#chat;
    const labels = this.#labels;
    const isSlow = this.#isSlow(link);
    let text = "";
    if (refused) {
      text = labels.unavailable;
    } else if (!ended && link === "offline") {
      text = labels.offline;
    } else if (!ended && isSlow) {
      text = labels.reconnecting;
    } else if (this.#uploads.problem) {
      text = this.#uploads.problem;
    } else if (!ended && warning) {
      text = labels.warning(warning.minutes) + (warning.final ? ` ${labels.atMaximum}` : "");
    }
    setText(p.noticeText, text);
    p.notice.classList.toggle("alarm", refused || (Boolean(this.#uploads.problem) && text === this.#uploads.problem));
    p.keep.hidden = !warning || warning.final || !text.startsWith(labels.warning(warning.minutes));
    p.notice.classList.toggle("quiet", text === "");
  }

  /** What is mended within a second is not worth a word. */
  #isSlow(link) {
    if (link !== "reconnecting") {
      clearTimeout(this.#slow.timer);
      this.#slow = { timer: 0, isSlow: false };
    } else if (!this.#slow.timer) {
      this.#slow.timer = setTimeout(() => {
        this.#slow.isSlow = true;
        this.#render();
      }, 1_000);
    }
    return this.#slow.isSlow;
  }

  #renderLauncher() {
    const { launcher, badge, panel } = this.#parts;
    const labels = this.#labels;
    const unread = panel.open ? 0 : this.#chat.unread;
    const look = panel.open ? "down" : "chat";
    if (launcher.dataset.icon !== look) {
      launcher.dataset.icon = look;
      launcher.replaceChildren(icon(look), badge);
    }
    launcher.setAttribute("aria-expanded", String(panel.open));
    launcher.setAttribute("aria-label", panel.open ? labels.close : [labels.open, unread && labels.unread(unread)].filter(Boolean).join(", "));
    badge.hidden = unread === 0;
    setText(badge, String(unread));
  }
}

// ---------------------------------------------------------------------------------------------------- beginning

const shown = new Map();

/**
 * Puts the launcher on the page; once for each pair of apiKey and eventId. labels replaces what is said, see LABELS above.
 * Returns { open(), close(), destroy() }.
 */
export function init({ apiKey, eventId, labels = {} }) {
  if (!apiKey || !eventId) {
    throw new TypeError(`${NAME}: init needs apiKey and eventId`);
  }
  const key = `${apiKey} ${eventId}`;
  if (!shown.has(key)) {
    const view = new View({ apiKey, eventId, labels });
    shown.set(key, {
      open: () => view.open(),
      close: () => view.close(),
      destroy: () => {
        view.destroy();
        shown.delete(key);
      },
    });
  }
  return shown.get(key);
}

for (const script of document.querySelectorAll("script[data-api-key][data-event-id]")) {
  if (script.src === import.meta.url) {
    const { apiKey, eventId, title, greeting } = script.dataset;
    init({ apiKey, eventId, labels: { ...(title && { title }), ...(greeting && { greeting }) } });
  }
}
