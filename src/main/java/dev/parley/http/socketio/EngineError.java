package dev.parley.http.socketio;

import dev.parley.http.shared.Answers;
import dev.parley.http.shared.ErrorShape;
import dev.parley.http.shared.Json;
import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** The errors of Engine.IO, each with the code that its clients know. */
enum EngineError {
  UNKNOWN_TRANSPORT(0, "Transport unknown"),
  UNKNOWN_SID(1, "Session ID unknown"),
  BAD_HANDSHAKE_METHOD(2, "Bad handshake method"),
  BAD_REQUEST(3, "Bad request"),
  FORBIDDEN(4, "Forbidden"),
  UNSUPPORTED_PROTOCOL_VERSION(5, "Unsupported protocol version");

  /** For what any request can run into. */
  static final ErrorShape SHAPE = new Shape();

  private final int code;
  private final String message;

  EngineError(int code, String message) {
    this.code = code;
    this.message = message;
  }

  HttpResponse response() {
    return response(400, message);
  }

  private HttpResponse response(int status, String text) {
    return Answers.json(status, Json.object().put("code", code).put("message", text));
  }

  /** 503: this node takes no more connections. */
  static HttpResponse overloaded() {
    return Answers.retryLater(
        FORBIDDEN.response(503, "No more connections are taken here, try again"),
        Duration.ofSeconds(1));
  }

  private static final class Shape implements ErrorShape {
    @Override
    public HttpResponse methodNotAllowed(HttpMethod used, String allowed) {
      return BAD_HANDSHAKE_METHOD.response();
    }

    @Override
    public HttpResponse bodyTooLarge(long maxBytes) {
      return BAD_REQUEST.response(413, "Payload too large");
    }

    @Override
    public HttpResponse bodyIncomplete() {
      return BAD_REQUEST.response(400, "Request body is incomplete");
    }

    @Override
    public HttpResponse notAnswering() {
      return UNKNOWN_SID.response();
    }

    @Override
    public HttpResponse internalError() {
      return BAD_REQUEST.response(500, "Internal Server Error");
    }
  }
}
