package dev.parley.chaos;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Sessions that end while others write to them: one after the other, by a close at any moment,
 * which is then tried again with another reason, or by their own time.
 */
final class EndingSessions extends Worker {
  private static final Duration WRITERS_END = Duration.ofSeconds(90);

  private final SessionCalls calls;
  private final List<String> sessions = new CopyOnWriteArrayList<>();

  EndingSessions(Load load, int number) {
    super(load, "ending" + number);
    this.calls = new SessionCalls(load);
  }

  /** Those that exist, or existed. */
  List<String> sessions() {
    return sessions;
  }

  @Override
  public void run() {
    for (int i = 0; !isFinishing(); i++) {
      try {
        live(getName() + "-" + i, random.nextBoolean());
      } catch (InterruptedException e) {
        throw new IllegalStateException("Interrupted", e);
      }
      pauseBetween(500, 1_500);
    }
  }

  private void live(String session, boolean expires) throws InterruptedException {
    @Nullable Instant expiresAt =
        expires
            ? Instant.now().plusMillis(3_000 + random.nextInt(6_000)).truncatedTo(ChronoUnit.MILLIS)
            : null;
    while (!calls.create(node(), session, expiresAt)) {
      if (isFinishing() || (expiresAt != null && Instant.now().isAfter(expiresAt))) {
        return;
      }
      afterFailure();
    }
    sessions.add(session);
    List<PartWriter> writers =
        List.of(new PartWriter(load, session, "in"), new PartWriter(load, session, "out"));
    writers.forEach(Thread::start);
    if (!expires) {
      pauseBetween(500, 4_000);
      while (!calls.close(node(), session, "first")) {
        afterFailure();
      }
      calls.close(anyNode(), session, "again");
    }
    for (PartWriter writer : writers) {
      writer.awaitEnd(WRITERS_END);
    }
    for (int node = 0; node < load.http().nodes(); node++) {
      calls.look(node, session);
    }
  }
}
