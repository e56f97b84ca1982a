package dev.parley;

import com.typesafe.config.ConfigFactory;
import dev.parley.clickhouse.TestClickHouse;
import dev.parley.entity.Sessions;
import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The real server with two tenants, on a free port and fresh data: one for all tests of a JVM,
 * started by the first that asks and stopped with the JVM. Tests keep apart by the names of their
 * sessions.
 */
public final class TestServer {
  public static final String ACME = "env_acme";
  public static final String ACME_KEY = "acme-key-in-use";
  public static final String ACME_OLD_KEY = "acme-key-of-last-year";

  /** In the form for which the published client asks the server to mint. */
  public static final String ACME_ADDITIONAL_KEY = "tr_dev_sk_0123456789abcdefABCDEFgh";

  public static final String GLOBEX = "env_globex";
  public static final String GLOBEX_KEY = "globex-key-in-use";
  public static final String GLOBEX_OLD_KEY = "globex-key-of-last-year";

  private static final Path DATA = dataDirectory();
  private static final EmbeddedPostgres POSTGRES = TestPostgres.start(DATA);
  private static final Server SERVER = start();

  private TestServer() {}

  /** The port on 127.0.0.1. */
  public static int port() {
    return SERVER.port();
  }

  public static String origin() {
    return "http://127.0.0.1:" + port();
  }

  /** The way to records that no route of these tests writes. */
  public static Sessions sessions() {
    return SERVER.sessions();
  }

  /** The way to the journal behind the server's back. */
  public static DatabaseAddress database() {
    return POSTGRES.address();
  }

  private static Path dataDirectory() {
    try {
      Path target = Path.of("target").toAbsolutePath();
      Files.createDirectories(target);
      return Files.createTempDirectory(target, "wire-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Server start() {
    try {
      Server server =
          Server.start(
              Settings.of(
                  ConfigFactory.load(
                      ConfigFactory.parseMap(settings(DATA, POSTGRES.address()), "test server")
                          .withFallback(ConfigFactory.defaultApplication()))));
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    server.close();
                    POSTGRES.close();
                  }));
      return server;
    } catch (Exception e) {
      throw new IllegalStateException("the server of the tests does not start", e);
    }
  }

  /** Some tests are run once more with ClickHouse behind the lists. */
  private static String clickHouse() {
    return Boolean.getBoolean("parley.test.lists-from-clickhouse")
        ? TestClickHouse.shared().url()
        : "";
  }

  private static Map<String, Object> settings(Path data, DatabaseAddress database) {
    return Map.of(
        "parley.clickhouse",
        // Nothing else may answer in its place.
        Map.of("url", clickHouse(), "when-away", "unavailable"),
        "parley.callbacks",
        Map.of(
            "allowed-networks",
            List.of("127.0.0.1"),
            "time-limit",
            "1s",
            "first-pause",
            "100ms",
            "longest-pause",
            "500ms"),
        "parley.data-dir",
        data.toString(),
        "parley.database-url",
        TestPostgres.url(database),
        "parley.http.port",
        0,
        // Tests say themselves whose requests they are, so that they do not share the limits of one
        // address.
        "parley.http.trusted-proxies",
        List.of("127.0.0.1"),
        "parley.environment-id",
        ACME,
        "parley.secret-key",
        String.join(", ", ACME_KEY, ACME_OLD_KEY, ACME_ADDITIONAL_KEY),
        "parley.environments",
        List.of(Map.of("id", GLOBEX, "secret-keys", List.of(GLOBEX_KEY, GLOBEX_OLD_KEY))));
  }
}
