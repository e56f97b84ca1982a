package dev.parley.entity;

import dev.parley.session.SessionId;
import dev.parley.session.Waitpoint;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.ActorAttributes;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.Supervision;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Tries the callbacks of this node's sessions, a bounded number at a time, in the order in which
 * they were handed in. What becomes of each is said to its session.
 */
public final class Deliveries {
  /** Tries that may wait for their turn; a session whose try is refused hands it in again. */
  private static final int MAX_WAITING = 10_000;

  private final CallbackSettings settings;
  private final BoundedSourceQueue<Delivery> waiting;

  private record Delivery(SessionId session, Waitpoint waitpoint) {}

  /**
   * @param report told of each try, when it is over, on any thread
   */
  Deliveries(
      ActorSystem<?> system,
      CallbackSettings settings,
      CallbackSender sender,
      BiConsumer<SessionId, SessionMessage.CallbackDone> report) {
    this.settings = settings;
    this.waiting =
        Source.<Delivery>queue(MAX_WAITING)
            .mapAsyncUnordered(
                settings.nodeMaxInFlight(),
                delivery ->
                    trying(sender, delivery)
                        .handleAsync(
                            (settled, failure) ->
                                new SessionMessage.CallbackDone(
                                    delivery.waitpoint().id(), failure == null && settled),
                            system.executionContext()::execute)
                        .thenAccept(done -> report.accept(delivery.session(), done))
                        .thenApply(done -> delivery))
            .to(Sink.ignore())
            // Whatever happens to one, the others go on.
            .withAttributes(
                ActorAttributes.withSupervisionStrategy(Supervision.getResumingDecider()))
            .run(system);
  }

  private static CompletionStage<Boolean> trying(CallbackSender sender, Delivery delivery) {
    try {
      return sender.send(delivery.session(), delivery.waitpoint());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  CallbackSettings settings() {
    return settings;
  }

  /** Hands in a try. False when too many wait. */
  boolean offer(SessionId session, Waitpoint waitpoint) {
    return waiting.offer(new Delivery(session, waitpoint)).isEnqueued();
  }
}
