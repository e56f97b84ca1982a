package dev.parley;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The classes of the packaged server as the JVM keeps them from one run to the next (class data
 * sharing), since most of what a start takes is to load them, and tests start a hundred servers.
 * The first who asks after a build makes the archive, beside the jar; who asks meanwhile does
 * without.
 */
public final class ClassArchive {
  private static final long LIMIT_SECONDS = 90;

  private ClassArchive() {}

  /** What a JVM is to be started with, before {@code -jar} and that very jar. */
  public static synchronized List<String> options(Path jar) {
    Path archive = jar.toAbsolutePath().resolveSibling("parley.jsa");
    try {
      if (!isOf(jar, archive)) {
        make(jar, archive);
      }
      return isOf(jar, archive) ? List.of("-XX:SharedArchiveFile=" + archive) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOf(Path jar, Path archive) throws IOException {
    return Files.exists(archive)
        && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) > 0;
  }

  private static void make(Path jar, Path archive) throws IOException {
    try (FileChannel file =
            FileChannel.open(
                archive.resolveSibling("parley.jsa.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        @Nullable FileLock lock = file.tryLock()) {
      if (lock != null) {
        Path made = archive.resolveSibling("parley.jsa.new");
        runOnce(jar, "-XX:ArchiveClassesAtExit=" + made);
        Files.move(made, archive, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Starts a server and stops it when it serves. */
  private static void runOnce(Path jar, String option) throws IOException {
    Path directory = Files.createTempDirectory(jar.toAbsolutePath().getParent(), "classes-");
    Process process = start(jar, option, directory);
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      while (line != null && !line.startsWith("Parley ready on ")) {
        line = lines.readLine();
      }
      // Process.destroy would close what is still to be read.
      process.toHandle().destroy();
      while (line != null) {
        line = lines.readLine();
      }
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("No archive of classes; see " + directory);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      process.destroy();
    }
  }

  private static Process start(Path jar, String option, Path directory) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder builder =
        new ProcessBuilder(
            java.toString(), "-Xmx512m", "-XX:TieredStopAtLevel=1", option, "-jar", jar.toString());
    builder
        .environment()
        .keySet()
        .removeIf(variable -> variable.startsWith("PARLEY_") || variable.equals("NODE_ENV"));
    builder.environment().put("PARLEY_DATA_DIR", directory.resolve("data").toString());
    builder.environment().put("PARLEY_HTTP_PORT", "0");
    return builder.redirectError(directory.resolve("stderr").toFile()).start();
  }
}
