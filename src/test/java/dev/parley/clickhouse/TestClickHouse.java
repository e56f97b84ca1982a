package dev.parley.clickhouse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A real ClickHouse and a fresh database in it, for a test.
 *
 * <p>It is a {@link ChdbServer} unless {@code PARLEY_TEST_CLICKHOUSE_URL} names a server ({@code
 * http://user:password@host:port}) whose user may create databases. A test that can do without one
 * begins with {@link #assumeAvailable()}.
 */
public final class TestClickHouse implements AutoCloseable {
  private static final String URL_VARIABLE = "PARLEY_TEST_CLICKHOUSE_URL";
  private static final String USER = "parley";
  private static final String PASSWORD = "secret:/@ 1";

  private final ClickHouseAddress address;
  private final String database;

  /** Null when the server is not this test's alone. */
  private final @Nullable ChdbProcess process;

  /** Deleted at the end. */
  private final @Nullable Path temporary;

  private TestClickHouse(
      ClickHouseAddress address, @Nullable ChdbProcess process, @Nullable Path temporary) {
    this.address = address;
    this.process = process;
    this.temporary = temporary;
    this.database = "test_" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    address.post(bytes("CREATE DATABASE " + database), Map.of());
  }

  /**
   * Whether {@link #start} and {@link #shared} work here; the first call may fetch the engine.
   *
   * @throws IllegalStateException instead of false where {@code CI=true}, so that the tests of a
   *     build are not skipped in silence
   */
  public static boolean available() {
    return unavailableReason().isEmpty();
  }

  /** Why {@link #available} is false; empty when it is true. */
  public static Optional<String> unavailableReason() {
    Optional<String> reason =
        external().isPresent() ? Optional.empty() : Optional.ofNullable(Engine.PROBLEM);
    if (reason.isPresent() && "true".equals(System.getenv("CI"))) {
      throw new IllegalStateException(explained(reason.get()));
    }
    return reason;
  }

  /** Skips the test, saying why, when there is no ClickHouse. */
  public static void assumeAvailable() {
    unavailableReason().ifPresent(reason -> Assumptions.abort(explained(reason)));
  }

  private static String explained(String reason) {
    return "No ClickHouse for this test: "
        + reason
        + "\nSet "
        + URL_VARIABLE
        + "=http://user:password@host:port to use a server.";
  }

  /** Starts a server of the test's own over a directory that is deleted at {@link #close}. */
  public static TestClickHouse start() {
    try {
      Path directory = Files.createTempDirectory("parley-clickhouse-");
      return start(directory, directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts a server of the test's own over a directory that stays, and with it the databases of
   * every start.
   */
  public static TestClickHouse start(Path dataDirectory) {
    return start(dataDirectory, null);
  }

  private static TestClickHouse start(Path dataDirectory, @Nullable Path temporary) {
    Optional<ClickHouseAddress> external = external();
    if (external.isPresent()) {
      return new TestClickHouse(external.get(), null, temporary);
    }
    ChdbProcess process = ChdbProcess.start(library(), dataDirectory, USER, PASSWORD);
    return new TestClickHouse(addressOf(process), process, temporary);
  }

  /** A fresh database in a server that all tests of this JVM share; cheap after the first. */
  public static TestClickHouse shared() {
    return new TestClickHouse(external().orElseGet(() -> Shared.ADDRESS), null, null);
  }

  private static Path library() {
    if (Engine.LIBRARY == null) {
      throw new IllegalStateException(explained(String.valueOf(Engine.PROBLEM)));
    }
    return Engine.LIBRARY;
  }

  private static Optional<ClickHouseAddress> external() {
    return Optional.ofNullable(System.getenv(URL_VARIABLE))
        .filter(url -> !url.isEmpty())
        .map(ClickHouseAddress::parse);
  }

  private static ClickHouseAddress addressOf(ChdbProcess process) {
    return new ClickHouseAddress(
        URI.create("http://127.0.0.1:" + process.port() + "/"), USER, PASSWORD);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** {@code http://user:password@host:port/database}, percent-encoded. */
  public String url() {
    return address.url(database);
  }

  /** {@code http://host:port/}. */
  public URI httpUrl() {
    return address.http();
  }

  /** The user of {@link #url}, as it is. */
  public String user() {
    return address.user();
  }

  /** The password of {@link #url}, as it is; it needs encoding in a URL. */
  public String password() {
    return address.password();
  }

  /** The name of this test's database. */
  public String database() {
    return database;
  }

  /**
   * Runs a statement in this test's database; the data of an INSERT may follow its format.
   *
   * @return what the server answers
   * @throws ClickHouseError when the server refuses it
   */
  public String execute(String sql) {
    return address.post(bytes(sql), Map.of("database", database));
  }

  /** Runs a query in this test's database. Each row is a JSON array. */
  public List<JsonNode> rows(String sql) {
    return rows(sql, Map.of());
  }

  /**
   * Runs a query with parameters.
   *
   * @param parameters the values of {@code {name:Type}}, escaped as in TabSeparated
   */
  public List<JsonNode> rows(String sql, Map<String, String> parameters) {
    Map<String, String> url = new LinkedHashMap<>();
    url.put("database", database);
    parameters.forEach((name, value) -> url.put("param_" + name, value));
    return address.rows(sql, url);
  }

  /** Whether the server is this test's alone, and can be killed and paused. */
  public boolean isOurs() {
    return process != null;
  }

  /**
   * Kills the server as {@code kill -9} does.
   *
   * @throws UnsupportedOperationException unless {@link #isOurs}, like the following
   */
  public void kill() {
    own().kill();
  }

  /** Kills the server if it runs and starts it again with its data, on its port. */
  public void restart() {
    own().restart();
  }

  /** Stops the server: it accepts connections and answers nothing. */
  public void pause() {
    own().pause();
  }

  /** Lets a paused server go on. */
  public void resume() {
    own().resume();
  }

  private ChdbProcess own() {
    if (process == null) {
      throw new UnsupportedOperationException(
          "Others use this ClickHouse too; TestClickHouse.start() without "
              + URL_VARIABLE
              + " gives one of your own.");
    }
    return process;
  }

  /** Ends a server of the test's own; drops the database in any other. */
  @Override
  public void close() {
    try {
      if (process != null) {
        process.close();
      } else {
        address.post(bytes("DROP DATABASE " + database), Map.of());
      }
    } finally {
      if (temporary != null) {
        delete(temporary);
      }
    }
  }

  private static void delete(Path directory) {
    try {
      Directories.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Looked for once. */
  private static final class Engine {
    static final @Nullable Path LIBRARY;

    /** Why there is none. */
    static final @Nullable String PROBLEM;

    static {
      Path library = null;
      String problem = null;
      try {
        library = ChdbLibrary.find();
      } catch (IOException | UnsupportedOperationException e) {
        problem = String.valueOf(e.getMessage());
      }
      LIBRARY = library;
      PROBLEM = problem;
    }
  }

  /** The server of all tests of this JVM: started with the first use, ended with the JVM. */
  private static final class Shared {
    static final ClickHouseAddress ADDRESS;

    static {
      try {
        Path directory = Files.createTempDirectory("parley-clickhouse-");
        ChdbProcess process = ChdbProcess.start(library(), directory, USER, PASSWORD);
        ADDRESS = addressOf(process);
        Runtime.getRuntime()
            .addShutdownHook(
                new Thread(
                    () -> {
                      process.close();
                      delete(directory);
                    }));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
