package dev.parley.ops.alerts;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.ops.alerts.TelegramTarget.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Locale;

/** Messages to a chat of Telegram, as plain text. */
final class TelegramChannel implements AlertChannel {
  private static final int FRAMES = 5;

  /** Telegram takes 4 096 characters. */
  private static final int MAX_LENGTH = 3_500;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final TelegramTarget target;
  private final String node;

  /**
   * @param node which one tells it
   */
  TelegramChannel(TelegramTarget target, String node) {
    this.target = target;
    this.node = node;
  }

  @Override
  public String name() {
    return "Telegram";
  }

  @Override
  public boolean takes(Alert.Kind kind) {
    return true;
  }

  @Override
  public HttpRequest request(Alert alert) throws IOException {
    ObjectNode body = JSON.createObjectNode();
    body.put("chat_id", target.chat()).put("text", text(alert));
    body.put("disable_web_page_preview", true);
    Long thread = target.threads().get(topic(alert.kind()));
    if (thread != null) {
      body.put("message_thread_id", thread);
    }
    return HttpRequest.newBuilder(URI.create(target.api() + "/bot" + target.key() + "/sendMessage"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
        .build();
  }

  private static Topic topic(Alert.Kind kind) {
    return switch (kind) {
      case ERROR -> Topic.ERRORS;
      case WARNING -> Topic.WARNINGS;
      case EVENT -> Topic.EVENTS;
      case FEEDBACK -> Topic.FEEDBACK;
    };
  }

  private String text(Alert alert) {
    StringBuilder text = new StringBuilder();
    text.append(alert.kind().name().toLowerCase(Locale.ROOT)).append(" on ").append(node);
    text.append('\n').append(alert.text());
    if (alert.repeats() > 0) {
      text.append("\n(").append(alert.repeats()).append(" more since it was told last)");
    }
    for (Alert.Cause cause : alert.causes()) {
      text.append("\n").append(cause.type());
      cause.frames().stream().limit(FRAMES).forEach(frame -> text.append("\n  ").append(frame));
    }
    return text.substring(0, Math.min(MAX_LENGTH, text.length()));
  }
}
