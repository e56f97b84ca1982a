package dev.parley.http.ws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.agent.MessageRecord;
import dev.parley.entity.Inspection;
import dev.parley.entity.ReadEvent;
import dev.parley.entity.Renewals;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Json;
import dev.parley.session.Activity;
import dev.parley.session.Channel;
import dev.parley.session.Clockwork;
import dev.parley.session.IsoTime;
import dev.parley.session.SequencedRecord;
import dev.parley.session.SessionId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.RestartSettings;
import org.apache.pekko.stream.javadsl.RestartSource;
import org.apache.pekko.stream.javadsl.Source;

/**
 * What can be followed of a session, for ever and whatever happens to its owner: after a failure it
 * goes on where it was, without a gap and without a repetition. Ends when the session is purged.
 */
final class SessionStreams {
  private static final RestartSettings RESTART =
      RestartSettings.create(Duration.ofMillis(200), Duration.ofSeconds(5), 0.2);

  /** How long a question waits at the session before it is asked again. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(15);

  private static final Set<String> ENDS = Set.of("closed", "deleted");

  private final Sessions sessions;
  private final Clock clock;

  SessionStreams(Sessions sessions, Clock clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  /** The records of a stream from a number on. */
  Source<FeedEvent, NotUsed> records(SessionId id, long generation, Channel channel, long from) {
    AtomicLong next = new AtomicLong(from);
    return RestartSource.onFailuresWithBackoff(
        RESTART,
        () ->
            Source.completionStage(sessions.inspect(id, channel))
                .flatMapConcat(
                    inspection ->
                        inspection.generation() == generation
                            ? follow(id, channel, next, inspection)
                            : Source.single(new FeedEvent.Purged())));
  }

  private Source<FeedEvent, NotUsed> follow(
      SessionId id, Channel channel, AtomicLong next, Inspection inspection) {
    return sessions
        .follow(id, channel, next.get(), inspection, null, MAX_WAIT)
        .mapConcat(
            event -> {
              if (event instanceof ReadEvent.Failed failed) {
                throw new IllegalStateException(failed.reason());
              }
              if (!(event instanceof ReadEvent.Batch batch)) {
                return List.of();
              }
              next.set(batch.records().endSeq());
              return List.of(new FeedEvent.Records(batch.records()));
            });
  }

  /**
   * What happens in the life of a session, each renewal of its own (across.md section 2). Ends with
   * the session.
   *
   * @param seen the session's lifecycle channel, from whose tail on that is followed
   */
  Source<FeedEvent, NotUsed> lifecycle(SessionId id, Inspection seen) {
    Clockwork clockwork = seen.clockwork();
    AtomicLong count = new AtomicLong(clockwork == null ? 0 : clockwork.lifetime().renewalCount());
    Source<JsonNode, NotUsed> told =
        records(id, seen.generation(), Channel.LIFECYCLE, seen.tail().seq())
            .mapConcat(
                event ->
                    event instanceof FeedEvent.Records records
                        ? records.batch().records()
                        : List.<SequencedRecord>of())
            .map(record -> MessageRecord.data(record).orElse(MissingNode.getInstance()))
            .filterNot(SessionStreams::isCounted)
            .takeWhile(event -> !ENDS.contains(event.path("type").asText()), true);
    return told.merge(RestartSource.onFailuresWithBackoff(RESTART, () -> renewals(id, count)), true)
        .map(FeedEvent.Lifecycle::new);
  }

  /** Several counted renewals may share a record; each comes by the other way. */
  private static boolean isCounted(JsonNode event) {
    return event.path("type").asText().equals("renewed")
        && !event.path("cause").asText().equals("agent");
  }

  private Source<JsonNode, NotUsed> renewals(SessionId id, AtomicLong count) {
    return Source.unfoldAsync(
            count,
            known ->
                sessions
                    .renewals(id, known.get(), MAX_WAIT)
                    .thenApply(found -> Optional.of(Pair.create(known, found))))
        .mapConcat(found -> found)
        .mapConcat(
            renewals -> {
              count.set(renewals.lastCount());
              return renewed(renewals);
            });
  }

  private List<JsonNode> renewed(Renewals renewals) {
    return LongStream.rangeClosed(renewals.firstCount(), renewals.lastCount())
        .mapToObj(number -> (JsonNode) renewed(renewals, number))
        .toList();
  }

  private ObjectNode renewed(Renewals renewals, long count) {
    ObjectNode event =
        Json.object()
            .put("type", "renewed")
            .put("at", IsoTime.format(clock.instant()))
            .put("expiresAt", IsoTime.format(renewals.expiresAt()))
            .put("renewalCount", count);
    Activity cause = renewals.cause();
    return cause == null ? event : event.put("cause", cause.cause());
  }
}
