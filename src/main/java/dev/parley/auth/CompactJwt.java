package dev.parley.auth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The compact form of a JWT: telling it apart, taking it apart, signing it. Verifies nothing. */
final class CompactJwt {
  /** Longer tokens are neither read nor minted. */
  static final int MAX_LENGTH = 8 * 1024;

  static final String ALGORITHM = "HS256";

  private static final String HEADER = "{\"alg\":\"" + ALGORITHM + "\"}";
  private static final String EMPTY_PAYLOAD = encode("{}".getBytes(StandardCharsets.UTF_8));

  private CompactJwt() {}

  /**
   * Whether a bearer value is meant as a token and not as a key: three non-empty parts of
   * base64url, the first a JSON object. An over-long value is not decoded; its parts decide.
   */
  static boolean hasShape(String value) {
    String[] parts = value.split("\\.", 4);
    if (parts.length != 3 || parts[0].isEmpty() || parts[1].isEmpty() || parts[2].isEmpty()) {
      return false;
    }
    if (value.length() > MAX_LENGTH) {
      return true;
    }
    return isBase64Url(parts[1])
        && isBase64Url(parts[2])
        // With an empty payload the decoder judges the header alone.
        && read(parts[0] + "." + EMPTY_PAYLOAD + "." + parts[2]).isPresent();
  }

  /**
   * The unverified content. Empty for what is no JWT of at most {@link #MAX_LENGTH} characters, and
   * for a signature that is not written the one canonical way: the unused bits of its last
   * character would otherwise give one token several spellings.
   */
  static Optional<DecodedJWT> decode(String token) {
    return token.length() > MAX_LENGTH
        ? Optional.empty()
        : read(token).filter(jwt -> isCanonical(jwt.getSignature()));
  }

  /**
   * Signs with the UTF-8 bytes of {@code key} under the header {@code {"alg":"HS256"}} (trigger.md
   * 2.1). The library's own signing always adds {@code typ}, so it only renders the claims here.
   */
  static String sign(JWTCreator.Builder claims, String key) {
    String header = encode(HEADER.getBytes(StandardCharsets.UTF_8));
    String payload = claims.sign(Algorithm.none()).split("\\.")[1];
    byte[] signature =
        Algorithm.HMAC256(key)
            .sign(
                header.getBytes(StandardCharsets.US_ASCII),
                payload.getBytes(StandardCharsets.US_ASCII));
    return header + "." + payload + "." + encode(signature);
  }

  private static Optional<DecodedJWT> read(String token) {
    try {
      DecodedJWT jwt = JWT.decode(token);
      // Fails for a payload of `null`, which decodes without complaint.
      jwt.getClaims();
      return Optional.of(jwt);
    } catch (RuntimeException e) {
      // Not only JWTDecodeException: `null` as header or payload is a NullPointerException.
      return Optional.empty();
    }
  }

  private static boolean isBase64Url(String part) {
    try {
      Base64.getUrlDecoder().decode(part);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isCanonical(String part) {
    return isBase64Url(part) && encode(Base64.getUrlDecoder().decode(part)).equals(part);
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
