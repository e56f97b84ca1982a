package dev.parley.http.shared;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Set;

/**
 * Tells failures of the database that pass by themselves from those that are a fault of the server.
 */
final class DatabaseOutage {
  /**
   * Classes of PostgreSQL's error codes: no connection (08), no memory, disk or connection left
   * (53), stopped by an operator or a crash (57), and failed input or output (58).
   */
  private static final Set<String> CLASSES = Set.of("08", "53", "57", "58");

  private DatabaseOutage() {}

  /** Whether a client that tries again later may have more luck. */
  static boolean is(Throwable failure) {
    if (!(failure instanceof SQLException sql)) {
      return false;
    }
    String state = String.valueOf(sql.getSQLState());
    return sql instanceof SQLTransientException
        || state.length() == 5 && CLASSES.contains(state.substring(0, 2));
  }
}
