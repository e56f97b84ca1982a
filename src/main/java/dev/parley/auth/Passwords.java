package dev.parley.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/**
 * Hashes passwords with Argon2id, in the usual text form {@code
 * $argon2id$v=19$m=19456,t=2,p=1$salt$hash}, so that the cost can be raised later and old hashes
 * stay good. One hash takes 19 MiB and some tens of milliseconds.
 */
public final class Passwords {
  /** How many characters (code points) a new password may have (across.md section 7). */
  public static final int MIN_LENGTH = 10;

  public static final int MAX_LENGTH = 128;

  private static final int MEMORY_KIB = 19_456;
  private static final int ITERATIONS = 2;
  private static final int LANES = 1;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  private static final Pattern STORED =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{16,86})");

  private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getDecoder();

  private final SecureRandom random = new SecureRandom();
  private final String nobodys;

  public Passwords() {
    byte[] unknown = new byte[HASH_BYTES];
    random.nextBytes(unknown);
    this.nobodys = hash(ENCODER.encodeToString(unknown));
  }

  private record Cost(int memoryKib, int iterations, int lanes) {
    static final Cost TODAY = new Cost(MEMORY_KIB, ITERATIONS, LANES);
  }

  /** The hash to be stored. Takes a while, on the thread that calls. */
  public String hash(String password) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            MEMORY_KIB,
            ITERATIONS,
            LANES,
            ENCODER.encodeToString(salt),
            ENCODER.encodeToString(derive(password, salt, HASH_BYTES, Cost.TODAY)));
  }

  /**
   * Whether it is the password. Without a hash it is not, and that takes as long as with one, so
   * that nobody can tell by it which accounts there are.
   *
   * @param stored null when there is no such account
   * @throws IllegalArgumentException when the stored text is no hash of this kind
   */
  public boolean matches(String password, @Nullable String stored) {
    Matcher hash = STORED.matcher(stored == null ? nobodys : stored);
    if (!hash.matches()) {
      throw new IllegalArgumentException("the stored hash of a password can't be read");
    }
    Cost cost =
        new Cost(
            Integer.parseInt(hash.group(1)),
            Integer.parseInt(hash.group(2)),
            Integer.parseInt(hash.group(3)));
    byte[] expected = DECODER.decode(hash.group(5));
    byte[] derived = derive(password, DECODER.decode(hash.group(4)), expected.length, cost);
    return MessageDigest.isEqual(expected, derived) && stored != null;
  }

  /** The same characters make the same password, however the keyboard composes them. */
  private static byte[] derive(String password, byte[] salt, int length, Cost cost) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(cost.memoryKib())
            .withIterations(cost.iterations())
            .withParallelism(cost.lanes())
            .withSalt(salt)
            .build());
    byte[] derived = new byte[length];
    generator.generateBytes(
        Normalizer.normalize(password, Normalizer.Form.NFKC).getBytes(StandardCharsets.UTF_8),
        derived);
    return derived;
  }
}
