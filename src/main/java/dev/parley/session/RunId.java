package dev.parley.session;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Ids of runs: {@code run_}, 32 random hexadecimal digits and 8 that tell the environment which
 * minted them, so that an id of elsewhere is recognised without a look-up (across.md section 3).
 * The check tells mistakes, not forgeries: whoever may name a run holds the secret key.
 */
public final class RunId {
  private static final String PREFIX = "run_";
  private static final int RANDOM_END = PREFIX.length() + 32;

  private RunId() {}

  public static String mint(String environmentId) {
    String random = PREFIX + UUID.randomUUID().toString().replace("-", "");
    return random + check(environmentId, random);
  }

  /** Whether the environment minted the id. */
  public static boolean isOf(String environmentId, String runId) {
    return runId.length() == RANDOM_END + 8
        && runId.substring(RANDOM_END).equals(check(environmentId, runId.substring(0, RANDOM_END)));
  }

  private static String check(String environmentId, String random) {
    CRC32C crc = new CRC32C();
    crc.update((environmentId + "/" + random).getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(crc.getValue());
  }
}
