package dev.parley.entity.webchat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys of webchats: {@code wc_}, the organization's id and 192 random bits, both in base64url with
 * a dot between. A key tells whom to ask about it, and only the organization knows whether it is
 * right.
 */
final class ApiKeys {
  private static final int RANDOM_BYTES = 24;

  /** Of an id of 128 characters, and of the random bytes. */
  private static final Pattern KEY =
      Pattern.compile("wc_([A-Za-z0-9_-]{1,172})\\.[A-Za-z0-9_-]{32}");

  private static final SecureRandom RANDOM = new SecureRandom();

  private ApiKeys() {}

  static String make(String organizationId) {
    byte[] random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    return "wc_" + encode(organizationId.getBytes(UTF_8)) + "." + encode(random);
  }

  /** The organization that a key names, whether it is the right one or not. */
  static Optional<String> organizationOf(String key) {
    Matcher matcher = KEY.matcher(key);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      String id = new String(Base64.getUrlDecoder().decode(matcher.group(1)), UTF_8);
      return Optional.of(id).filter(EntityNames::isValid);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether both are the same. Takes as long for every key. */
  static boolean areEqual(String one, String other) {
    return MessageDigest.isEqual(one.getBytes(UTF_8), other.getBytes(UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
