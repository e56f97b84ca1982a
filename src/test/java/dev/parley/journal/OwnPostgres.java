package dev.parley.journal;

import dev.parley.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A PostgreSQL server beside Parley that a test stops and starts as it likes. Its port and its data
 * stay the same.
 */
public final class OwnPostgres implements AutoCloseable {
  /** Accepted, never checked; not to be found in what Parley writes anywhere. */
  public static final String PASSWORD = "not-to-be-shown";

  private static final String USER = "owner";

  private final PostgresPrograms programs =
      new PostgresPrograms(PostgresBinaries.below(TestPostgres.BINARIES));
  private final Path directory;
  private final Path log;
  private final List<String> settings;
  private final DatabaseAddress address;

  private OwnPostgres(Path directory, Path log, List<String> settings) {
    this.directory = directory;
    this.log = log;
    this.settings = List.copyOf(settings);
    this.address =
        new DatabaseAddress(
            "127.0.0.1",
            FreePort.on("127.0.0.1"),
            "postgres",
            USER,
            PASSWORD,
            Map.of("sslmode", "disable"));
  }

  /**
   * Makes the data and starts the server.
   *
   * @param directory of the data; empty or absent
   * @param wal of the write-ahead log; empty or absent
   * @param log what the server has to say goes here
   * @param settings {@code name=value}, besides those that keep what is committed
   */
  public static OwnPostgres start(Path directory, Path wal, Path log, String... settings) {
    OwnPostgres postgres = new OwnPostgres(directory, log, List.of(settings));
    postgres.programs.run(
        "initdb",
        List.of(
            "--pgdata=" + directory,
            "--waldir=" + wal,
            "--username=" + USER,
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--wal-segsize=1"));
    postgres.start();
    return postgres;
  }

  public DatabaseAddress address() {
    return address;
  }

  /** Starts it again and waits until it accepts connections. */
  public void start() {
    List<String> options = new ArrayList<>(List.of("-p " + address.port()));
    List<String> all = new ArrayList<>(settings);
    all.add("listen_addresses=127.0.0.1");
    all.add("unix_socket_directories=");
    all.add("shared_buffers=16MB");
    all.forEach(setting -> options.add("-c " + setting));
    programs.run(
        "pg_ctl",
        List.of(
            "start",
            "--pgdata=" + directory,
            "--log=" + log,
            "--wait",
            "--timeout=60",
            "--options=" + String.join(" ", options)));
  }

  /**
   * @param mode fast, or immediate: as if it had crashed
   */
  public void stop(String mode) {
    programs.run(
        "pg_ctl",
        List.of("stop", "--pgdata=" + directory, "--mode=" + mode, "--wait", "--timeout=60"));
  }

  /** Whether there is a server, be it ready or not. */
  public boolean isRunning() {
    try {
      programs.run("pg_ctl", List.of("status", "--pgdata=" + directory));
      return true;
    } catch (DatabaseException e) {
      return false;
    }
  }

  /** Whether it accepts connections. */
  public boolean isReady() {
    try (Connection connection = connect()) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }

  /** A connection of its superuser, told from Parley's by its application's name. */
  public Connection connect() throws SQLException {
    DatabaseAddress other = address.withParameter("ApplicationName", "test");
    return DriverManager.getConnection(other.jdbcUrl(), USER, PASSWORD);
  }

  /** The first column of the first row. */
  public static String query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  /** What it has written to its log. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Leaves no process behind. */
  @Override
  public void close() {
    if (isRunning()) {
      stop("immediate");
    }
  }
}
