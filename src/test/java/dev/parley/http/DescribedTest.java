package dev.parley.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the other tests rely on: an answer that is not as described is found. */
class DescribedTest {
  private static final String JSON = "application/json";
  private static final String APPEND = "/realtime/v1/sessions/chat-1/in/append";
  private static final String SESSION = "/api/messaging/sessions/x";

  static Stream<Arguments> described() {
    return Stream.of(
        arguments("POST", APPEND, 200, JSON, "{\"ok\":true,\"seq\":7}"),
        arguments("POST", APPEND, 404, JSON + "; charset=utf-8", "{\"error\":\"x\"}"),
        arguments("GET", APPEND, 405, null, ""),
        arguments("OPTIONS", APPEND, 200, null, ""),
        arguments("HEAD", "/health", 200, JSON, ""),
        arguments("PATCH", "/api/v1/sessions/stats", 404, JSON, "{\"error\":\"x\"}"),
        arguments("GET", "/api/v1/nothing", 404, JSON, "{\"error\":\"Not found\"}"),
        arguments("POST", "/health", 413, JSON, "{\"error\":\"x\"}"),
        arguments("DELETE", SESSION + "/", 410, JSON, messagingError("SESSION_CLOSED")),
        arguments("GET", "/realtime/v1/sessions/a/out", 200, "text/event-stream", "event: ping"));
  }

  static Stream<Arguments> notDescribed() {
    return Stream.of(
        arguments("POST", APPEND, 200, JSON, "{\"ok\":true,\"seq\":\"7\"}", "does not fit"),
        arguments("POST", APPEND, 200, JSON, "{\"ok\":true}", "does not fit"),
        arguments("POST", APPEND, 200, JSON, "{\"ok\":true,\"seq\":7,\"at\":1}", "does not fit"),
        arguments("POST", APPEND, 201, JSON, "{\"ok\":true,\"seq\":7}", "no status of"),
        arguments("POST", APPEND, 200, "text/plain", "ok", "not described for"),
        arguments("POST", APPEND, 404, JSON, "{\"message\":\"x\"}", "does not fit"),
        arguments("GET", APPEND, 200, JSON, "{}", "method is not described"),
        arguments("HEAD", "/ws", 200, null, "", "method is not described"),
        arguments("GET", "/api/v1/nothing", 200, JSON, "{}", "path is not described"),
        arguments("GET", "/api/v1/sessions/", 200, JSON, "{}", "path is not described"),
        arguments("DELETE", SESSION, 410, JSON, messagingError("GONE"), "does not fit"),
        arguments("DELETE", "/api/admin/events/e", 204, JSON, "{}", "no content is described"));
  }

  private static String messagingError(String code) {
    return "{\"error\":{\"code\":\"%s\",\"message\":\"m\",\"timestamp\":\"2026-11-26T19:10:03.120Z\"}}"
        .formatted(code);
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("described")
  void what_is_described_passes(
      String method, String path, int status, @Nullable String type, String body) {
    assertThatCode(() -> Described.check(method, path, status, type, body))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest(name = "{0} {1} {2}: {5}")
  @MethodSource("notDescribed")
  void anything_else_is_found(
      String method, String path, int status, @Nullable String type, String body, String problem) {
    assertThatThrownBy(() -> Described.check(method, path, status, type, body))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(problem)
        .hasMessageContaining(path);
  }
}
