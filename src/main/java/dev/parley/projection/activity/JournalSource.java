package dev.parley.projection.activity;

import dev.parley.journal.JournalFeed;
import dev.parley.journal.JournalFeed.Batch;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.projection.javadsl.SourceProvider;
import org.apache.pekko.stream.javadsl.Source;

/**
 * One slice of {@link JournalFeed} as a projection takes it: batch after batch, each with the
 * number up to which it goes as its offset. A batch that is full is followed by the next at once,
 * others by a pause, so that many small commits share one write.
 */
final class JournalSource extends SourceProvider<Long, Batch> {
  /** Events in a batch at most. */
  private static final int MAX_EVENTS = 4_000;

  /** Numbers of other slices after which the offset is noted although there was nothing to do. */
  private static final long IDLE_SPAN = 500;

  private final ActorSystem<?> system;
  private final JournalFeed feed;
  private final int slice;
  private final Duration pause;

  JournalSource(ActorSystem<?> system, JournalFeed feed, int slice, Duration pause) {
    this.system = system;
    this.feed = feed;
    this.slice = slice;
    this.pause = pause;
  }

  /**
   * @param seen up to where was read
   * @param passed the last offset that was handed on
   * @param hurry whether there is more to read than was read last
   */
  private record Position(long seen, long passed, boolean hurry) {}

  @Override
  public CompletionStage<Source<Batch, NotUsed>> source(
      Supplier<CompletionStage<Optional<Long>>> offset) {
    return offset.get().thenApply(stored -> from(stored.orElse(0L)));
  }

  private Source<Batch, NotUsed> from(long start) {
    return Source.unfoldAsync(new Position(start, start, true), this::next)
        .mapConcat(found -> found.stream().toList());
  }

  private CompletionStage<Optional<Pair<Position, Optional<Batch>>>> next(Position position) {
    CompletionStage<Batch> read =
        position.hurry()
            ? read(position)
            : Patterns.after(untilBeat(), system.classicSystem(), () -> read(position));
    return read.thenApply(
        batch -> {
          boolean pass = !batch.rows().isEmpty() || batch.end() - position.passed() >= IDLE_SPAN;
          Position then =
              new Position(batch.end(), pass ? batch.end() : position.passed(), batch.more());
          return Optional.of(
              Pair.create(
                  then, pass ? Optional.of(batch.behind(position.passed())) : Optional.empty()));
        });
  }

  /** All slices look at the same moments, so that what they bring can be written together. */
  private Duration untilBeat() {
    long width = pause.toMillis();
    return Duration.ofMillis(width - System.currentTimeMillis() % width);
  }

  private CompletionStage<Batch> read(Position position) {
    return feed.read(slice, position.seen(), MAX_EVENTS);
  }

  @Override
  public Long extractOffset(Batch batch) {
    return batch.end();
  }

  @Override
  public long extractCreationTime(Batch batch) {
    return batch.rows().isEmpty() ? 0 : batch.rows().get(0).writtenAt().toEpochMilli();
  }
}
