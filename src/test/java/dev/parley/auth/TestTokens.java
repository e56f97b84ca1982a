package dev.parley.auth;

import com.auth0.jwt.algorithms.Algorithm;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Tokens written by hand, so that every byte of a wrong one can be chosen. */
final class TestTokens {
  static final String HEADER = "{\"alg\":\"HS256\"}";

  private TestTokens() {}

  /** The payload of a good public token of {@link Tenants#ACME}, good for another minute. */
  static String payload() {
    return "{\"sub\":\"env_acme\",\"pub\":true,\"scopes\":[\"read:sessions:a\"],"
        + "\"iss\":\"https://id.trigger.dev\",\"aud\":\"https://api.trigger.dev\","
        + "\"iat\":1795166745,\"exp\":1795166805}";
  }

  /** {@link #payload()} with one piece of its text replaced by another. */
  static String payloadWith(String piece, String replacement) {
    String changed = payload().replace(piece, replacement);
    if (changed.equals(payload())) {
      throw new IllegalArgumentException("the payload has no " + piece);
    }
    return changed;
  }

  static String signed(String payload, String key) {
    return signed(HEADER, payload, key);
  }

  static String signed(String header, String payload, String key) {
    return signed(header, payload, Algorithm.HMAC256(key));
  }

  static String signed(String header, String payload, Algorithm algorithm) {
    String head = encode(header.getBytes(StandardCharsets.UTF_8));
    String body = encode(payload.getBytes(StandardCharsets.UTF_8));
    return head + "." + body + "." + encode(algorithm.sign(ascii(head), ascii(body)));
  }

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** One part of a token as text: 0 is the header, 1 the payload. */
  static String part(String token, int index) {
    return new String(
        Base64.getUrlDecoder().decode(token.split("\\.")[index]), StandardCharsets.UTF_8);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
