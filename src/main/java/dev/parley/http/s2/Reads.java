package dev.parley.http.s2;

import dev.parley.entity.Inspection;
import dev.parley.entity.ReadEvent;
import dev.parley.entity.Sessions;
import dev.parley.session.Position;
import dev.parley.session.SequencedRecord;
import dev.parley.session.SessionCommand.Append;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** Where a read begins, how far it goes and whether it waits (s2.md section 5.1). */
final class Reads {
  private static final Duration PING_EVERY = Duration.ofSeconds(10);
  private static final long LONGEST_POLL_SECONDS = 60;

  /** A timer takes no more than some months. */
  private static final long LONGEST_WAIT_SECONDS = Duration.ofDays(100).toSeconds();

  /**
   * What one answer holds.
   *
   * @param tail null when the read did not get there
   */
  record Result(List<SequencedRecord> records, @Nullable Position tail) {}

  private final ActorSystem<?> system;
  private final Sessions sessions;

  Reads(ActorSystem<?> system, Sessions sessions) {
    this.system = system;
    this.sessions = sessions;
  }

  /** The next record's number and the last one's timestamp. */
  CompletionStage<Position> tail(OpenStream stream) {
    return inspect(stream).thenApply(Inspection::tail);
  }

  /**
   * What happens to a reader until its bounds are met. Fails with {@link S2Refused} 416 when it
   * begins where nothing is.
   */
  CompletionStage<Source<ReadEvent, NotUsed>> stream(OpenStream stream, ReadRequest request) {
    boolean endless = !request.isBounded() && request.waitSeconds() == null;
    long waitSeconds = request.waitSeconds() == null ? 0 : request.waitSeconds();
    boolean follow = endless || waitSeconds > 0;
    boolean mayFollow = follow || !request.isBounded();
    Duration maxSilence =
        endless ? null : Duration.ofSeconds(Math.min(waitSeconds, LONGEST_WAIT_SECONDS));
    return open(stream, request, mayFollow)
        .thenApply(
            open ->
                limited(
                    follow
                        ? sessions.follow(
                            stream.session(),
                            stream.channel(),
                            open.fromSeq(),
                            open.inspection(),
                            maxSilence,
                            PING_EVERY)
                        : sessions.drain(
                            stream.session(), stream.channel(), open.fromSeq(), open.inspection()),
                    ReadLimits.of(request, open.fromTimestamp())));
  }

  /**
   * The records of one answer: at most 1000 and 1 MiB; if it may wait, as soon as there is one.
   * Fails with {@link S2Refused} 416 when it begins where nothing is, 503 when the journal can't be
   * read.
   */
  CompletionStage<Result> once(OpenStream stream, ReadRequest request) {
    long wait =
        request.waitSeconds() == null ? 0 : Math.min(request.waitSeconds(), LONGEST_POLL_SECONDS);
    ReadRequest page =
        new ReadRequest(
            request.at(),
            request.value(),
            request.clamp(),
            atMost(request.count(), Append.MAX_RECORDS),
            atMost(request.bytes(), Append.MAX_METERED_SIZE),
            request.until(),
            wait);
    Gathering gathering = new Gathering();
    return stream(stream, page)
        .thenCompose(
            events -> events.takeWhile(gathering::add, true).runWith(Sink.ignore(), system))
        .thenApplyAsync(done -> gathering.result(), system.executionContext()::execute);
  }

  private static long atMost(@Nullable Long wanted, long limit) {
    return wanted == null ? limit : Math.min(wanted, limit);
  }

  private static Source<ReadEvent, NotUsed> limited(
      Source<ReadEvent, NotUsed> events, ReadLimits limits) {
    if (limits.isExhausted()) {
      return Source.single(new ReadEvent.Done());
    }
    return events
        .mapConcat(limits::cut)
        .takeWhile(event -> !(event instanceof ReadEvent.Done), true);
  }

  private CompletionStage<Inspection> inspect(OpenStream stream) {
    return sessions
        .inspect(stream.session(), stream.channel())
        .thenApply(
            inspection -> {
              if (inspection.generation() != stream.generation()) {
                throw S2Error.purged().refused();
              }
              return inspection;
            });
  }

  /**
   * A place where a read may begin.
   *
   * @param fromSeq at or before the first wanted record
   * @param fromTimestamp what the first wanted record reaches
   */
  private record Open(Inspection inspection, long fromSeq, long fromTimestamp) {}

  private CompletionStage<Open> open(OpenStream stream, ReadRequest request, boolean mayFollow) {
    return inspect(stream)
        .thenCompose(
            inspection -> {
              Position tail = inspection.tail();
              long start = start(request, tail);
              boolean beyond = start > tail.seq() && !request.clamp();
              if (beyond || (start >= tail.seq() && !mayFollow)) {
                throw S2Error.rangeNotSatisfiable(tail).refused();
              }
              return request.at() == ReadRequest.Start.TIMESTAMP && start == 0
                  ? sessions
                      .locate(stream.session(), stream.channel(), request.value())
                      .thenApply(seq -> new Open(inspection, seq, request.value()))
                  : CompletableFuture.completedFuture(
                      new Open(inspection, Math.min(start, tail.seq()), Long.MIN_VALUE));
            });
  }

  /**
   * Where the request begins; for a timestamp within the stream 0, as long as it is not located.
   */
  private static long start(ReadRequest request, Position tail) {
    return switch (request.at()) {
      case SEQ_NUM -> request.value();
      case TAIL_OFFSET -> Math.max(0, tail.seq() - request.value());
      case TIMESTAMP -> request.value() > tail.timestamp() ? Long.MAX_VALUE : 0;
    };
  }

  /** Collects the events of one answer. */
  private static final class Gathering {
    private final List<SequencedRecord> records = new ArrayList<>();
    private @Nullable Position tail;
    private @Nullable String failure;

    /** Whether more is wanted. */
    private boolean add(ReadEvent event) {
      if (event instanceof ReadEvent.Batch batch) {
        records.addAll(batch.records().records());
        if (batch.live()) {
          tail = batch.records().tail();
        }
        return !batch.live();
      }
      if (event instanceof ReadEvent.Ping ping) {
        tail = ping.tail();
        return records.isEmpty();
      }
      if (event instanceof ReadEvent.Failed failed) {
        failure = failed.reason();
      }
      return false;
    }

    private Result result() {
      if (failure != null) {
        throw S2Error.unavailable(failure).refused();
      }
      return new Result(records, tail);
    }
  }
}
