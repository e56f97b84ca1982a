package dev.parley.http.sessions;

import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Refused;
import dev.parley.projection.Cursor;
import dev.parley.projection.Filter;
import dev.parley.projection.Query;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    Filter filter = FilterQuery.read(call, now, problems);
    int size = size();
    if (!problems.isEmpty()) {
      throw new Refused(Answers.detailed("Query Error", problems));
    }
    return new Query(call.credential().environment().id(), filter, size, after, before, now);
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
}
