package dev.parley.entity;

import dev.parley.journal.SessionHistory;
import dev.parley.session.SessionId;
import java.sql.SQLException;
import java.util.concurrent.CompletionStage;

/** Shows what has happened to a session, in parts of bounded size. */
public final class Timelines {
  private final SessionHistory history;

  public Timelines(SessionHistory history) {
    this.history = history;
  }

  /**
   * One part. Fails with {@link SQLException} when the database does.
   *
   * @param generation of the session as an {@link Inspection} tells it
   * @param before only events before this version; {@link Long#MAX_VALUE} for the newest part
   * @param limit events at most; moments may be fewer
   */
  public CompletionStage<Timeline> read(
      SessionId session, long generation, long before, int limit) {
    return history
        .read(session, generation, before, limit)
        .thenApply(rows -> Timeline.of(rows, limit));
  }
}
