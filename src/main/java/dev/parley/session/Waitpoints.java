package dev.parley.session;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The waitpoints of a session: all that wait, and those that ended last. Immutable. */
public final class Waitpoints {
  /** As many may wait at the same time. */
  public static final int MAX_PENDING = 10_000;

  /** As many of those that have ended are remembered for as long as they are the last ones. */
  public static final int MIN_ENDED = 1_000;

  /** All that have ended are remembered for so long, or one end of many would hide some at once. */
  public static final Duration ENDED_SPAN = Duration.ofMinutes(10);

  /** As many may have a callback that is not settled. */
  public static final int MAX_CALLBACKS = MAX_PENDING;

  /** No more than these are remembered all the same, besides those that owe a callback. */
  public static final int MAX_ENDED = MAX_PENDING;

  public static final Waitpoints EMPTY = new Waitpoints(Map.of());

  /** Those that wait in the order of their registration, those that ended in that of their end. */
  private final Map<String, Waitpoint> byId;

  private final int pending;
  private final @Nullable Instant nextDeadline;
  private final int callbacks;
  private final @Nullable Instant nextTry;

  private Waitpoints(Map<String, Waitpoint> byId) {
    this.byId = Collections.unmodifiableMap(byId);
    List<Waitpoint> waiting = byId.values().stream().filter(Waitpoint::isPending).toList();
    this.pending = waiting.size();
    this.nextDeadline =
        waiting.stream()
            .map(Waitpoint::timeoutAt)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder())
            .orElse(null);
    List<Waitpoint> telling =
        byId.values().stream()
            .filter(waitpoint -> waitpoint.callback() != null && !waitpoint.callback().isSettled())
            .toList();
    this.callbacks = telling.size();
    this.nextTry =
        telling.stream()
            .map(Waitpoint::nextTry)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder())
            .orElse(null);
  }

  /** The waitpoints that a snapshot kept, in their order. */
  public static Waitpoints of(List<Waitpoint> kept) {
    return EMPTY.with(kept);
  }

  /** All of them: of two that wait, or two that ended, the one that did so first comes first. */
  public Collection<Waitpoint> all() {
    return byId.values();
  }

  public Optional<Waitpoint> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The one that was registered with a key that is still good. */
  Optional<Waitpoint> findByKey(@Nullable String key, Instant now) {
    return key == null
        ? Optional.empty()
        : byId.values().stream().filter(waitpoint -> waitpoint.isNamed(key, now)).findFirst();
  }

  /** How many wait. */
  public int pending() {
    return pending;
  }

  /** The earliest deadline of those that wait. */
  @Nullable Instant nextDeadline() {
    return nextDeadline;
  }

  /** How many callbacks are owed or will be. */
  int callbacks() {
    return callbacks;
  }

  /** When a callback is to be tried next. */
  @Nullable Instant nextTry() {
    return nextTry;
  }

  /** Those whose callback is to be tried now. */
  Stream<Waitpoint> callbacksDue(Instant now) {
    if (nextTry == null || nextTry.isAfter(now)) {
      return Stream.empty();
    }
    return byId.values().stream()
        .filter(Waitpoint::owesCallback)
        .filter(waitpoint -> !waitpoint.nextTry().isAfter(now));
  }

  /** Those whose deadline has come, in its order. */
  List<Waitpoint> due(Instant now) {
    if (nextDeadline == null || nextDeadline.isAfter(now)) {
      return List.of();
    }
    return byId.values().stream()
        .filter(waitpoint -> waitpoint.isPending() && waitpoint.timeoutAt() != null)
        .filter(waitpoint -> !waitpoint.timeoutAt().isAfter(now))
        .sorted(Comparator.comparing(Waitpoint::timeoutAt))
        .toList();
  }

  /** After these were registered, have ended or have told of it. */
  Waitpoints with(List<Waitpoint> changed) {
    if (changed.isEmpty()) {
      return this;
    }
    Map<String, Waitpoint> next = new LinkedHashMap<>(byId);
    for (Waitpoint waitpoint : changed) {
      Waitpoint before = byId.get(waitpoint.id());
      if (before != null && !Objects.equals(before.outcome(), waitpoint.outcome())) {
        // What ended last is remembered longest, however long it has waited.
        next.remove(waitpoint.id());
      }
      next.put(waitpoint.id(), waitpoint);
    }
    forget(next);
    return new Waitpoints(next);
  }

  private static void forget(Map<String, Waitpoint> byId) {
    List<Waitpoint> ended =
        byId.values().stream()
            .filter(waitpoint -> !waitpoint.isPending() && !waitpoint.owesCallback())
            .toList();
    if (ended.size() <= MIN_ENDED) {
      return;
    }
    Instant horizon = ended.get(ended.size() - 1).outcome().at().minus(ENDED_SPAN);
    for (int i = 0; i < ended.size() - MIN_ENDED; i++) {
      Waitpoint waitpoint = ended.get(i);
      if (i < ended.size() - MAX_ENDED || waitpoint.outcome().at().isBefore(horizon)) {
        byId.remove(waitpoint.id());
      }
    }
  }

  /** After records of a stream: all that waited for one of them have ended. */
  Waitpoints withRecords(StreamAppend records) {
    if (pending == 0) {
      return this;
    }
    List<Waitpoint> ended = new ArrayList<>();
    for (Waitpoint waitpoint : byId.values()) {
      if (waitpoint.isPending() && records.channel().equals(waitpoint.channel())) {
        completion(waitpoint, records).ifPresent(outcome -> ended.add(waitpoint.with(outcome)));
      }
    }
    return with(ended);
  }

  private static Optional<Waitpoint.Outcome> completion(Waitpoint waitpoint, StreamAppend records) {
    for (int i = 0; i < records.records().size(); i++) {
      StreamAppend.Entry entry = records.records().get(i);
      long seq = records.firstSeq() + i;
      if (seq > waitpoint.afterSeq() && !entry.content().isCommand()) {
        return Optional.of(
            new Waitpoint.Outcome(
                false,
                // A writer may date its records back.
                Collections.max(
                    List.of(waitpoint.createdAt(), Instant.ofEpochMilli(entry.timestamp()))),
                new Waitpoint.Output(records.channel(), seq)));
      }
    }
    return Optional.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Waitpoints that
        && List.copyOf(byId.values()).equals(List.copyOf(that.byId.values()));
  }

  @Override
  public int hashCode() {
    return byId.hashCode();
  }
}
