package dev.parley.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;

/** Real PostgreSQL for tests, unpacked once per build directory. */
public final class TestPostgres {
  static final Path BINARIES = Path.of("target", "postgres-binaries").toAbsolutePath();

  private TestPostgres() {}

  /** Starts a server on a new data directory. */
  public static EmbeddedPostgres start() {
    try {
      return start(Files.createTempDirectory(Path.of("target"), "postgres-"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a server on a data directory with the build's unpacked programs. */
  public static EmbeddedPostgres start(Path dataDirectory) {
    PreparedData.fillWithoutPrograms(dataDirectory);
    return EmbeddedPostgres.start(dataDirectory, BINARIES);
  }

  /** The address as {@code parley.database-url} takes it. */
  public static String url(DatabaseAddress address) {
    return "postgresql://%s:%s@%s:%d/%s"
        .formatted(
            encode(address.user()),
            encode(address.password()),
            address.host(),
            address.port(),
            encode(address.database()));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Copies a directory with what it holds, permissions and links as they are. */
  static void copy(Path source, Path target) throws IOException {
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(
            file,
            target.resolve(source.relativize(file).toString()),
            StandardCopyOption.COPY_ATTRIBUTES,
            LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  static Connection connect(DatabaseAddress address) throws SQLException {
    return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
  }

  static void execute(DatabaseAddress address, String... statements) throws SQLException {
    try (Connection connection = connect(address);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  public static String query(DatabaseAddress address, String sql) throws SQLException {
    try (Connection connection = connect(address);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
