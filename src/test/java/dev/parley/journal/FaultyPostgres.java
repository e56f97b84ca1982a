package dev.parley.journal;

import dev.parley.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Real PostgreSQL that tests stop, let crash and start again on the same port. */
public final class FaultyPostgres implements AutoCloseable {
  private final PostgresPrograms programs;
  private final PostgresCluster cluster;
  private final Path log;
  private final DatabaseAddress address;

  private FaultyPostgres(
      PostgresPrograms programs, PostgresCluster cluster, Path log, DatabaseAddress address) {
    this.programs = programs;
    this.cluster = cluster;
    this.log = log;
    this.address = address;
  }

  /**
   * Starts a server on new data.
   *
   * @param directory for its data and its log; must exist
   * @param host by which clients reach it, an address of this machine
   */
  public static FaultyPostgres start(Path directory, String host) throws IOException {
    Path home = directory.toAbsolutePath();
    PostgresPrograms programs = new PostgresPrograms(PostgresBinaries.below(TestPostgres.BINARIES));
    PostgresCluster cluster = new PostgresCluster(home.resolve("postgres"), programs);
    cluster.createIfAbsent();
    Files.writeString(
        cluster.directory().resolve("pg_hba.conf"),
        "host all all %s/24 scram-sha-256\n".formatted(host),
        StandardOpenOption.APPEND);
    DatabaseAddress address =
        new DatabaseAddress(
            host,
            FreePort.on(host),
            "postgres",
            PostgresCluster.USER,
            cluster.password(),
            Map.of("sslmode", "disable"));
    FaultyPostgres postgres =
        new FaultyPostgres(programs, cluster, home.resolve("postgres.log"), address);
    postgres.start();
    return postgres;
  }

  /** How to connect; the same after each start. */
  public DatabaseAddress address() {
    return address;
  }

  /** Starts it and returns when it accepts connections. Durability is PostgreSQL's default. */
  public void start() {
    String options =
        "-p %d -c listen_addresses=%s -c unix_socket_directories= -c max_connections=100 -c timezone=UTC"
            .formatted(address.port(), address.host());
    programs.run(
        "pg_ctl",
        List.of(
            "start",
            "--pgdata=" + cluster.directory(),
            "--log=" + log,
            "--wait",
            "--options=" + options));
  }

  /** Rolls open transactions back, closes all connections and ends in order. */
  public void stop() {
    stop("fast");
  }

  /** Ends at once, as by a crash; the next start recovers. */
  public void crash() {
    stop("immediate");
  }

  /** Lets all its processes stand still: connections stay, and nothing is answered. */
  public void pause() {
    signal("-STOP");
  }

  /** Lets them go on. */
  public void resume() {
    signal("-CONT");
  }

  private void signal(String signal) {
    try {
      Path pidFile = cluster.directory().resolve("postmaster.pid");
      long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).trim());
      ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
      List<String> command = new ArrayList<>(List.of("kill", signal));
      // The one that starts others first, so that none is missed.
      command.add(Long.toString(pid));
      run(command);
      command.remove(2);
      postmaster.children().forEach(child -> command.add(Long.toString(child.pid())));
      run(command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A process that has ended meanwhile needs no signal. */
  private static void run(List<String> command) throws IOException {
    try {
      new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stop(String mode) {
    programs.run(
        "pg_ctl", List.of("stop", "--pgdata=" + cluster.directory(), "--mode=" + mode, "--wait"));
  }

  /** Ends it, if it runs. */
  @Override
  public void close() {
    try {
      cluster.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
