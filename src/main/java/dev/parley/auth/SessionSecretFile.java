package dev.parley.auth;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What signs the session cookies of a server that was started without {@code SESSION_SECRET}: made
 * once and kept in the data directory (web-runtime.md section 1).
 */
public final class SessionSecretFile {
  /** Its name inside the data directory. */
  public static final String NAME = "session-secret";

  private static final KeptSecret KEPT = new KeptSecret(NAME, "", 48, "session secret");

  private SessionSecretFile() {}

  /**
   * The secret in {@code dataDir}, made on the first call; the directory is made too. A file which
   * others may read is closed to them.
   *
   * @throws IOException when the file cannot be read or written
   * @throws IllegalStateException when the file holds anything but a secret
   */
  public static String loadOrCreate(Path dataDir) throws IOException {
    return KEPT.loadOrCreate(dataDir);
  }
}
