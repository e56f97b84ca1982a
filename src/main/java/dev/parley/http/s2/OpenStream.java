package dev.parley.http.s2;

import dev.parley.http.shared.StreamName;
import dev.parley.session.Channel;
import dev.parley.session.SessionId;

/**
 * A stream that a credential opens, for as long as the session is the one the credential was made
 * for.
 *
 * @param generation of the session
 */
record OpenStream(StreamName name, long generation) {
  SessionId session() {
    return name.session();
  }

  Channel channel() {
    return name.channel();
  }
}
