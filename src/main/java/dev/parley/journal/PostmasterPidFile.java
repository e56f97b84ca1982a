package dev.parley.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code postmaster.pid}, by which PostgreSQL claims a cluster directory. It stays behind when the
 * server is killed, and the number in it may since have gone to some other process: what it says is
 * believed only of a process that runs our own postgres.
 */
record PostmasterPidFile(Path file) {
  /** Above the largest process id of any supported system, so that no process can have it. */
  private static final int NO_PROCESS = Integer.MAX_VALUE - 1;

  static PostmasterPidFile of(Path cluster) {
    return new PostmasterPidFile(cluster.resolve("postmaster.pid"));
  }

  /** The server that runs on this cluster, if there is one; {@code binaries} holds its program. */
  Optional<ProcessHandle> runningServer(Path binaries) throws IOException {
    return pid()
        .flatMap(ProcessHandle::of)
        .filter(ProcessHandle::isAlive)
        .filter(
            process ->
                process.info().command().filter(c -> Path.of(c).startsWith(binaries)).isPresent());
  }

  /**
   * Makes the file of a server that is gone harmless. A living process of the same number would
   * make PostgreSQL refuse to start. The file itself stays when it can be read: by its other lines
   * PostgreSQL finds out whether children of the dead server still use the shared memory.
   */
  void disown() throws IOException {
    if (pid().isEmpty()) {
      Files.deleteIfExists(file);
      return;
    }
    List<String> lines = new ArrayList<>(Files.readAllLines(file, StandardCharsets.ISO_8859_1));
    lines.set(0, Integer.toString(NO_PROCESS));
    Files.write(file, lines, StandardCharsets.ISO_8859_1);
  }

  /** Empty when there is no file, or one that was cut short while it was written. */
  private Optional<Long> pid() throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    String first = lines.isEmpty() ? "" : lines.get(0).strip();
    return first.matches("[1-9][0-9]{0,9}") ? Optional.of(Long.valueOf(first)) : Optional.empty();
  }
}
