package dev.parley.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Public tokens as the published client signs them, or as an attacker would like them. */
public final class Tokens {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Map<String, Object> header = new LinkedHashMap<>(Map.of("alg", "HS256"));
  private final Map<String, Object> claims = new LinkedHashMap<>();

  private Tokens(String environment) {
    long now = Instant.now().getEpochSecond();
    claims.put("sub", environment);
    claims.put("pub", true);
    claims.put("scopes", List.of());
    claims.put("iss", "https://id.trigger.dev");
    claims.put("aud", "https://api.trigger.dev");
    claims.put("iat", now);
    claims.put("exp", now + 900);
  }

  /** A good token without scopes, for a quarter of an hour. */
  public static Tokens of(String environment) {
    return new Tokens(environment);
  }

  public Tokens scopes(String... scopes) {
    return claim("scopes", List.of(scopes));
  }

  /**
   * @param value null leaves the claim out
   */
  public Tokens claim(String name, @Nullable Object value) {
    return put(claims, name, value);
  }

  public Tokens header(String name, @Nullable Object value) {
    return put(header, name, value);
  }

  private Tokens put(Map<String, Object> part, String name, @Nullable Object value) {
    if (value == null) {
      part.remove(name);
    } else {
      part.put(name, value);
    }
    return this;
  }

  public String signedWith(String key) {
    try {
      Mac hmac = Mac.getInstance("HmacSHA256");
      hmac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      String text = unsigned();
      return text + encode(hmac.doFinal(text.substring(0, text.length() - 1).getBytes()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** With an empty third part. */
  public String unsigned() {
    return part(header) + "." + part(claims) + ".";
  }

  private static String part(Map<String, Object> part) {
    try {
      return encode(JSON.writeValueAsBytes(part));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
