package dev.parley.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One directory of PostgreSQL data: its creation, its version, its server's start and stop. */
final class PostgresCluster {
  static final String USER = "parley";

  private static final Logger log = LoggerFactory.getLogger(PostgresCluster.class);

  private static final String PASSWORD_FILE = "parley.password";
  private static final String UNFINISHED = "postgres.new-";
  private static final String STOP_SECONDS = "60";
  private static final String START_SECONDS = "150";

  /** On the command line, so that neither postgresql.conf nor ALTER SYSTEM overrides them. */
  private static final Map<String, String> SETTINGS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("fsync", "on"),
              Map.entry("synchronous_commit", "on"),
              Map.entry("full_page_writes", "on"),
              Map.entry("listen_addresses", "127.0.0.1"),
              Map.entry("unix_socket_directories", ""),
              Map.entry("max_connections", "60"),
              Map.entry("shared_buffers", "128MB"),
              Map.entry("wal_compression", "off"),
              Map.entry("max_wal_size", "2GB"),
              Map.entry("checkpoint_completion_target", "0.9"),
              Map.entry("jit", "off"),
              Map.entry("timezone", "UTC"),
              Map.entry("log_timezone", "UTC"),
              Map.entry("log_checkpoints", "off"),
              // Statements carry people's messages: they do not belong in a log.
              Map.entry("log_min_error_statement", "panic")));

  private final Path directory;
  private final PostgresPrograms programs;

  PostgresCluster(Path directory, PostgresPrograms programs) {
    this.directory = directory;
    this.programs = programs;
  }

  Path directory() {
    return directory;
  }

  /**
   * @throws DatabaseException when the directory holds data of another major version, or something
   *     that is no PostgreSQL data at all
   */
  void requireOwnVersion() throws IOException {
    int wanted = programs.majorVersion();
    Path versionFile = directory.resolve("PG_VERSION");
    if (Files.exists(versionFile)) {
      String found = Files.readString(versionFile).strip();
      if (!found.equals(Integer.toString(wanted))) {
        throw otherVersion(found, wanted);
      }
    } else if (Files.exists(directory) && !isEmpty(directory)) {
      throw new DatabaseException(
          directory
              + " is not empty, but holds no PostgreSQL data (no file PG_VERSION). Move it away, or"
              + " choose another data directory.");
    }
  }

  /**
   * Creates the data with a generated password. It appears under its name by one rename, when it is
   * complete and on disk: a kill in between leaves only a directory that the next start removes.
   */
  void createIfAbsent() throws IOException {
    if (Files.exists(directory.resolve("PG_VERSION"))) {
      return;
    }
    removeUnfinished();
    // A name of its own: initdb of a killed Parley may still be writing for a moment.
    Path unfinished = Files.createTempDirectory(directory.getParent(), UNFINISHED);
    Path password = directory.resolveSibling(PASSWORD_FILE + ".new");
    writePassword(password);
    programs.run(
        "initdb",
        List.of(
            "--pgdata=" + unfinished,
            "--username=" + USER,
            "--pwfile=" + password,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            // PostgreSQL's own collation: the order in indexes outlives an update of the system.
            "--no-locale",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8"));
    Files.move(password, unfinished.resolve(PASSWORD_FILE), StandardCopyOption.ATOMIC_MOVE);
    Directories.force(unfinished);
    Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
    Directories.force(directory.getParent());
  }

  /** The password of {@link #USER}. */
  String password() throws IOException {
    return Files.readString(directory.resolve(PASSWORD_FILE)).strip();
  }

  /**
   * Stops a server that an earlier Parley left behind when it was killed. The caller holds the data
   * directory's lock, so no living Parley uses it.
   */
  void stopOrphan() throws IOException {
    Optional<ProcessHandle> orphan = runningServer();
    if (orphan.isPresent()) {
      log.warn("Stopping PostgreSQL (process {}), which outlived Parley", orphan.get().pid());
      stop();
    }
    PostmasterPidFile.of(directory).disown();
  }

  /**
   * Starts the server and waits until it accepts connections.
   *
   * @return nothing when it does, else what the server wrote to its log
   */
  Optional<String> start(int port, Path serverLog) throws IOException {
    long logStart = Files.exists(serverLog) ? Files.size(serverLog) : 0;
    try {
      programs.run(
          "pg_ctl",
          List.of(
              "start",
              "--pgdata=" + directory,
              "--log=" + serverLog,
              "--wait",
              "--timeout=" + START_SECONDS,
              "--options=" + options(port)));
      return Optional.empty();
    } catch (DatabaseException e) {
      stop(); // pg_ctl leaves alone a server that is merely slow; it would keep the directory.
      return Optional.of(e.getMessage() + "; its log: " + textFrom(serverLog, logStart));
    }
  }

  /** Stops the server, if it runs: cleanly, or without a last checkpoint if that takes too long. */
  void stop() throws IOException {
    if (runningServer().isEmpty()) {
      return;
    }
    try {
      stop("fast");
    } catch (DatabaseException e) {
      if (runningServer().isPresent()) {
        log.warn("PostgreSQL does not stop ({}); stopping it without a checkpoint", e.getMessage());
        stop("immediate");
      }
    }
  }

  /** pg_ctl signals whatever process has the number in the file; so that is looked at first. */
  private Optional<ProcessHandle> runningServer() throws IOException {
    return PostmasterPidFile.of(directory).runningServer(programs.home());
  }

  private void stop(String mode) {
    programs.run(
        "pg_ctl",
        List.of(
            "stop",
            "--pgdata=" + directory,
            "--mode=" + mode,
            "--wait",
            "--timeout=" + STOP_SECONDS));
  }

  private static String options(int port) {
    return SETTINGS.entrySet().stream()
        .map(setting -> "-c " + setting.getKey() + "=" + setting.getValue())
        .collect(Collectors.joining(" ", "-p " + port + " ", ""));
  }

  private void removeUnfinished() throws IOException {
    List<Path> unfinished;
    try (Stream<Path> siblings = Files.list(directory.getParent())) {
      unfinished =
          siblings.filter(path -> path.getFileName().toString().startsWith(UNFINISHED)).toList();
    }
    for (Path path : unfinished) {
      Directories.delete(path);
    }
  }

  private static void writePassword(Path file) throws IOException {
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, HexFormat.of().formatHex(random) + "\n");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static String textFrom(Path file, long start) throws IOException {
    if (!Files.exists(file)) {
      return "(none)";
    }
    byte[] all = Files.readAllBytes(file);
    int from = (int) Math.min(start, all.length);
    return new String(all, from, all.length - from, StandardCharsets.UTF_8).strip();
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    }
  }

  private DatabaseException otherVersion(String found, int wanted) {
    return new DatabaseException(
        ("%1$s holds data of PostgreSQL %2$s, and this Parley runs PostgreSQL %3$d, which cannot read"
                + " it. Start the Parley that wrote it, dump the data with pg_dump and restore it"
                + " into a new directory; or serve it with a PostgreSQL %2$s of your own and give"
                + " Parley its address; or move %1$s away to begin empty.")
            .formatted(directory, found, wanted));
  }
}
