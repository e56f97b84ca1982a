package dev.parley.journal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A PostgreSQL database with Parley's tables in it, and a pool of connections to it. */
public final class Database implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Database.class);

  private static final int OLDEST_VERSION = 14;

  /** Held, by its own connection, by the node that migrates; any number that nobody else uses. */
  private static final long MIGRATION_LOCK = 0x7061726c65790001L;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration RESERVED_TIMEOUT = Duration.ofSeconds(2);

  /** Below the time that a request waits for its answer. */
  private static final Duration CONNECTION_PATIENCE = Duration.ofSeconds(3);

  private final DatabaseAddress address;
  private final HikariDataSource pool;
  private final List<HikariDataSource> reserved = new ArrayList<>();

  private Database(DatabaseAddress address, HikariDataSource pool) {
    this.address = address;
    this.pool = pool;
  }

  /**
   * Connects, brings the tables up to date and opens the pool. Several nodes may do so at once: one
   * migrates, the others wait for it.
   *
   * @param poolSize connections, all of them kept open; 4 to 8 suit one node
   * @param patience how long to go on trying while the server does not answer yet
   * @throws DatabaseException when the server does not answer in time, refuses the user or
   *     database, is older than PostgreSQL 14, or a migration fails
   */
  public static Database open(DatabaseAddress address, int poolSize, Duration patience) {
    try (Connection connection = firstConnection(address, patience)) {
      requireVersion(connection.getMetaData().getDatabaseMajorVersion(), address);
      warnIfUnsafe(connection, address);
    } catch (SQLException e) {
      throw new DatabaseException("PostgreSQL at " + address + " failed at once: " + e, e);
    }
    migrate(address);
    return new Database(
        address, new ImpatientPool(poolConfig(address, "parley", poolSize), address.toString()));
  }

  /** The pool. Closing a connection gives it back; the pool itself is closed by {@link #close}. */
  public DataSource dataSource() {
    return pool;
  }

  /**
   * Connections for a purpose that must not wait for others, opened when they are needed.
   *
   * @param name of the purpose
   */
  public DataSource reserve(String name, int connections) {
    HikariConfig config = poolConfig(address, "parley-" + name, connections);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(RESERVED_TIMEOUT.toMillis());
    config.setInitializationFailTimeout(-1);
    HikariDataSource own = new HikariDataSource(config);
    reserved.add(own);
    return own;
  }

  /** All pools that are open by now. */
  public List<HikariDataSource> pools() {
    List<HikariDataSource> all = new ArrayList<>(reserved);
    all.add(pool);
    return all;
  }

  /** Closes the pools. Doing it again changes nothing. */
  @Override
  public void close() {
    reserved.forEach(HikariDataSource::close);
    pool.close();
  }

  /**
   * @throws DatabaseException when the server's major version is older than Parley needs
   */
  static void requireVersion(int major, DatabaseAddress address) {
    if (major < OLDEST_VERSION) {
      throw new DatabaseException(
          "PostgreSQL at "
              + address
              + " is version "
              + major
              + "; Parley needs "
              + OLDEST_VERSION
              + " or newer. Upgrade the server, or give Parley the address of a newer one.");
    }
  }

  private static Connection firstConnection(DatabaseAddress address, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
      } catch (SQLException e) {
        if (isRefusal(e)) {
          throw new DatabaseException(
              "PostgreSQL at " + address + " refuses Parley: " + e.getMessage(), e);
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new DatabaseException(
              "PostgreSQL at "
                  + address
                  + " did not answer within "
                  + patience.toMillis() / 1000.0
                  + " s: "
                  + e.getMessage(),
              e);
        }
        log.info("Waiting for PostgreSQL at {}: {}", address, e.getMessage());
        sleep(Math.min(pause.toNanos(), left));
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
      }
    }
  }

  /** Wrong user or password (class 28) and unknown database (class 3D) do not pass by waiting. */
  private static boolean isRefusal(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("28") || state.startsWith("3D");
  }

  private static void sleep(long nanos) {
    try {
      Thread.sleep(Duration.ofNanos(nanos).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseException("Interrupted while waiting for PostgreSQL", e);
    }
  }

  private static void warnIfUnsafe(Connection connection, DatabaseAddress address)
      throws SQLException {
    List<String> unsafe = DurableSettings.unsafe(connection);
    if (!unsafe.isEmpty()) {
      log.warn(
          "PostgreSQL at {} runs with {}: acknowledged records can be lost when it crashes",
          address,
          String.join(", ", unsafe));
    }
  }

  /**
   * A migration may take as long as it takes: no socket timeout on its connections. Flyway's own
   * lock does not cover the making of its history table, so nodes that start together take turns.
   */
  private static void migrate(DatabaseAddress address) {
    DatabaseAddress patient = address.withParameter("socketTimeout", "0");
    try (Connection turn =
            DriverManager.getConnection(patient.jdbcUrl(), patient.user(), patient.password());
        PreparedStatement lock = turn.prepareStatement("SELECT pg_advisory_lock(?)")) {
      lock.setLong(1, MIGRATION_LOCK);
      lock.execute();
      Flyway.configure()
          .dataSource(patient.jdbcUrl(), patient.user(), patient.password())
          .locations("classpath:db/migration")
          .table("parley_schema_history")
          // The schema may hold other tables; version 0 keeps every migration of ours to be run.
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .validateMigrationNaming(true)
          .load()
          .migrate();
    } catch (FlywayException | SQLException e) {
      throw new DatabaseException(
          "The tables of " + address + " could not be brought up to date: " + e.getMessage(), e);
    }
  }

  private static HikariConfig poolConfig(DatabaseAddress address, String name, int poolSize) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(address.jdbcUrl());
    config.setUsername(address.user());
    config.setPassword(address.password());
    config.setMaximumPoolSize(poolSize);
    config.setMinimumIdle(poolSize);
    config.setConnectionTimeout(CONNECTION_PATIENCE.toMillis());
    config.setValidationTimeout(CONNECTION_PATIENCE.dividedBy(2).toMillis());
    config.setKeepaliveTime(Duration.ofMinutes(2).toMillis());
    return config;
  }
}
