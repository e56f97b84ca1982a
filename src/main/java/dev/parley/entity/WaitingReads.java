package dev.parley.entity;

import dev.parley.entity.SessionMessage.Read;
import dev.parley.session.Channel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The reads of a session that stand at a tail, each with its own deadline. */
final class WaitingReads {
  private record Waiting(Read read, long deadlineNanos) {}

  private final Map<Channel, List<Waiting>> byChannel = new HashMap<>();

  boolean isEmpty() {
    return byChannel.isEmpty();
  }

  void add(Read read, long nowNanos) {
    byChannel
        .computeIfAbsent(read.channel(), c -> new ArrayList<>(1))
        .add(new Waiting(read, nowNanos + read.maxWait().toNanos()));
  }

  /** Hands over and forgets all reads of a channel. */
  void drain(Channel channel, Consumer<Read> action) {
    List<Waiting> waiting = byChannel.remove(channel);
    if (waiting != null) {
      waiting.forEach(w -> action.accept(w.read()));
    }
  }

  /** Hands over and forgets all. */
  void drainAll(Consumer<Read> action) {
    List.copyOf(byChannel.keySet()).forEach(channel -> drain(channel, action));
  }

  /** Hands over and forgets the reads whose time is up. */
  void drainDue(long nowNanos, Consumer<Read> action) {
    for (Iterator<List<Waiting>> lists = byChannel.values().iterator(); lists.hasNext(); ) {
      List<Waiting> list = lists.next();
      list.removeIf(
          w -> {
            boolean due = w.deadlineNanos() - nowNanos <= 0;
            if (due) {
              action.accept(w.read());
            }
            return due;
          });
      if (list.isEmpty()) {
        lists.remove();
      }
    }
  }
}
