package dev.parley.entity;

import dev.parley.session.CallbackPolicy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorSystem;

/** For sessions whose callbacks are no concern of the test: none of them is ever sent. */
public final class NoCallbacks {
  private NoCallbacks() {}

  public static Deliveries in(ActorSystem<?> system) {
    CallbackPolicy policy =
        new CallbackPolicy(Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofDays(1));
    return new Deliveries(
        system,
        new CallbackSettings(policy, 1, 1),
        (session, waitpoint) -> new CompletableFuture<>(),
        (session, done) -> {});
  }
}
