package dev.parley.http.ws;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What came from a client. */
sealed interface Incoming {
  /** A frame as it should be. */
  record Request(ObjectNode body) implements Incoming {}

  /** A frame that is none, after which the socket is closed. */
  record Unusable(Farewell farewell) implements Incoming {}
}
