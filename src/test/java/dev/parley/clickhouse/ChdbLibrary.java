package dev.parley.clickhouse;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ClickHouse 26.7 as a shared library, for Linux on x86-64 with glibc. It is fetched once, 178 MB
 * from npm's registry, and then kept (566 MB) in {@code $PARLEY_TEST_CACHE} or {@code
 * ~/.cache/parley}, in a folder that names its version.
 */
final class ChdbLibrary {
  private static final Logger log = LoggerFactory.getLogger(ChdbLibrary.class);

  private static final String FILE = "libchdb.so";
  private static final String PACKAGE = "@chdb/lib-linux-x64-gnu";
  private static final String VERSION = "26.7.3-stable.1";
  private static final String FOLDER = "chdb-lib-linux-x64-gnu-" + VERSION;
  private static final String SHA512 =
      "XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==";
  private static final int FETCH_MINUTES = 15;

  private ChdbLibrary() {}

  /**
   * Returns the library's file, fetching it when this machine does not have it. Processes that do
   * so at the same time wait for the first.
   *
   * @throws IOException when it can't be fetched or is not what was published
   * @throws UnsupportedOperationException on another platform
   */
  static Path find() throws IOException {
    String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!platform.equals("Linux amd64")) {
      throw new UnsupportedOperationException(
          "There is a ClickHouse for tests on Linux amd64 only, and this is " + platform + ".");
    }
    return find(cache());
  }

  private static Path cache() {
    String cache = System.getenv("PARLEY_TEST_CACHE");
    return cache == null || cache.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".cache", "parley")
        : Path.of(cache);
  }

  /** The lock file holds off other processes, the monitor other threads of this one. */
  static synchronized Path find(Path cache) throws IOException {
    Path library = cache.resolve(FOLDER).resolve(FILE);
    if (Files.exists(library)) {
      return library;
    }
    Files.createDirectories(library.getParent());
    try (FileChannel channel =
            FileChannel.open(
                cache.resolve(FOLDER + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (!Files.exists(library)) {
        fetch(cache, library);
      }
    }
    return library;
  }

  private static void fetch(Path cache, Path library) throws IOException {
    log.info("Fetching {}@{} from npm's registry (178 MB) to {}", PACKAGE, VERSION, library);
    Path work = Files.createTempDirectory(cache, "fetch-");
    try {
      Path archive = pack(work);
      verify(archive);
      Path unpacked = work.resolve(FILE);
      unpack(archive, unpacked);
      Files.move(unpacked, library, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Directories.delete(work);
    }
  }

  /** Leaves npm's own cache alone, which would keep the archive a second time. */
  private static Path pack(Path work) throws IOException {
    Path output = work.resolve("npm.log");
    Process npm =
        new ProcessBuilder("npm", "pack", PACKAGE + "@" + VERSION, "--cache", work + "/npm")
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!npm.waitFor(FETCH_MINUTES, TimeUnit.MINUTES)) {
        throw new IOException("npm pack took more than " + FETCH_MINUTES + " minutes.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while npm fetched " + PACKAGE, e);
    } finally {
      npm.destroyForcibly();
    }
    Path archive = work.resolve(FOLDER + ".tgz");
    if (npm.exitValue() != 0 || !Files.exists(archive)) {
      throw new IOException(
          "npm pack " + PACKAGE + "@" + VERSION + " failed:\n" + Files.readString(output));
    }
    return archive;
  }

  private static void verify(Path archive) throws IOException {
    MessageDigest sha512;
    try {
      sha512 = MessageDigest.getInstance("SHA-512");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("Every JDK has SHA-512", e);
    }
    try (InputStream in = new DigestInputStream(Files.newInputStream(archive), sha512)) {
      byte[] buffer = new byte[1 << 16];
      while (in.read(buffer) >= 0) {
        // Only the digest is wanted.
      }
    }
    String found = Base64.getEncoder().encodeToString(sha512.digest());
    if (!found.equals(SHA512)) {
      throw new IOException(
          "The archive of " + PACKAGE + "@" + VERSION + " has sha512 " + found + ", not " + SHA512);
    }
  }

  private static void unpack(Path archive, Path target) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive)), 1 << 16))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().equals("package/" + FILE)) {
          Files.copy(tar, target);
          return;
        }
      }
    }
    throw new IOException("No " + FILE + " in " + archive);
  }
}
