package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parley.journal.OwnPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The database's disk is full, that of its tables or that of its log, which it does not survive:
 * nothing is acknowledged that is not stored, and all goes on by itself when there is room again.
 *
 * <p>The disks are small ones in memory, which only root may mount.
 */
class DatabaseDiskFullIT {
  private static final Duration REFUSED = Duration.ofSeconds(40);
  private static final Duration RESUMED = Duration.ofSeconds(15);

  @TempDir private Path directory;

  private final List<Path> mounted = new ArrayList<>();
  private OwnPostgres postgres;
  private ParleyProcess server;

  @AfterEach
  void stop() throws Exception {
    try {
      if (server != null) {
        server.close();
      }
      if (postgres != null) {
        postgres.close();
      }
    } finally {
      for (Path disk : mounted) {
        assertThat(run("umount", disk.toString())).as("umount %s", disk).isEmpty();
      }
    }
  }

  @Test
  void tables_without_room_refuse_appends_until_there_is_some() throws Exception {
    Path tables = mount("tables", 128);
    postgres = OwnPostgres.start(tables.resolve("data"), directory.resolve("wal"), log());
    fillAndRelease(tables, () -> {});
    assertThat(postgres.log()).contains("No space left on device").doesNotContain("PANIC");
  }

  @Test
  void a_log_without_room_stops_the_database_and_it_goes_on_when_that_is_back() throws Exception {
    Path wal = mount("wal", 24);
    postgres =
        OwnPostgres.start(directory.resolve("data"), wal.resolve("wal"), log(), "max_wal_size=8MB");
    fillAndRelease(wal, this::useUpLog);
    assertThat(postgres.log()).contains("No space left on device").contains("PANIC");
  }

  private void fillAndRelease(Path disk, Runnable whenFull) throws Exception {
    server = DatabaseLoad.server(directory.resolve("node"), postgres.address());
    DatabaseLoad load = DatabaseLoad.start(server, "full");
    Path ballast = disk.resolve("ballast");
    fill(ballast);
    whenFull.run();
    load.awaitRefusals(2, REFUSED);
    Files.delete(ballast);
    // What a supervisor does for a database that could not even recover.
    if (!postgres.isReady() && !postgres.isRunning()) {
      postgres.start();
    }
    System.out.printf(
        "DatabaseDiskFullIT: %s: all went on %d ms after there was room, %d appends were refused%n",
        disk.getFileName(), load.awaitProgress(RESUMED).toMillis(), load.refused());
    load.awaitHealth(200, RESUMED);
    load.finishAndCompare();
  }

  /** Files of the log that are there already are used again; this goes through all of them. */
  private void useUpLog() {
    boolean stopped =
        Eventually.within(
            REFUSED,
            () -> {
              try (Connection connection = postgres.connect()) {
                OwnPostgres.query(connection, "select pg_switch_wal()");
                return false;
              } catch (SQLException e) {
                return true;
              }
            });
    assertThat(stopped).as("the database stops when its log is full").isTrue();
  }

  private Path log() {
    return directory.resolve("postgres.log");
  }

  /** A disk of its own; the test is skipped where that is not possible, but not on a CI's root. */
  private Path mount(String name, int megabytes) throws Exception {
    Path disk = Files.createDirectory(directory.resolve(name));
    String refusal =
        run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "parley", disk.toString());
    boolean root = System.getProperty("user.name").equals("root");
    if (!(root && "true".equals(System.getenv("CI")))) {
      assumeTrue(refusal.isEmpty(), "no small disk can be mounted here: " + refusal);
    }
    assertThat(refusal).as("mount").isEmpty();
    mounted.add(disk);
    return disk;
  }

  private static void fill(Path file) throws IOException {
    byte[] block = new byte[64 << 10];
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
    }
  }

  /** What a program had to say against it; nothing when it has done its work. */
  private static String run(String... command) throws Exception {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return e.toString();
    }
    String said = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(command[0]).isTrue();
    return process.exitValue() == 0 ? "" : "status " + process.exitValue() + ": " + said.strip();
  }
}
