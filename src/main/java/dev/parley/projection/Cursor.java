package dev.parley.projection;

import dev.parley.session.SessionId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place in the list of an environment's sessions. Cursors are ordered as sessions are created;
 * among those of one millisecond, by friendly id.
 *
 * @param createdAt whole milliseconds from 1970 to 9999
 * @param friendlyId {@code session_} and 32 hexadecimal digits
 */
public record Cursor(Instant createdAt, String friendlyId) implements Comparable<Cursor> {
  private static final Pattern FRIENDLY = Pattern.compile("session_[0-9a-f]{32}");
  private static final long MAX_MILLIS = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
  private static final int BYTES = Long.BYTES + 16;

  // 24 bytes fill 32 characters exactly: no padding, no spare bits, one text for each cursor.
  private static final Pattern ENCODED = Pattern.compile("[A-Za-z0-9_-]{32}");

  private static final Comparator<Cursor> ORDER =
      Comparator.comparing(Cursor::createdAt).thenComparing(Cursor::friendlyId);

  /**
   * @throws IllegalArgumentException when no session can stand there
   */
  public Cursor {
    if (createdAt.isBefore(Instant.EPOCH)
        || createdAt.isAfter(Instant.ofEpochMilli(MAX_MILLIS))
        || createdAt.getNano() % 1_000_000 != 0) {
      throw new IllegalArgumentException(
          "createdAt must be whole milliseconds from 1970 to 9999, got " + createdAt);
    }
    if (!FRIENDLY.matcher(friendlyId).matches()) {
      throw new IllegalArgumentException("not a friendly id: '" + friendlyId + "'");
    }
  }

  /** The place of a listed session. */
  public static Cursor of(Item item) {
    return new Cursor(item.info().createdAt(), item.id().friendlyId());
  }

  /** Opaque to clients and safe in a URL: 32 characters of base64url. */
  public String encode() {
    byte[] bytes =
        ByteBuffer.allocate(BYTES)
            .putLong(createdAt.toEpochMilli())
            .put(
                HexFormat.of().parseHex(friendlyId, SessionId.PREFIX.length(), friendlyId.length()))
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The cursor that was encoded; empty for every text that is no cursor's encoding. */
  public static Optional<Cursor> parse(String text) {
    if (!ENCODED.matcher(text).matches()) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
    long millis = bytes.getLong();
    if (millis < 0 || millis > MAX_MILLIS) {
      return Optional.empty();
    }
    String hash = HexFormat.of().formatHex(bytes.array(), Long.BYTES, BYTES);
    return Optional.of(new Cursor(Instant.ofEpochMilli(millis), SessionId.PREFIX + hash));
  }

  @Override
  public int compareTo(Cursor other) {
    return ORDER.compare(this, other);
  }
}
