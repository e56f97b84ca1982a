package dev.parley.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A record of a stream. What was appended stands in an envelope ({@link #data()}); what others
 * wrote through the S2 data plane may be any text. Trims and fences are no records.
 *
 * @param seq its number
 * @param timestamp when it was written, in milliseconds
 * @param headers in their order; empty for most
 * @param body as it is stored
 */
public record ChannelRecord(long seq, Instant timestamp, List<Header> headers, String body) {
  private static final String CONTROL = "trigger-control";

  public ChannelRecord {
    headers = List.copyOf(headers);
  }

  static ChannelRecord of(JsonNode json) {
    List<Header> headers = new ArrayList<>();
    json.path("headers")
        .forEach(pair -> headers.add(new Header(pair.path(0).asText(), pair.path(1).asText())));
    return new ChannelRecord(
        json.path("seq_num").asLong(),
        Instant.ofEpochMilli(json.path("timestamp").asLong()),
        headers,
        json.path("body").asText());
  }

  /** The value that was appended: a string, or what a writer of the SDK gave; empty without one. */
  public Optional<JsonNode> data() {
    return envelope().map(envelope -> envelope.get("data"));
  }

  /** The value as text: a string as it is, another value as JSON, else the body. */
  public String text() {
    return data().map(data -> data.isTextual() ? data.textValue() : data.toString()).orElse(body);
  }

  /** The id under which it was appended. */
  public Optional<String> partId() {
    return envelope().map(envelope -> envelope.path("id").textValue());
  }

  /** What a control record says, such as {@code turn-complete}; its headers say more. */
  public Optional<String> control() {
    return headers.stream()
        .limit(1)
        .filter(header -> header.name().equals(CONTROL))
        .map(Header::value)
        .findFirst();
  }

  /** A command has one header, whose name is empty (trigger.md section 4.1). */
  boolean isCommand() {
    return headers.size() == 1 && headers.get(0).name().isEmpty();
  }

  private Optional<JsonNode> envelope() {
    return Json.parse(body).filter(json -> json.isObject() && json.has("data"));
  }
}
