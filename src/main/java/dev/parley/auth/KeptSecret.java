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
 * A secret that is made once and kept in the data directory, so that it survives a restart. Only
 * the owner of the file can read it.
 *
 * @param fileName its name inside the data directory
 * @param prefix in front of the random part
 * @param randomLength how many letters and digits are random
 * @param what it is, for people, such as "secret key"
 */
record KeptSecret(String fileName, String prefix, int randomLength, String what) {
  private static final String ALPHABET =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /**
   * The secret in {@code dataDir}, made on the first call; the directory is made too. A file which
   * others may read is closed to them.
   *
   * @throws IOException when the file cannot be read or written
   * @throws IllegalStateException when the file holds anything but such a secret
   */
  String loadOrCreate(Path dataDir) throws IOException {
    Path file = dataDir.resolve(fileName);
    if (Files.notExists(file)) {
      Files.createDirectories(dataDir);
      create(file);
    }
    return load(file);
  }

  private String load(Path file) throws IOException {
    if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
      Files.setPosixFilePermissions(file, OWNER_ONLY);
    }
    // Any byte is a character of this charset, so a damaged file reaches the check below.
    String content = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    if (!Pattern.matches(Pattern.quote(prefix) + "[0-9a-zA-Z]{" + randomLength + "}", content)) {
      String expected =
          prefix.isEmpty()
              ? "%d letters or digits were".formatted(randomLength)
              : "%s and %d letters or digits were".formatted(prefix, randomLength);
      throw new IllegalStateException(
          ("%s holds no %s (%s expected). Restore it from a backup, or delete it and start again: a"
                  + " new one is made, and what the old one opened stays closed.")
              .formatted(file, what, expected));
    }
    return content;
  }

  /** The file appears under its name complete and closed to others, or not at all. */
  private void create(Path file) throws IOException {
    Path complete =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            fileName,
            ".tmp",
            PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    try {
      Files.writeString(
          complete, newSecret() + "\n", StandardOpenOption.WRITE, StandardOpenOption.SYNC);
      // Without REPLACE_EXISTING: a secret which another start has made meanwhile stays.
      Files.move(complete, file);
    } catch (FileAlreadyExistsException e) {
      // That secret is the one to load.
    } finally {
      Files.deleteIfExists(complete);
    }
  }

  private String newSecret() {
    SecureRandom random = new SecureRandom();
    StringBuilder secret = new StringBuilder(prefix);
    for (int i = 0; i < randomLength; i++) {
      secret.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return secret.toString();
  }
}
