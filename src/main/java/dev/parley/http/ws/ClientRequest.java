package dev.parley.http.ws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.session.Channel;
import dev.parley.session.Direction;
import org.jspecify.annotations.Nullable;

/** What a client asks for (across.md section 5). */
sealed interface ClientRequest {
  /**
   * @param from the first wanted record; null for what comes from now on
   */
  record Subscribe(String session, Channel channel, @Nullable Long from) implements ClientRequest {}

  record Unsubscribe(String session, Channel channel) implements ClientRequest {}

  /**
   * @param partId by which a repetition is recognised; null when the client does not care
   */
  record Append(String session, JsonNode data, @Nullable String partId) implements ClientRequest {}

  record Authenticate(String token) implements ClientRequest {}

  /** The longest key of a session and the longest part id, in characters. */
  int MAX_TEXT = 512;

  /**
   * @throws RequestRefused when a field is not what it must be
   */
  static ClientRequest read(ObjectNode body) {
    return switch (body.path("type").asText()) {
      case "subscribe" ->
          new Subscribe(text(body, "session"), channel(body), from(body.path("from")));
      case "unsubscribe" -> new Unsubscribe(text(body, "session"), channel(body));
      case "append" -> append(body);
      case "auth" -> new Authenticate(token(body));
      default ->
          throw new RequestRefused(
              "unknown_type", "type must be subscribe, unsubscribe, append or auth");
    };
  }

  private static Append append(ObjectNode body) {
    if (!body.path("channel").asText().equals("in") || body.hasNonNull("name")) {
      throw new RequestRefused("forbidden", "Only the channel in can be appended to");
    }
    if (!body.has("data")) {
      throw RequestRefused.badRequest("data is missing");
    }
    return new Append(
        text(body, "session"),
        body.get("data"),
        body.hasNonNull("partId") ? text(body, "partId") : null);
  }

  private static String token(ObjectNode body) {
    if (!body.path("token").isTextual()) {
      throw RequestRefused.badRequest("token must be a text");
    }
    return body.get("token").textValue();
  }

  private static String text(ObjectNode body, String field) {
    JsonNode value = body.path(field);
    if (!value.isTextual()
        || value.textValue().isEmpty()
        || value.textValue().length() > MAX_TEXT) {
      throw RequestRefused.badRequest(
          "%s must be a text of 1 to %d characters".formatted(field, MAX_TEXT));
    }
    return value.textValue();
  }

  private static Channel channel(ObjectNode body) {
    Direction direction =
        switch (body.path("channel").asText()) {
          case "in" -> Direction.IN;
          case "out" -> Direction.OUT;
          default -> throw RequestRefused.badRequest("channel must be in or out");
        };
    if (!body.hasNonNull("name")) {
      return direction == Direction.IN ? Channel.IN : Channel.OUT;
    }
    return Channel.side(body.path("name").asText(), direction)
        .orElseThrow(
            () ->
                RequestRefused.badRequest(
                    "name must be 1 to 128 characters of A-Z, a-z, 0-9, '.', '_' and '-'"));
  }

  private static @Nullable Long from(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw RequestRefused.badRequest("from must be a sequence number, 0 or more");
    }
    return value.longValue();
  }
}
