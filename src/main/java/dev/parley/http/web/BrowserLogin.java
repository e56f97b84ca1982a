package dev.parley.http.web;

import dev.parley.http.shared.Refused;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request, by the cookie of a browser session (web-runtime.md section 1). The session's
 * own entity is asked each time, so that a logout holds on every node at once. Fails with {@link
 * TimeoutException} when it does not answer.
 */
public interface BrowserLogin {
  /**
   * Somebody who is logged in.
   *
   * @param userId a UUID
   * @param sessionKey names the browser session, without opening anything
   * @param organizations the ids of those the user is a member of
   * @param currentOrganization one of them; null before the first {@code GET /api/init/whoami}
   */
  record LoggedIn(
      String userId,
      String sessionKey,
      Set<String> organizations,
      @Nullable String currentOrganization) {
    public LoggedIn {
      organizations = Set.copyOf(organizations);
    }
  }

  /** For a request that only reads. Empty for one without a cookie that is good. */
  CompletionStage<Optional<LoggedIn>> of(HttpRequest request);

  /**
   * For a request that changes something: what another site's page made the browser send fails with
   * {@link Refused} (403), whoever is logged in (across.md section 7).
   */
  CompletionStage<Optional<LoggedIn>> forChange(HttpRequest request);

  /** Whether the browser session goes on, for what outlives the request that it was opened by. */
  CompletionStage<Boolean> goesOn(String sessionKey, String userId);

  /**
   * Calls the listener when browser sessions have ended, on whichever node: with the key of one, or
   * with the id of a user of whose sessions some have. A hint that may get lost; {@link #goesOn}
   * knows.
   */
  void onEnd(Consumer<String> listener);
}
