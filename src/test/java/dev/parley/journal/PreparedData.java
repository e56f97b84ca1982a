package dev.parley.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Data directories with PostgreSQL's programs unpacked and its data created, copied from one that
 * is made once for a build directory: most of a first start is spent on these, and tests start a
 * hundred servers. What a start does in an empty directory is left to ReadmeIT and
 * EmbeddedPostgresTest.
 */
public final class PreparedData {
  private static final Path MODEL = Path.of("target", "prepared-data").toAbsolutePath();
  private static final String PROGRAMS = "postgres-binaries";
  private static final String DATA = "postgres";

  private PreparedData() {}

  /** Prepares a data directory that is empty or not there; others stay as they are. */
  public static void fill(Path directory) {
    fill(directory, List.of(PROGRAMS, DATA));
  }

  /** Likewise, for a server whose programs are elsewhere. */
  static void fillWithoutPrograms(Path directory) {
    fill(directory, List.of(DATA));
  }

  private static synchronized void fill(Path directory, List<String> parts) {
    try {
      Files.createDirectories(directory);
      try (Stream<Path> there = Files.list(directory)) {
        if (there.findAny().isPresent()) {
          return;
        }
      }
      make();
      for (String part : parts) {
        TestPostgres.copy(MODEL.resolve(part), directory.resolve(part));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Once, also when several JVMs want it. */
  private static void make() throws IOException {
    Files.createDirectories(MODEL.getParent());
    try (FileChannel file =
            FileChannel.open(
                MODEL.resolveSibling("prepared-data.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = file.lock()) {
      if (Files.exists(MODEL)) {
        return;
      }
      Path unfinished = MODEL.resolveSibling("prepared-data.new");
      Directories.delete(unfinished);
      EmbeddedPostgres.start(unfinished).close();
      Files.move(unfinished, MODEL, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
