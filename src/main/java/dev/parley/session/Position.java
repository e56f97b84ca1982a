package dev.parley.session;

/**
 * A place in a stream.
 *
 * @param seq a sequence number
 * @param timestamp Unix milliseconds of the record there, or of the last one when it is the tail
 */
public record Position(long seq, long timestamp) {
  public static final Position START = new Position(0, 0);
}
