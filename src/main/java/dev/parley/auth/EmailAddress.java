package dev.parley.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * An e-mail address as the name of an account (across.md section 7).
 *
 * @param text normalized: without regard to case and to how a character is composed
 */
public record EmailAddress(String text) {
  /** The version of the UUIDs that are ids of accounts, which no other id may have. */
  public static final int USER_ID_VERSION = 8;

  private static final int MAX_LENGTH = 254;
  private static final Pattern SHAPE =
      Pattern.compile("[^\\s@\\p{Cntrl}]{1,64}@[^\\s@\\p{Cntrl}]+");

  /** The address, or empty when the text is none. */
  public static Optional<EmailAddress> parse(String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String normalized =
        Normalizer.normalize(text.strip(), Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    return normalized.length() <= MAX_LENGTH && SHAPE.matcher(normalized).matches()
        ? Optional.of(new EmailAddress(normalized))
        : Optional.empty();
  }

  /**
   * The id of the address's account: a UUID made of its hash, so that every node finds the account
   * by the address and two who sign up with the same one meet.
   */
  public String userId() {
    ByteBuffer hash =
        ByteBuffer.wrap(
            Digests.sha256(("parley account of " + text).getBytes(StandardCharsets.UTF_8)));
    long high = hash.getLong() & 0xffff_ffff_ffff_0fffL | USER_ID_VERSION << 12;
    long low = hash.getLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }

  /** Nobody's address is written to the log by mistake. */
  @Override
  public String toString() {
    return "EmailAddress";
  }
}
