package dev.parley.chaos.history;

import dev.parley.chaos.history.Operation.Append;
import dev.parley.chaos.history.Operation.Close;
import dev.parley.chaos.history.Operation.Follow;
import dev.parley.chaos.history.Operation.Item;
import dev.parley.chaos.history.Operation.Read;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What concerns one stream. */
final class StreamHistory {
  final String name;
  final List<Append> appends = new ArrayList<>();
  final List<Read> reads = new ArrayList<>();
  final List<Follow> follows = new ArrayList<>();
  boolean closeAsked;

  private StreamHistory(String name) {
    this.name = name;
  }

  /** All streams by name. */
  static Map<String, StreamHistory> of(History history) {
    Map<String, StreamHistory> streams = new TreeMap<>();
    history.all(Append.class).forEach(append -> of(streams, append.stream()).appends.add(append));
    history.all(Read.class).forEach(read -> of(streams, read.stream()).reads.add(read));
    history.all(Follow.class).forEach(follow -> of(streams, follow.stream()).follows.add(follow));
    history
        .all(Close.class)
        .forEach(
            close -> {
              StreamHistory in = streams.get(close.session() + "/in");
              if (in != null) {
                in.closeAsked = true;
              }
            });
    return streams;
  }

  private static StreamHistory of(Map<String, StreamHistory> streams, String name) {
    return streams.computeIfAbsent(name, StreamHistory::new);
  }

  /** The session that a stream is part of. */
  static String session(String stream) {
    return stream.substring(0, stream.lastIndexOf('/'));
  }

  /** The final state: the longest of the last reads, null when there is none. */
  @Nullable Read last() {
    return reads.stream()
        .filter(Read::last)
        .max(Comparator.comparingInt(read -> read.items().size()))
        .orElse(null);
  }

  /** The records of the final state; empty when nobody read it. */
  List<Item> truth() {
    Read last = last();
    return last == null ? List.of() : last.items();
  }

  /** Whether the server itself writes this: the message by which a close wakes the agent up. */
  boolean isWrittenByServer(String data) {
    return closeAsked && data.contains("\"trigger\":\"close\"");
  }
}
