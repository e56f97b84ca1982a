package dev.parley.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The values of session cookies: a random id of 256 bits and its HMAC-SHA256, as {@code id.mac}
 * (web-runtime.md section 1). What does not verify costs no look-up.
 */
public final class SignedIds {
  private static final int ID_BYTES = 32;
  private static final Pattern VALUE = Pattern.compile("([0-9A-Za-z_-]{43})\\.([0-9A-Za-z_-]{43})");
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final SecureRandom random = new SecureRandom();
  private final List<SecretKeySpec> keys;

  /**
   * @param secrets the first signs, all verify, so that they can be exchanged; at least one, none
   *     of them empty
   */
  public SignedIds(List<String> secrets) {
    this.keys =
        secrets.stream()
            .map(secret -> new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"))
            .toList();
  }

  /** An id that nobody can guess. */
  public String newId() {
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return ENCODER.encodeToString(id);
  }

  /** The cookie's value for an id. */
  public String sign(String id) {
    return id + "." + mac(keys.get(0), id);
  }

  /** The id in a cookie's value; empty when this server has not signed it. */
  public Optional<String> verify(String value) {
    Matcher parts = VALUE.matcher(value);
    if (!parts.matches()) {
      return Optional.empty();
    }
    byte[] presented = parts.group(2).getBytes(StandardCharsets.US_ASCII);
    boolean good = false;
    for (SecretKeySpec key : keys) {
      byte[] expected = mac(key, parts.group(1)).getBytes(StandardCharsets.US_ASCII);
      good |= MessageDigest.isEqual(expected, presented);
    }
    return good ? Optional.of(parts.group(1)) : Optional.empty();
  }

  /** The name of the session behind an id, from which the id can't be told. */
  public static String nameOf(String id) {
    return HexFormat.of().formatHex(Digests.sha256(id.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String mac(SecretKeySpec key, String id) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return ENCODER.encodeToString(mac.doFinal(id.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
    }
  }
}
