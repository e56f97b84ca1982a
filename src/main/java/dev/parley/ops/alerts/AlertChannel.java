package dev.parley.ops.alerts;

import java.io.IOException;
import java.net.http.HttpRequest;

/** A way to people. */
interface AlertChannel {
  /** For the log. */
  String name();

  /** Whether alerts of that kind go this way. */
  boolean takes(Alert.Kind kind);

  /**
   * The request by which the alert is told. Made once; trying again sends the same.
   *
   * @throws IOException when there can be none
   */
  HttpRequest request(Alert alert) throws IOException;
}
