package dev.parley.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The secret key of a server that was started without a configured one: made once and kept in the
 * data directory, so that it survives a restart. Its form is the one for which the published client
 * asks the server to mint tokens (trigger.md 2.2, "additional key").
 */
public final class SecretKeyFile {
  /** Its name inside the data directory. */
  public static final String NAME = "secret-key";

  private static final String PREFIX = "tr_dev_sk_";
  private static final int RANDOM_LENGTH = 24;
  private static final Pattern KEY = Pattern.compile(PREFIX + "[0-9a-zA-Z]{" + RANDOM_LENGTH + "}");
  private static final String ALPHABET =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private SecretKeyFile() {}

  /**
   * The key in {@code dataDir}, made on the first call; the directory is made too. A file which
   * others may read is closed to them.
   *
   * @throws IOException when the file cannot be read or written
   * @throws IllegalStateException when the file holds anything but a key
   */
  public static String loadOrCreate(Path dataDir) throws IOException {
    Path file = dataDir.resolve(NAME);
    if (Files.notExists(file)) {
      Files.createDirectories(dataDir);
      create(file);
    }
    return load(file);
  }

  private static String load(Path file) throws IOException {
    if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
      Files.setPosixFilePermissions(file, OWNER_ONLY);
    }
    // Any byte is a character of this charset, so a damaged file reaches the check below.
    String content = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    if (!KEY.matcher(content).matches()) {
      throw new IllegalStateException(
          "%s holds no secret key (%s and %d letters or digits were expected). Restore it from a"
                  .formatted(file, PREFIX, RANDOM_LENGTH)
              + " backup, or delete it and start again: a new key is made, and clients need that"
              + " one.");
    }
    return content;
  }

  /** The file appears under its name complete and closed to others, or not at all. */
  private static void create(Path file) throws IOException {
    Path complete =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            NAME,
            ".tmp",
            PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    try {
      Files.writeString(
          complete, newKey() + "\n", StandardOpenOption.WRITE, StandardOpenOption.SYNC);
      // Without REPLACE_EXISTING: a key which another start has made meanwhile stays.
      Files.move(complete, file);
    } catch (FileAlreadyExistsException e) {
      // That key is the one to load.
    } finally {
      Files.deleteIfExists(complete);
    }
  }

  private static String newKey() {
    SecureRandom random = new SecureRandom();
    StringBuilder key = new StringBuilder(PREFIX);
    for (int i = 0; i < RANDOM_LENGTH; i++) {
      key.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return key.toString();
  }
}
