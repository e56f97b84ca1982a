package dev.parley.auth;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The secret key of a server that was started without a configured one: made once and kept in the
 * data directory, so that it survives a restart. Its form is the one for which the published client
 * asks the server to mint tokens (trigger.md 2.2, "additional key").
 */
public final class SecretKeyFile {
  /** Its name inside the data directory. */
  public static final String NAME = "secret-key";

  private static final KeptSecret KEPT = new KeptSecret(NAME, "tr_dev_sk_", 24, "secret key");

  private SecretKeyFile() {}

  /**
   * The key in {@code dataDir}, made on the first call; the directory is made too. A file which
   * others may read is closed to them.
   *
   * @throws IOException when the file cannot be read or written
   * @throws IllegalStateException when the file holds anything but a key
   */
  public static String loadOrCreate(Path dataDir) throws IOException {
    return KEPT.loadOrCreate(dataDir);
  }
}
