package dev.parley.http.sessions;

import dev.parley.auth.Spans;
import dev.parley.http.shared.Call;
import dev.parley.projection.Filter;
import dev.parley.session.SessionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The filters of a query (trigger.md section 3.6), and two of our own: {@code
 * filter[metadata.path]=value}, as often as one likes, and {@code filter[search]=text}.
 */
final class FilterQuery {
  private static final String METADATA = "filter[metadata.";

  private final Call call;
  private final Instant now;
  private final List<String> problems;

  private FilterQuery(Call call, Instant now, List<String> problems) {
    this.call = call;
    this.now = now;
    this.problems = problems;
  }

  /**
   * @param problems where it is said what is not what it must be
   */
  static Filter read(Call call, Instant now, List<String> problems) {
    return new FilterQuery(call, now, problems).read();
  }

  private Filter read() {
    Instant from = millis("filter[createdAt][from]");
    Instant period = period();
    Instant to = millis("filter[createdAt][to]");
    return new Filter(
        call.queryList("filter[type]"),
        call.queryList("filter[tags]"),
        call.queryList("filter[taskIdentifier]"),
        call.query("filter[externalId]").orElse(null),
        statuses(),
        later(from, period),
        to,
        metadata(),
        call.query("filter[search]").orElse(null));
  }

  private List<String> metadata() {
    return call.request().getUri().query().toList().stream()
        .filter(parameter -> parameter.first().startsWith(METADATA))
        .filter(parameter -> parameter.first().endsWith("]"))
        .map(
            parameter -> {
              String name = parameter.first();
              String path = name.substring(METADATA.length(), name.length() - 1);
              return Filter.facet(path, parameter.second());
            })
        .toList();
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
