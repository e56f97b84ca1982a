package dev.parley.journal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs for this platform, unpacked once from the class path into {@code
 * <parent>/<fingerprint>}. The directory appears by one rename; after a power failure it can still
 * hold files that were cut short, so its size is compared with what was unpacked.
 */
record PostgresBinaries(Path directory) {
  private static final String SIZE_FILE = "unpacked-bytes";

  /**
   * Finds the programs below {@code parent}, unpacking them first (about 60 MB) when this version
   * has not been.
   *
   * @throws DatabaseException when there are none for this platform, or the disk refuses
   */
  static PostgresBinaries below(Path parent) {
    URL archive = archive();
    try {
      Path directory = Files.createDirectories(parent).toRealPath().resolve(fingerprint(archive));
      if (!isWhole(directory)) {
        Path unfinished = directory.resolveSibling(directory.getFileName() + ".new");
        Directories.delete(unfinished);
        unpack(archive, unfinished);
        Files.writeString(unfinished.resolve(SIZE_FILE), Long.toString(size(unfinished)));
        Directories.delete(directory);
        Files.move(unfinished, directory, StandardCopyOption.ATOMIC_MOVE);
      }
      return new PostgresBinaries(directory);
    } catch (IOException e) {
      throw new DatabaseException(
          "PostgreSQL's programs could not be unpacked to " + parent + ": " + e, e);
    }
  }

  Path program(String name) {
    return directory.resolve("bin").resolve(name);
  }

  /** Removes what other versions left next to this one. None of them may be running. */
  void removeOthers() throws IOException {
    List<Path> others;
    try (Stream<Path> siblings = Files.list(directory.getParent())) {
      others =
          siblings
              .filter(Files::isDirectory)
              .filter(sibling -> !sibling.equals(directory))
              .toList();
    }
    for (Path other : others) {
      Directories.delete(other);
    }
  }

  private static URL archive() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String architecture = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    boolean mac = system.startsWith("mac");
    String cpu =
        switch (architecture) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm_64";
          default -> architecture;
        };
    // The programs for macOS are universal: one archive serves both kinds of processor.
    String name = mac ? "darwin-x86_64" : system + "-" + cpu;
    URL archive = PostgresBinaries.class.getClassLoader().getResource("postgres-" + name + ".txz");
    if (archive == null) {
      throw new DatabaseException(
          "Parley brings no PostgreSQL for "
              + system
              + " on "
              + architecture
              + ". Use a PostgreSQL server of your own and give Parley its address.");
    }
    return archive;
  }

  /** Tells versions apart without reading 15 MB: the checksum that the jar keeps of the archive. */
  private static String fingerprint(URL archive) throws IOException {
    URLConnection connection = archive.openConnection();
    long fingerprint =
        connection instanceof JarURLConnection jar
            ? jar.getJarEntry().getCrc()
            : connection.getContentLengthLong();
    return Long.toHexString(fingerprint);
  }

  private static boolean isWhole(Path directory) throws IOException {
    Path sizeFile = directory.resolve(SIZE_FILE);
    return Files.exists(sizeFile)
        && Files.readString(sizeFile).equals(Long.toString(size(directory)));
  }

  /** Bytes in all files but the one that keeps this number. */
  private static long size(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .filter(file -> !file.endsWith(SIZE_FILE))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  private static void unpack(URL archive, Path target) throws IOException {
    Files.createDirectories(target);
    try (InputStream packed = new BufferedInputStream(archive.openStream(), 1 << 16);
        TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(packed))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("the archive holds a path outside itself: " + entry.getName());
        }
        unpack(tar, entry, path);
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path path)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, path);
    boolean executable = (entry.getMode() & 0100) != 0;
    Files.setPosixFilePermissions(
        path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
  }
}
