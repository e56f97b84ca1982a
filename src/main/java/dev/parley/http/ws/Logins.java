package dev.parley.http.ws;

import dev.parley.auth.RuntimeTokens.Grant;
import dev.parley.auth.RuntimeTokens.User;
import dev.parley.http.web.BrowserLogin;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The browser sessions behind sockets: what a user has opened ends when the login ends with which
 * its token was got (web-runtime.md section 1).
 */
record Logins(BrowserLogin login) {
  /** Names the login with which a socket ends; empty for one that ends with its token alone. */
  static Optional<String> keyOf(Grant grant) {
    return grant instanceof User user ? Optional.ofNullable(user.sessionKey()) : Optional.empty();
  }

  /** Whether what was named by {@link BrowserLogin#onEnd} may be the login of this grant. */
  static boolean concerns(String ended, Grant grant) {
    return grant instanceof User user
        && (ended.equals(user.sessionKey()) || ended.equals(user.userId()));
  }

  /** Whether the login of this grant goes on; so it does where there is none. */
  CompletionStage<Boolean> goesOn(Grant grant) {
    return grant instanceof User user && user.sessionKey() != null
        ? login.goesOn(user.sessionKey(), user.userId())
        : CompletableFuture.completedFuture(true);
  }
}
