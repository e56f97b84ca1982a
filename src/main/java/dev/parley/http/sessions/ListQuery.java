package dev.parley.http.sessions;

import dev.parley.auth.Spans;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Refused;
import dev.parley.projection.Cursor;
import dev.parley.projection.Query;
import dev.parley.session.SessionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters of the list (trigger.md section 3.6); all that is wrong is told at once. */
final class ListQuery {
  private static final int DEFAULT_SIZE = 20;
  private static final int MAX_SIZE = 100;

  private final Call call;
  private final Instant now;
  private final List<String> problems = new ArrayList<>();

  private ListQuery(Call call, Instant now) {
    this.call = call;
    this.now = now;
  }

  /**
   * @throws Refused with 400 when a parameter is not what it must be
   */
  static Query read(Call call, Instant now) {
    return new ListQuery(call, now).read();
  }

  private Query read() {
    Cursor after = cursor("page[after]");
    Cursor before = cursor("page[before]");
    if (call.query("page[after]").isPresent() && call.query("page[before]").isPresent()) {
      problems.add("page[after] and page[before] exclude each other");
    }
    Instant from = millis("filter[createdAt][from]");
    Instant period = period();
    Instant to = millis("filter[createdAt][to]");
    Set<SessionStatus> statuses = statuses();
    int size = size();
    if (!problems.isEmpty()) {
      throw new Refused(Answers.detailed("Query Error", problems));
    }
    return new Query(
        call.credential().environment().id(),
        call.queryList("filter[type]"),
        call.queryList("filter[tags]"),
        call.queryList("filter[taskIdentifier]"),
        call.query("filter[externalId]").orElse(null),
        statuses,
        later(from, period),
        to,
        size,
        after,
        before,
        now);
  }

  private int size() {
    Optional<String> text = call.query("page[size]");
    if (text.isEmpty()) {
      return DEFAULT_SIZE;
    }
    if (text.get().matches("[0-9]{1,3}")) {
      int size = Integer.parseInt(text.get());
      if (size >= 1 && size <= MAX_SIZE) {
        return size;
      }
    }
    problems.add("page[size] must be an integer from 1 to " + MAX_SIZE);
    return DEFAULT_SIZE;
  }

  private @Nullable Cursor cursor(String name) {
    Optional<String> text = call.query(name);
    if (text.isEmpty()) {
      return null;
    }
    Optional<Cursor> cursor = Cursor.parse(text.get());
    if (cursor.isEmpty()) {
      problems.add(name + " is no cursor of this list");
    }
    return cursor.orElse(null);
  }

  private Set<SessionStatus> statuses() {
    Set<SessionStatus> statuses = EnumSet.noneOf(SessionStatus.class);
    for (String name : call.queryList("filter[status]")) {
      try {
        statuses.add(SessionStatus.valueOf(name));
      } catch (IllegalArgumentException e) {
        problems.add("filter[status] must be ACTIVE, CLOSED or EXPIRED");
      }
    }
    return statuses;
  }

  private @Nullable Instant period() {
    Optional<String> text = call.query("filter[createdAt][period]");
    if (text.isEmpty()) {
      return null;
    }
    Optional<Duration> span = Spans.parse(text.get());
    if (span.isEmpty() || span.get().compareTo(Duration.between(Instant.EPOCH, now)) > 0) {
      problems.add("filter[createdAt][period] must be a span such as 1h or 7d");
      return null;
    }
    return now.minus(span.get());
  }

  private @Nullable Instant millis(String name) {
    Optional<String> text = call.query(name);
    if (text.isEmpty()) {
      return null;
    }
    if (!text.get().matches("[0-9]{1,15}")) {
      problems.add(name + " must be Unix milliseconds");
      return null;
    }
    return Instant.ofEpochMilli(Long.parseLong(text.get()));
  }

  private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.isAfter(b) ? a : b;
  }
}
