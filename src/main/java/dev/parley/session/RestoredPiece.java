package dev.parley.session;

/** A part of a session that comes from a copy of it, in the order in which the copy holds them. */
public sealed interface RestoredPiece {
  /**
   * Consecutive records of one stream.
   *
   * @param append without a part id; what it says of the size of the stream is of no effect
   */
  record Records(StreamAppend append) implements RestoredPiece {}

  /**
   * The records below a number were trimmed while the copy was made, so that some that come before
   * are missing.
   */
  record Trimmed(Channel channel, long toSeq) implements RestoredPiece {}

  /**
   * Part ids that the stream remembers, behind those of the pieces before.
   *
   * @param batches whether they are ids of the batches of the SDK's writers
   */
  record PartIds(Channel channel, boolean batches, PartIdWindow.Block ids)
      implements RestoredPiece {}
}
