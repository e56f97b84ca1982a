package dev.parley.projection;

import dev.parley.session.SessionStatus;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Variations of queries. */
final class Queries {
  private Queries() {}

  static Query all(String environmentId, int size, Instant now) {
    return new Query(environmentId, Filter.ALL, size, null, null, now);
  }

  static Query at(Query query, @Nullable Cursor after, @Nullable Cursor before) {
    return new Query(
        query.environmentId(), query.filter(), query.size(), after, before, query.now());
  }

  static Query status(Query query, SessionStatus status, Instant now) {
    return new Query(
        query.environmentId(),
        query.filter().with(Set.of(status)),
        query.size(),
        query.after(),
        query.before(),
        now);
  }
}
