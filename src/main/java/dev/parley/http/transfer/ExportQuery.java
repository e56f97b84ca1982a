package dev.parley.http.transfer;

import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Refused;
import dev.parley.projection.Filter;
import dev.parley.session.SessionId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions are wanted.
 *
 * @param ids those that are named; empty for all that pass the filter
 */
record ExportQuery(List<SessionId> ids, Filter filter) {

  /**
   * Reads {@code id}, {@code type}, {@code tag}, {@code from} and {@code to}.
   *
   * @throws Refused with 400 when a parameter is not what it must be
   */
  static ExportQuery read(Call call) {
    List<String> problems = new ArrayList<>();
    String environmentId = call.credential().environment().id();
    List<SessionId> ids = new ArrayList<>();
    for (String key : values(call, "id")) {
      SessionId.parse(environmentId, key)
          .ifPresentOrElse(ids::add, () -> problems.add("id '" + key + "' names no session"));
    }
    Filter filter =
        new Filter(
            values(call, "type"),
            values(call, "tag"),
            List.of(),
            null,
            Set.of(),
            time(call, "from", problems),
            time(call, "to", problems),
            List.of(),
            null);
    if (!ids.isEmpty() && !filter.equals(Filter.ALL)) {
      problems.add("id and other filters exclude each other");
    }
    if (!problems.isEmpty()) {
      throw new Refused(Answers.detailed("Query Error", problems));
    }
    return new ExportQuery(ids.stream().distinct().toList(), filter);
  }

  /** A value may hold a comma. */
  private static List<String> values(Call call, String name) {
    return call.request().getUri().query().toList().stream()
        .filter(parameter -> parameter.first().equals(name) && !parameter.second().isEmpty())
        .map(parameter -> parameter.second())
        .toList();
  }

  private static @Nullable Instant time(Call call, String name, List<String> problems) {
    String text = call.query(name).orElse(null);
    if (text == null) {
      return null;
    }
    try {
      return text.matches("[0-9]{1,15}")
          ? Instant.ofEpochMilli(Long.parseLong(text))
          : Instant.parse(text);
    } catch (DateTimeException e) {
      problems.add(name + " must be Unix milliseconds or a time such as 2026-01-31T00:00:00Z");
      return null;
    }
  }
}
