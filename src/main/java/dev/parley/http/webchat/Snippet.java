package dev.parley.http.webchat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.shared.Json;

/**
 * What brings the widget into a page (web-runtime.md section 5). It holds no script of its own, so
 * that a page with a strict content security policy needs to allow nothing inline.
 *
 * @param domain from where it is loaded, with its scheme
 */
record Snippet(String apiKey, String eventId, String domain) {
  private static final String WIDGET = "/widget/alloy-webchat-widget.js";

  /** HTML to be put into a page as it is. */
  String text() {
    return """
        <script type="module" src="%s"
          data-api-key="%s" data-event-id="%s" async></script>
        """
        .formatted(attribute(domain + WIDGET), attribute(apiKey), attribute(eventId));
  }

  JsonNode json() {
    return Json.object()
        .put("snippet", text())
        .put("apiKey", apiKey)
        .put("eventId", eventId)
        .put("domain", domain);
  }

  /** Text as it stands between double quotes. */
  private static String attribute(String text) {
    return text.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
  }
}
