package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.Answer;
import dev.parley.http.web.Browser;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Hand-offs to the realtime worker, as its tests over processes make and take them. */
final class HandOffs {
  /** The key of the worker, for {@code PARLEY_REALTIME_KEY}. */
  static final String REALTIME_KEY = "key-of-the-realtime-worker";

  private HandOffs() {}

  /** Makes one and returns its id. */
  static String offer(Browser member, String organization, int number) {
    Answer created =
        member.post(
            "/chat/realtime/ally/create-session/" + organization,
            "{\"config\":{\"number\":" + number + "}}");
    assertThat(created.status()).as(created.body()).isEqualTo(201);
    return created.json().get("sessionId").textValue();
  }

  static Answer take(String origin, String id) {
    return new Browser(origin)
        .get("/chat/realtime/session/" + id, "Authorization", "Bearer " + REALTIME_KEY);
  }

  /** The status; empty when the server died before it answered. */
  static Optional<Integer> tryToTake(String origin, String id) {
    try {
      return Optional.of(take(origin, id).status());
    } catch (UncheckedIOException e) {
      return Optional.empty();
    }
  }
}
