package dev.parley.ops.doctor;

import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.DatabaseInspection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

/** PostgreSQL: there, durable, with the tables of this program, and of the same time as we. */
public final class DatabaseExamination implements Callable<List<Check>> {
  public static final String NAME = "database";

  private static final Duration SKEW_TO_WARN_OF = Duration.ofSeconds(1);
  private static final Duration SKEW_TO_FAIL = Duration.ofSeconds(30);

  private final DatabaseAddress address;
  private final Clock clock;
  private final boolean serving;

  /**
   * @param clock that of this machine
   * @param serving whether a server runs here, which has applied its migrations
   */
  public DatabaseExamination(DatabaseAddress address, Clock clock, boolean serving) {
    this.address = address;
    this.clock = clock;
    this.serving = serving;
  }

  @Override
  public List<Check> call() {
    DatabaseInspection found;
    try {
      found = DatabaseInspection.of(address, clock);
    } catch (SQLException e) {
      return List.of(
          Check.fail(
              NAME,
              address + " can't be asked: " + oneLine(String.valueOf(e.getMessage())),
              "Start PostgreSQL, or mend PARLEY_DATABASE_URL; user, password and database must"
                  + " be right and the server must be reachable from here"));
    }
    List<Check> checks = new ArrayList<>();
    checks.add(Check.ok(NAME, "PostgreSQL " + found.version() + ", " + address));
    checks.add(durability(found));
    checks.add(schema(found));
    checks.add(clocks(found.ahead()));
    return checks;
  }

  private static Check durability(DatabaseInspection found) {
    String name = "database-durability";
    return found.unsafe().isEmpty()
        ? Check.ok(name, "fsync, synchronous_commit and full_page_writes are on")
        : Check.fail(
            name,
            String.join(", ", found.unsafe()),
            "Acknowledged records can be lost when power fails: set it to on (look for ALTER"
                + " SYSTEM, ALTER ROLE or ALTER DATABASE)");
  }

  private Check schema(DatabaseInspection found) {
    String name = "schema";
    String value = found.schema() == null ? "no tables yet" : "version " + found.schema();
    if (found.newer()) {
      return Check.fail(
          name,
          value + ", of a newer Parley than this one",
          "Run the newer version: this one does not know what is stored there");
    }
    if (found.pending() > 0) {
      String pending = value + ", " + found.pending() + " migration(s) to come";
      return serving
          ? Check.fail(name, pending, "Restart this server, it applies them when it starts")
          : Check.ok(name, pending + " at the next start");
    }
    return Check.ok(name, value + ", up to date");
  }

  private static Check clocks(Duration ahead) {
    String name = "clock";
    Duration skew = ahead.abs();
    String value =
        String.format(
            Locale.ROOT,
            "%.3f s %s the database's",
            skew.toMillis() / 1000.0,
            ahead.isNegative() ? "ahead of" : "behind");
    String remedy = "Let NTP set the clocks of this machine and of the database's";
    if (skew.compareTo(SKEW_TO_FAIL) >= 0) {
      return Check.fail(name, value, remedy);
    }
    return skew.compareTo(SKEW_TO_WARN_OF) >= 0
        ? Check.warn(name, value, remedy)
        : Check.ok(name, value);
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
