package dev.parley.http.web;

import dev.parley.entity.limit.Throttle;
import dev.parley.entity.limit.Usage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * How many wrong passwords there may be for an account, and from an address (across.md section 7).
 * Each try is counted before it is judged, so that guesses which are made at once don't get past
 * the limit, and taken back when it was right.
 */
record PasswordTries(Throttle throttle) {
  private static final int OF_ACCOUNT = 10;
  private static final int OF_ADDRESS = 100;
  private static final Duration WINDOW = Duration.ofMinutes(15);

  /**
   * @param account its id, whether there is such an account or not
   */
  Try of(String account, String address) {
    return new Try("password of " + account, "password from " + address);
  }

  /** One try. */
  final class Try {
    private final String account;
    private final String address;

    private Try(String account, String address) {
      this.account = account;
      this.address = address;
    }

    /** Whether the password may be looked at. */
    CompletionStage<Usage> begin() {
      return throttle
          .attempt(address, OF_ADDRESS, WINDOW)
          .thenCompose(
              ofAddress ->
                  ofAddress.isAllowed()
                      ? forAccount()
                      : CompletableFuture.completedStage(ofAddress));
    }

    private CompletionStage<Usage> forAccount() {
      return throttle
          .attempt(account, OF_ACCOUNT, WINDOW)
          .thenApply(
              ofAccount -> {
                if (!ofAccount.isAllowed()) {
                  throttle.forgive(address);
                }
                return ofAccount;
              });
    }

    /**
     * It counts when the password was wrong, which is a 401.
     *
     * @param answer null when there is none, since something failed
     */
    void end(@Nullable HttpResponse answer) {
      if (answer == null || answer.status().intValue() != 401) {
        throttle.forgive(account);
        throttle.forgive(address);
      }
    }
  }
}
