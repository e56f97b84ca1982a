package dev.parley.projection;

import dev.parley.journal.EventTags;
import dev.parley.journal.JournalFeed;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A projection of this installation, as far as whoever watches and runs it has to know it.
 *
 * @param name under which offsets are stored
 * @param keys of its slices
 * @param waiting SQL that gives, as {@code since}, the time of writing of the first event that a
 *     slice has still to apply, and no row when there is none; may refer to the slice by {@code
 *     slices.key} and {@code slices.seen}, the number up to which it has applied the journal
 * @param beforeRebuild SQL that makes its tables ready for all events to be applied again
 */
public record ProjectionDefinition(
    String name, List<String> keys, String waiting, List<String> beforeRebuild) {
  /**
   * Numbers of the journal that one look goes through. What lies behind them has not been passed
   * either, so it counts as waiting, whichever slice it is in.
   */
  private static final long MAX_SPAN = 50_000;

  // The tag's own number first: a join may begin with the events, and read all since the last one.
  // Written out, the condition on the tag is that of a partial index.
  private static final String TAGGED =
      """
      select write_timestamp as since from event_journal
      where ordering = (
        select event_id from event_tag
        where tag = slices.key and event_id > slices.seen and tag like 'lifecycle-%'
        order by event_id limit 1)
      """;

  private static final String FED =
      """
      select write_timestamp as since from event_journal
      where ordering > slices.seen
        and (ordering > slices.seen + %d
          or (not deleted and persistence_id like 'Session|%%/%%'
            and (ascii(right(persistence_id, 1)) & %d) = slices.key::int))
      order by ordering limit 1
      """
          .formatted(MAX_SPAN, JournalFeed.SLICES - 1);

  public ProjectionDefinition {
    keys = List.copyOf(keys);
    beforeRebuild = List.copyOf(beforeRebuild);
  }

  /** The index: its rows stay, and are written again whatever version they have. */
  public static ProjectionDefinition index() {
    return new ProjectionDefinition(
        IndexProjection.NAME,
        EventTags.LIFECYCLE,
        TAGGED,
        List.of("update session_index set version = 0 where version > 0"));
  }

  /** A projection of {@link JournalFeed} whose rows are known by what they tell of. */
  public static ProjectionDefinition ofFeed(String name) {
    return ofFeed(name, List.of());
  }

  /**
   * A projection of {@link JournalFeed} whose tables hold sums, and so must be empty when events
   * are applied again.
   */
  public static ProjectionDefinition ofSums(String name, List<String> tables) {
    return ofFeed(name, List.of("truncate " + String.join(", ", tables)));
  }

  private static ProjectionDefinition ofFeed(String name, List<String> beforeRebuild) {
    List<String> keys = IntStream.range(0, JournalFeed.SLICES).mapToObj(Integer::toString).toList();
    return new ProjectionDefinition(name, keys, FED, beforeRebuild);
  }
}
