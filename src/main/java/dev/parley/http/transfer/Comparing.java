package dev.parley.http.transfer;

import dev.parley.entity.ReadEvent;
import dev.parley.entity.Sessions;
import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.RestoredPiece;
import dev.parley.session.SequencedRecord;
import dev.parley.session.Session;
import dev.parley.session.SessionInfo;
import dev.parley.session.StreamAppend;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;

/**
 * Compares a copy with the session that is there, and changes nothing. The session may have gone on
 * since: more records, others trimmed, another end.
 */
final class Comparing implements Arrival {
  private final ActorSystem<?> system;
  private final Sessions sessions;
  private final Session there;

  private Comparing(ActorSystem<?> system, Sessions sessions, Session there) {
    this.system = system;
    this.sessions = sessions;
    this.there = there;
  }

  /**
   * @throws LineRefused when it is another session that is there
   */
  static Comparing of(ActorSystem<?> system, Sessions sessions, Session there, Session copy) {
    SessionInfo row = there.info();
    SessionInfo copied = copy.info();
    boolean sameRow =
        row == null
            ? copied == null
            : copied != null
                && row.createdAt().equals(copied.createdAt())
                && row.type().equals(copied.type())
                && Objects.equals(row.externalId(), copied.externalId());
    if (!sameRow) {
      throw conflict("another one of this name was created");
    }
    for (Map.Entry<Channel, ChannelState> stream : copy.channels().entrySet()) {
      if (there.channel(stream.getKey()).nextSeq() < stream.getValue().nextSeq()) {
        throw conflict(name(stream.getKey()) + " has fewer records");
      }
    }
    return new Comparing(system, sessions, there);
  }

  private static LineRefused conflict(String what) {
    return new LineRefused("the session exists with other content: " + what);
  }

  private static String name(Channel channel) {
    String direction = channel.direction().wireName();
    return channel.isReservedPair() ? direction : channel.name() + "." + direction;
  }

  @Override
  public CompletionStage<Done> take(RestoredPiece piece) {
    if (!(piece instanceof RestoredPiece.Records run)) {
      return CompletableFuture.completedFuture(Done.done());
    }
    StreamAppend append = run.append();
    long from = Math.max(append.firstSeq(), there.channel(append.channel()).trimPoint());
    if (from >= append.endSeq()) {
      return CompletableFuture.completedFuture(Done.done());
    }
    return sessions
        .inspect(there.id(), append.channel())
        .thenCompose(
            inspection ->
                sessions
                    .drain(there.id(), append.channel(), from, inspection)
                    .mapConcat(Comparing::records)
                    .takeWhile(record -> record.seq() < append.endSeq())
                    .take(append.endSeq() - from)
                    .runWith(Sink.seq(), system))
        .thenApply(
            found -> {
              compare(append, from, found);
              return Done.done();
            });
  }

  private static List<SequencedRecord> records(ReadEvent event) {
    if (event instanceof ReadEvent.Failed failed) {
      throw new IllegalStateException("a stream can't be compared: " + failed.reason());
    }
    return event instanceof ReadEvent.Batch batch ? batch.records().records() : List.of();
  }

  private static void compare(StreamAppend append, long from, List<SequencedRecord> found) {
    long seq = from;
    for (SequencedRecord record : found) {
      if (record.seq() > seq) {
        // Those between have been trimmed since.
        seq = record.seq();
      }
      StreamAppend.Entry copied = at(append, seq);
      if (copied == null
          || copied.timestamp() != record.timestamp()
          || !copied.content().equals(record.content())) {
        throw conflict("record %d of %s".formatted(seq, name(append.channel())));
      }
      seq++;
    }
  }

  private static StreamAppend.@Nullable Entry at(StreamAppend append, long seq) {
    long index = seq - append.firstSeq();
    return index < append.records().size() ? append.records().get((int) index) : null;
  }

  @Override
  public CompletionStage<Outcome> finish() {
    return CompletableFuture.completedFuture(Outcome.UNCHANGED);
  }

  @Override
  public CompletionStage<Done> abandon() {
    return CompletableFuture.completedFuture(Done.done());
  }

  @Override
  public long records() {
    return 0;
  }
}
