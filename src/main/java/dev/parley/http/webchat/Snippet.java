package dev.parley.http.webchat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.http.shared.Json;

/**
 * What brings the widget into a page (web-runtime.md section 5).
 *
 * @param domain from where it is loaded, with its scheme
 */
record Snippet(String apiKey, String eventId, String domain) {
  private static final String WIDGET = "/widget/alloy-webchat-widget.js";

  /** HTML to be put into a page as it is. */
  String text() {
    return """
        <script type="module">
          import { init } from %s;
          init({ apiKey: %s, eventId: %s });
        </script>
        """
        .formatted(literal(domain + WIDGET), literal(apiKey), literal(eventId));
  }

  JsonNode json() {
    return Json.object()
        .put("snippet", text())
        .put("apiKey", apiKey)
        .put("eventId", eventId)
        .put("domain", domain);
  }

  /** A text in a script in a page: no {@code <} can end either of them. */
  private static String literal(String text) {
    return Json.text(TextNode.valueOf(text)).replace("<", "\\u003c");
  }
}
