/** A session with all records of its two channels as NDJSON: a line for the session, then one for each record. */
import { ask, pathOf, streamOf } from "./server.js";
import { range } from "./stream.js";

/** Lines are handed to the browser in pieces of this size, so that they need not stay in the page's memory. */
const PIECE = 4_000_000;

/**
 * Reads everything up to where the channels end at the beginning, and hands it to the browser as a file.
 *
 * @param onProgress called with how many records there are so far and in all
 */
export async function download(id, signal, onProgress) {
  const session = await ask(pathOf(id), { signal });
  const { channels } = await ask(`${pathOf(id)}/timeline?limit=1`, { signal });
  const total = Object.values(channels).reduce((sum, { firstSeq, nextSeq }) => sum + nextSeq - firstSeq, 0);
  const pieces = [];
  let lines = `${JSON.stringify({ session })}\n`;
  let count = 0;
  for (const [io, { firstSeq, nextSeq }] of Object.entries(channels)) {
    for await (const records of range(streamOf(id, io), firstSeq, nextSeq, signal)) {
      for (const { seq, timestamp, headers, body } of records) {
        lines += `${JSON.stringify({ channel: io, seq, timestamp, headers, body })}\n`;
      }
      count += records.length;
      onProgress(count, total);
      if (lines.length > PIECE) {
        pieces.push(new Blob([lines]));
        lines = "";
      }
    }
  }
  pieces.push(new Blob([lines]));
  save(new Blob(pieces, { type: "application/x-ndjson" }), `${id}.ndjson`);
  return count;
}

function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has its own hold on it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
