package dev.parley.http.messaging.sockets;

import dev.parley.entity.Inspection;
import dev.parley.entity.ReadEvent;
import dev.parley.entity.Renewals;
import dev.parley.entity.Sessions;
import dev.parley.session.Channel;
import dev.parley.session.SequencedRecord;
import dev.parley.session.SessionId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.RestartSettings;
import org.apache.pekko.stream.javadsl.RestartSource;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Follows one session for ever, whatever happens to it: after a failure it goes on where it was,
 * without a gap and without a repetition.
 */
final class Follower {
  private static final RestartSettings RESTART =
      RestartSettings.create(Duration.ofMillis(200), Duration.ofSeconds(5), 0.2);

  /** How long a question waits at the session before it is asked again. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(15);

  private static final long UNKNOWN = -1;

  private final Sessions sessions;
  private final SessionId session;

  Follower(Sessions sessions, SessionId session) {
    this.sessions = sessions;
    this.session = session;
  }

  /** The records of a channel from this number on. */
  Source<SequencedRecord, NotUsed> recordsFrom(Channel channel, long seq) {
    AtomicLong next = new AtomicLong(seq);
    return RestartSource.withBackoff(
        RESTART, () -> records(channel, next, sessions.inspect(session, channel)));
  }

  /**
   * The records of a channel that come from now on.
   *
   * @param begun completes when it is known which they are
   */
  Source<SequencedRecord, NotUsed> recordsFromNow(Channel channel, CompletableFuture<Done> begun) {
    AtomicLong next = new AtomicLong(UNKNOWN);
    return RestartSource.withBackoff(
        RESTART,
        () ->
            records(
                channel,
                next,
                sessions
                    .inspect(session, channel)
                    .thenApply(
                        inspection -> {
                          next.compareAndSet(UNKNOWN, inspection.tail().seq());
                          begun.complete(Done.getInstance());
                          return inspection;
                        })));
  }

  private Source<SequencedRecord, ?> records(
      Channel channel, AtomicLong next, CompletionStage<Inspection> inspected) {
    return Source.completionStage(inspected)
        .flatMapConcat(
            inspection -> sessions.follow(session, channel, next.get(), inspection, null, MAX_WAIT))
        .mapConcat(Follower::records)
        .map(
            record -> {
              next.set(record.seq() + 1);
              return record;
            });
  }

  private static List<SequencedRecord> records(ReadEvent event) {
    if (event instanceof ReadEvent.Failed failed) {
      throw new IllegalStateException(failed.reason());
    }
    return event instanceof ReadEvent.Batch batch ? batch.records().records() : List.of();
  }

  /** The renewals behind this count. */
  Source<Renewals, NotUsed> renewalsAfter(long count) {
    AtomicLong last = new AtomicLong(count);
    return RestartSource.withBackoff(RESTART, () -> renewals(last));
  }

  private Source<Renewals, NotUsed> renewals(AtomicLong last) {
    return Source.unfoldAsync(
            last,
            known ->
                sessions
                    .renewals(session, known.get(), MAX_WAIT)
                    .thenApply(found -> Optional.of(Pair.create(known, found))))
        .mapConcat(found -> found)
        .map(
            renewals -> {
              last.set(renewals.lastCount());
              return renewals;
            });
  }
}
