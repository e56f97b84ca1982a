package dev.parley;

import static dev.parley.Settings.require;

import com.typesafe.config.Config;
import dev.parley.http.uploads.UploadLimits;
import java.nio.file.Path;
import java.time.Duration;

/** The settings under {@code parley.storage}. Every getter says what is wrong with its own. */
final class StorageSettings {
  private static final long MAX_FILE = 64L << 20;

  private final Config config;
  private final Path dataDirectory;
  private final boolean alone;

  /**
   * @param alone whether no other node has to reach the files
   */
  StorageSettings(Config config, Path dataDirectory, boolean alone) {
    this.config = config;
    this.dataDirectory = dataDirectory;
    this.alone = alone;
  }

  /**
   * @throws ConfigurationException when a value is not what it must be
   */
  void check() {
    inDirectory();
    limits();
  }

  /** Whether new files go to {@link #directory}, else to the database. */
  boolean inDirectory() {
    String where = config.getString("files-in");
    require(
        where.equals("auto") || where.equals("directory") || where.equals("database"),
        "PARLEY_STORAGE (parley.storage.files-in) is '%s'; it must be auto, directory or database",
        where);
    boolean configured = !config.getString("directory").isBlank();
    require(
        !where.equals("directory") || alone || configured,
        "PARLEY_STORAGE is directory and PARLEY_SEED_NODES is set: name the directory that all nodes"
            + " share as PARLEY_STORAGE_DIRECTORY (parley.storage.directory)");
    return where.equals("directory") || where.equals("auto") && (alone || configured);
  }

  /** Where files are, or were before another place was configured. */
  Path directory() {
    String directory = config.getString("directory").trim();
    return directory.isEmpty()
        ? dataDirectory.resolve("files")
        : Path.of(directory).toAbsolutePath().normalize();
  }

  UploadLimits limits() {
    long bytes = config.getBytes("max-file-size");
    require(
        bytes >= 1 && bytes <= MAX_FILE,
        "parley.storage.max-file-size is %d bytes; it must be from 1 B to 64 MiB",
        bytes);
    Duration within = config.getDuration("upload-within");
    require(
        within.toMillis() >= 100 && within.compareTo(Duration.ofHours(1)) <= 0,
        "parley.storage.upload-within is %s; it must be from 100ms to 1h",
        within);
    int underWay = config.getInt("max-under-way");
    require(underWay >= 1, "parley.storage.max-under-way is %d; it must be at least 1", underWay);
    return new UploadLimits(bytes, within, underWay);
  }
}
