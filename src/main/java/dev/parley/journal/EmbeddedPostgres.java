package dev.parley.journal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of Parley's own, on 127.0.0.1 and a free port, for one machine without a
 * database. Its data lives in {@code <data directory>/postgres} and its programs in {@code
 * postgres-binaries} next to it; {@code postgres.log} is the server's log.
 *
 * <p>Nothing but {@link #close} stops the server: there is no shutdown hook, and the server has a
 * session of its own, so that an interrupt from the terminal reaches Parley alone. A server that
 * outlives a killed Parley is stopped by the next start.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

  private static final int PORT_ATTEMPTS = 5;
  private static final long MAX_LOG_BYTES = 10L << 20;

  private final DataDirectoryLock lock;
  private final PostgresCluster cluster;
  private final DatabaseAddress address;
  private boolean closed;

  private EmbeddedPostgres(
      DataDirectoryLock lock, PostgresCluster cluster, DatabaseAddress address) {
    this.lock = lock;
    this.cluster = cluster;
    this.address = address;
  }

  /**
   * Starts the server, creating its data when the directory has none, and returns when it accepts
   * connections with every durability setting on.
   *
   * @param dataDirectory is locked until {@link #close} or the end of the process
   * @throws DatabaseException when another server uses the directory, its data is of another major
   *     version, a durability setting is off, or PostgreSQL does not start
   */
  public static EmbeddedPostgres start(Path dataDirectory) {
    return start(dataDirectory, dataDirectory.resolve("postgres-binaries"));
  }

  /** Starts with the programs below {@code programs}; tests unpack them once for all. */
  static EmbeddedPostgres start(Path dataDirectory, Path programs) {
    long begin = System.nanoTime();
    DataDirectoryLock lock = DataDirectoryLock.acquire(dataDirectory);
    try {
      EmbeddedPostgres started = start(lock, programs);
      log.info(
          "PostgreSQL serves {} on port {} after {} ms",
          started.cluster.directory(),
          started.address.port(),
          Duration.ofNanos(System.nanoTime() - begin).toMillis());
      return started;
    } catch (IOException e) {
      lock.close();
      throw new DatabaseException(
          "PostgreSQL could not be started in " + dataDirectory + ": " + e, e);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** How to connect; the same for as long as the server runs. */
  public DatabaseAddress address() {
    return address;
  }

  /**
   * Stops the server cleanly: open transactions are rolled back, the next start needs no recovery.
   * Doing it again changes nothing.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      cluster.stop();
      log.info("PostgreSQL on port {} has stopped", address.port());
    } catch (IOException e) {
      throw new DatabaseException("PostgreSQL could not be stopped: " + e, e);
    } finally {
      lock.close();
    }
  }

  private static EmbeddedPostgres start(DataDirectoryLock lock, Path programs) throws IOException {
    Path directory = lock.directory();
    PostgresBinaries binaries = PostgresBinaries.below(programs);
    PostgresCluster cluster =
        new PostgresCluster(directory.resolve("postgres"), new PostgresPrograms(binaries));
    cluster.requireOwnVersion();
    cluster.stopOrphan();
    binaries.removeOthers();
    cluster.createIfAbsent();
    Path serverLog = directory.resolve("postgres.log");
    keepSmall(serverLog);
    int port = startOnFreePort(cluster, serverLog);
    DatabaseAddress address =
        new DatabaseAddress(
            "127.0.0.1",
            port,
            "postgres",
            PostgresCluster.USER,
            cluster.password(),
            // The server is on this machine: TLS is off in it, and asking would cost a round trip.
            Map.of("sslmode", "disable"));
    try {
      verify(address);
    } catch (RuntimeException e) {
      cluster.stop();
      throw e;
    }
    return new EmbeddedPostgres(lock, cluster, address);
  }

  private static void verify(DatabaseAddress address) {
    try (Connection connection =
        DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password())) {
      DurableSettings.require(connection);
    } catch (SQLException e) {
      throw new DatabaseException("PostgreSQL at " + address + " refused a connection: " + e, e);
    }
  }

  /** Another process can take the port between the search and the start; then try the next one. */
  private static int startOnFreePort(PostgresCluster cluster, Path serverLog) throws IOException {
    for (int attempt = 1; ; attempt++) {
      int port = freePort();
      Optional<String> failure = cluster.start(port, serverLog);
      if (failure.isEmpty()) {
        return port;
      }
      if (attempt == PORT_ATTEMPTS || !failure.get().contains("Address already in use")) {
        throw new DatabaseException(
            "PostgreSQL did not start in " + cluster.directory() + ": " + failure.get());
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static void keepSmall(Path serverLog) throws IOException {
    if (Files.exists(serverLog) && Files.size(serverLog) > MAX_LOG_BYTES) {
      Path previous = serverLog.resolveSibling(serverLog.getFileName() + ".1");
      Files.move(serverLog, previous, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
