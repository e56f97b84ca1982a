package dev.parley.entity;

import com.typesafe.config.Config;
import dev.parley.session.CallbackPolicy;

/**
 * How callbacks are tried; keys under {@code parley.callbacks}, explained in {@code
 * application.conf}.
 *
 * @param sessionMaxInFlight tries of one session at the same time
 * @param nodeMaxInFlight tries of one node at the same time
 */
public record CallbackSettings(CallbackPolicy policy, int sessionMaxInFlight, int nodeMaxInFlight) {
  /**
   * @throws IllegalArgumentException when a value is not what it must be
   */
  public CallbackSettings {
    if (sessionMaxInFlight < 1 || nodeMaxInFlight < 1) {
      throw new IllegalArgumentException(
          "session-max-in-flight is %d and node-max-in-flight %d; each must be 1 at least"
              .formatted(sessionMaxInFlight, nodeMaxInFlight));
    }
  }

  public static CallbackSettings of(Config config) {
    return new CallbackSettings(
        new CallbackPolicy(
            config.getDuration("first-pause"),
            config.getDuration("longest-pause"),
            config.getDuration("give-up-after")),
        config.getInt("session-max-in-flight"),
        config.getInt("node-max-in-flight"));
  }
}
