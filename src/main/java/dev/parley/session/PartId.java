package dev.parley.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What is remembered of a client's part id: 128 bits of its SHA-256, so that ids of any length cost
 * the same and two different ones never meet in practice.
 */
public record PartId(long high, long low) implements Comparable<PartId> {
  /** The digest of the id as the client sent it. */
  public static PartId of(String id) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      ByteBuffer buffer = ByteBuffer.wrap(digest);
      return new PartId(buffer.getLong(), buffer.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public int compareTo(PartId that) {
    int byHigh = Long.compare(high, that.high);
    return byHigh != 0 ? byHigh : Long.compare(low, that.low);
  }
}
