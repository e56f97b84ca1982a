// The published S2 client of the version given, with the credentials that PUT hands out for a channel.
import assert from "node:assert/strict";
import { raw } from "./program.mjs";

/** What PUT says of the out channel of a session. */
export async function credentials(session) {
  const response = await raw(`/realtime/v1/sessions/${encodeURIComponent(session)}/out`, { method: "PUT" });
  assert.equal(response.status, 202, await response.text());
  const header = (name) => response.headers.get(`x-s2-${name}`);
  return {
    accessToken: header("access-token"),
    basin: header("basin"),
    streamName: header("stream-name"),
    endpoint: header("endpoint"),
  };
}

/** A stream by these credentials, and all that the client's module exports beside it. */
export async function streamOf(version, { accessToken, basin, streamName, endpoint }, { forceTransport, ...options } = {}) {
  const module = await import(`s2-${version}`);
  const s2 = new module.S2({ accessToken, endpoints: { account: endpoint, basin: endpoint }, ...options });
  return { ...module, stream: s2.basin(basin).stream(streamName, { forceTransport }) };
}

/** The out channel of a session as an S2 stream. */
export async function openStream(version, session, options) {
  return streamOf(version, await credentials(session), options);
}
