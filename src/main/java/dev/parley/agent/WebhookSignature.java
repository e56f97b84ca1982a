package dev.parley.agent;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Shows a receiver that a request is ours and fresh: {@code t=<unix seconds>,v1=<hex>}, where the
 * hexadecimal digits are the HMAC-SHA256 of {@code "<t>." + body} under the UTF-8 bytes of the
 * shared secret. The receiver refuses what is older than it likes; five minutes are customary.
 */
final class WebhookSignature {
  static final String HEADER = "X-Parley-Signature";

  private WebhookSignature() {}

  static String of(byte[] body, Instant time, Secret secret) {
    return of(body, time, secret.reveal());
  }

  static String of(byte[] body, Instant time, String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), mac.getAlgorithm()));
      long seconds = time.getEpochSecond();
      mac.update((seconds + ".").getBytes(StandardCharsets.US_ASCII));
      return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
