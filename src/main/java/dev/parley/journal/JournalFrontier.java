package dev.parley.journal;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows up to which number the journal's order is settled: whatever is not visible up to there will
 * never be. Numbers are given before the commit, so a smaller one can become visible after a larger
 * one, or never; a reader that goes on beyond the frontier could miss an event for good.
 *
 * <p>Proof: a transaction locks {@code event_journal} for writing before it takes a number, until
 * it has ended. So every transaction with a number up to H holds that lock when H is first seen, or
 * has ended. Once all that held it then have ended, nothing up to H is under way. No waiting time
 * is guessed: a rolled-back number costs nothing, and a writer that pauses holds its readers back
 * instead of being skipped.
 */
final class JournalFrontier {
  // One statement: its snapshot, which gives H, is taken before the locks are read.
  private static final String SQL =
      """
      select
        (select coalesce(max(ordering), 0) from event_journal),
        array(
          select virtualtransaction from pg_locks
          where locktype = 'relation' and mode = 'RowExclusiveLock' and granted
            and relation = 'event_journal'::regclass
            and database = (select oid from pg_database where datname = current_database()))
      """;

  private long settled;
  private @Nullable Candidate candidate;

  private record Candidate(long ordering, Set<String> writers) {}

  /** Looks at the database once and gives the frontier, which never goes back. */
  synchronized long advance(Connection connection) throws SQLException {
    Candidate seen = look(connection);
    if (seen.writers().isEmpty()) {
      candidate = seen;
    }
    if (candidate != null && Collections.disjoint(candidate.writers(), seen.writers())) {
      settled = Math.max(settled, candidate.ordering());
      candidate = null;
    }
    if (candidate == null) {
      candidate = seen;
    }
    return settled;
  }

  private static Candidate look(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SQL);
        ResultSet row = statement.executeQuery()) {
      row.next();
      return new Candidate(row.getLong(1), writers(row.getArray(2)));
    }
  }

  /** A lock can be listed twice while PostgreSQL moves it from one table to another. */
  private static Set<String> writers(Array virtualTransactions) throws SQLException {
    return Set.copyOf(List.of((String[]) virtualTransactions.getArray()));
  }
}
