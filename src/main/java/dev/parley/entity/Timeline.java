package dev.parley.entity;

import dev.parley.journal.SessionHistory;
import dev.parley.journal.StreamSummary;
import dev.parley.session.Channel;
import dev.parley.session.SessionEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of what has happened to a session, the newest first.
 *
 * @param next where the part before it ends; null when there is none
 */
public record Timeline(List<Moment> moments, @Nullable Long next) {
  public Timeline {
    moments = List.copyOf(moments);
  }

  /** Something that happened. */
  public sealed interface Moment {
    /** The sequence number of its event; of several the newest. */
    long version();
  }

  /** An event of anything but records. */
  public record Happened(long version, SessionEvent event) implements Moment {}

  /**
   * Commits of records with nothing else between them.
   *
   * @param from when the oldest was made
   * @param to when the newest was made
   * @param streams in the order in which they are met, newest first; those of the server left out
   */
  public record Written(long version, Instant from, Instant to, int commits, List<Stretch> streams)
      implements Moment {
    public Written {
      streams = List.copyOf(streams);
    }
  }

  /**
   * What they have brought to one stream.
   *
   * @param firstSeq the first of the records
   * @param endSeq the number after the last of them
   * @param messages records that are part of what user and agent have said to each other
   * @param bytes metered size of the records
   */
  public record Stretch(
      Channel channel, long firstSeq, long endSeq, int records, int messages, long bytes) {
    private static Stretch of(StreamSummary summary) {
      return new Stretch(
          summary.channel(),
          summary.endSeq() - summary.records(),
          summary.endSeq(),
          summary.records(),
          summary.messages(),
          summary.bytes());
    }

    private Stretch with(Stretch older) {
      return new Stretch(
          channel,
          Math.min(firstSeq, older.firstSeq),
          Math.max(endSeq, older.endSeq),
          records + older.records,
          messages + older.messages,
          bytes + older.bytes);
    }
  }

  /**
   * The events as moments.
   *
   * @param rows the newest first
   * @param limit as many as were asked for: when there are fewer, nothing is before them
   */
  static Timeline of(List<SessionHistory.Row> rows, int limit) {
    List<Moment> moments = new ArrayList<>();
    List<SessionHistory.Row> commits = new ArrayList<>();
    for (SessionHistory.Row row : rows) {
      SessionEvent event = row.event();
      if (event == null) {
        commits.add(row);
      } else {
        addCommits(moments, commits);
        // What else comes from a copy belongs to the beginning of that.
        if (!(event instanceof SessionEvent.RestoreTrimmed)
            && !(event instanceof SessionEvent.PartIdsRestored)) {
          moments.add(new Happened(row.version(), event));
        }
      }
    }
    addCommits(moments, commits);
    boolean more = rows.size() == limit && rows.get(limit - 1).version() > 1;
    return new Timeline(moments, more ? rows.get(limit - 1).version() : null);
  }

  /** What the server writes for itself stands there as the event it is written for. */
  private static void addCommits(List<Moment> moments, List<SessionHistory.Row> commits) {
    Map<Channel, Stretch> streams = new LinkedHashMap<>();
    int counted = 0;
    for (SessionHistory.Row row : commits) {
      List<StreamSummary> ofUsers = row.streams().stream().filter(StreamSummary::counts).toList();
      counted += ofUsers.isEmpty() && !row.streams().isEmpty() ? 0 : 1;
      ofUsers.forEach(
          summary -> streams.merge(summary.channel(), Stretch.of(summary), Stretch::with));
    }
    if (counted > 0) {
      SessionHistory.Row newest = commits.get(0);
      moments.add(
          new Written(
              newest.version(),
              at(commits.get(commits.size() - 1)),
              at(newest),
              counted,
              List.copyOf(streams.values())));
    }
    commits.clear();
  }

  private static Instant at(SessionHistory.Row row) {
    return row.streams().stream()
        .map(StreamSummary::at)
        .max(Instant::compareTo)
        .orElse(row.writtenAt());
  }
}
