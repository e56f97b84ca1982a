package dev.parley.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A tenant: its sessions, and the keys that open them. The first key signs, every key verifies, so
 * a key is rotated by putting the new one in front and dropping the old one when its tokens have
 * expired.
 *
 * @param id the {@code sub} of the environment's tokens (trigger.md 2.1): 1 to 64 of {@code
 *     [A-Za-z0-9_-]}
 * @param secretKeys at least one; the UTF-8 bytes of a key are its HMAC key (trigger.md 2.1)
 */
public record Environment(String id, List<String> secretKeys) {
  private static final String CALLBACK_LABEL = "parley-callback";
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /**
   * @throws IllegalArgumentException when the id or a key is unusable; the message never shows a
   *     key
   */
  public Environment {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "environment id '" + id + "' must be 1 to 64 characters of A-Z, a-z, 0-9, _ and -");
    }
    secretKeys = List.copyOf(secretKeys);
    if (secretKeys.isEmpty()) {
      throw new IllegalArgumentException("environment '" + id + "' needs at least one secret key");
    }
    for (int i = 0; i < secretKeys.size(); i++) {
      String key = secretKeys.get(i);
      if (key.isEmpty() || !key.equals(key.strip())) {
        throw new IllegalArgumentException(
            "secret key number %d of environment '%s' is empty or has white space around it"
                .formatted(i + 1, id));
      }
    }
  }

  /** The key that signs new tokens. */
  String signingKey() {
    return secretKeys.get(0);
  }

  /**
   * What signs callbacks: the hexadecimal HMAC-SHA256 of {@value #CALLBACK_LABEL} under the first
   * key. Who has it can verify callbacks and nothing else; who has the key can compute it.
   */
  public String callbackSecret() {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(signingKey().getBytes(UTF_8), mac.getAlgorithm()));
      return HexFormat.of().formatHex(mac.doFinal(CALLBACK_LABEL.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /** Ends up in logs and exception texts, therefore without the keys. */
  @Override
  public String toString() {
    return "Environment[id=%s, %d secret key(s)]".formatted(id, secretKeys.size());
  }
}
