package dev.parley.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Text as it stands in addresses. */
final class Paths {
  private Paths() {}

  /** One segment of a path, or a name or value of a query, whatever it holds. */
  static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
