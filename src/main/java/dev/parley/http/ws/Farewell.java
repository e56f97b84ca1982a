package dev.parley.http.ws;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How a socket is closed (across.md section 5).
 *
 * @param reason for people and clients, cut to what a close frame holds
 */
record Farewell(int code, String reason) {
  static final Farewell EXPIRED =
      new Farewell(4401, "the token has expired, get a fresh one and come again");
  static final Farewell LOGGED_OUT =
      new Farewell(4401, "the login has ended, log in and get a fresh token");
  static final Farewell LEAVING =
      new Farewell(1012, "this node is about to stop, connect again elsewhere");
  static final Farewell BINARY = new Farewell(1003, "frames are text, this was a binary one");
  static final Farewell NO_OBJECT = new Farewell(1007, "a frame holds one JSON object");
  static final Farewell NO_TEXT = new Farewell(1007, "a frame is text in UTF-8");
  static final Farewell TOO_LARGE = new Farewell(1009, "a frame holds at most 1 MiB");
  static final Farewell TOO_SLOW = new Farewell(1008, "a frame has to arrive within 60 s");

  private static final int MAX_BYTES = 123;

  Farewell {
    while (bytes(reason) > MAX_BYTES) {
      reason = reason.substring(0, reason.offsetByCodePoints(reason.length(), -1));
    }
  }

  /**
   * @param delivered the last number that was sent of each subscription; the reason has those that
   *     fit, each whole
   */
  static Farewell unread(List<String> delivered) {
    String reason = "";
    for (String one : delivered) {
      String longer = reason.isEmpty() ? one : reason + " " + one;
      if (bytes(longer) <= MAX_BYTES) {
        reason = longer;
      }
    }
    return new Farewell(1013, delivered.isEmpty() ? "nothing was delivered" : reason);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
