package dev.parley.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The server refuses: for good, or (408, 429 and from 500 on) still after the client has asked
 * again for as long as it is patient. Nothing was changed, except that a 503 may say that the
 * outcome is not known.
 */
public final class RefusedException extends ParleyException {
  private static final long serialVersionUID = 1L;
  private static final int MAX_TEXT = 500;

  private final int status;
  private final String text;
  private final @Nullable String code;

  private RefusedException(String message, int status, String text, @Nullable String code) {
    super(message, null);
    this.status = status;
    this.text = text;
    this.code = code;
  }

  /** Of an answer that may be JSON or plain text. */
  static RefusedException of(String origin, int status, String body) {
    JsonNode json = Json.parse(body).orElse(Json.MISSING);
    String text = json.path("error").isTextual() ? json.path("error").textValue() : body.strip();
    JsonNode detail = json.path("details").findPath("message");
    String said = detail.isTextual() ? text + ": " + detail.textValue() : text;
    String shown = said.substring(0, Math.min(MAX_TEXT, said.length()));
    return new RefusedException(
        "Parley at " + origin + " refuses (" + status + "): " + shown,
        status,
        text,
        json.path("code").textValue());
  }

  /** The status of HTTP, such as 409 for an append to a closed session. */
  public int status() {
    return status;
  }

  /** What the server says about it. */
  public String text() {
    return text;
  }

  /** What it says to programs, such as {@code session_closed}. */
  public Optional<String> code() {
    return Optional.ofNullable(code);
  }
}
