package dev.parley.entity;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Who is still served by this node, and the moment when it begins to leave. Those whose client can
 * go on elsewhere end then; others are waited for.
 */
public final class Leaving {
  /** What those are told who are sent away. */
  public static final String COME_AGAIN = "this node is about to leave, come again";

  /** A request or a stream under way. Told apart by identity. */
  public interface Guest {
    /**
     * The node is about to leave: if this can be taken up elsewhere, it should end now. Called on
     * any thread, at least once, also when that moment has come before.
     */
    void leave();
  }

  private final Set<Guest> guests = ConcurrentHashMap.newKeySet();
  private volatile boolean begun;

  /** From now on the guest is waited for. */
  public void enter(Guest guest) {
    guests.add(guest);
    if (begun) {
      guest.leave();
    }
  }

  /** The guest is waited for no more. */
  public void exit(Guest guest) {
    guests.remove(guest);
  }

  /** The moment has come. */
  public void begin() {
    begun = true;
    guests.forEach(Guest::leave);
  }

  /** Whether nobody is served any more. */
  public boolean isEmpty() {
    return guests.isEmpty();
  }

  /** What is waited for, or when the moment to leave comes before, something else. */
  public <T> CompletionStage<T> unlessLeaving(
      CompletionStage<T> waiting, Supplier<CompletionStage<T>> instead) {
    CompletableFuture<Void> moment = new CompletableFuture<>();
    Guest guest = () -> moment.complete(null);
    enter(guest);
    return waiting
        .applyToEither(moment.thenCompose(now -> instead.get()), result -> result)
        .whenComplete((result, failure) -> exit(guest));
  }
}
