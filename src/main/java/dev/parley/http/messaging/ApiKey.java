package dev.parley.http.messaging;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * The one key of this face, in the header {@code X-API-KEY} (eliza.md section 1.1). It opens all
 * sessions: there is no owner.
 */
public final class ApiKey {
  private static final String HEADER = "x-api-key";

  private final String key;

  /**
   * @param key blank leaves the face open
   */
  public ApiKey(String key) {
    this.key = key;
  }

  /** Whether no key is configured. */
  public boolean isOpen() {
    return key.isBlank();
  }

  /** Whether the request may pass. Two keys are none: nobody could say which one counts. */
  public boolean admits(HttpRequest request) {
    if (isOpen()) {
      return true;
    }
    List<String> given =
        StreamSupport.stream(request.getHeaders().spliterator(), false)
            .filter(header -> header.is(HEADER))
            .map(HttpHeader::value)
            .toList();
    return given.size() == 1 && admits(given.get(0));
  }

  /** Whether this is the key. Takes as long for every key, so that none can be guessed by time. */
  public boolean admits(String given) {
    return isOpen() || MessageDigest.isEqual(digest(given), digest(key));
  }

  /** Of equal length for all texts. */
  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
