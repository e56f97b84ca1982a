package dev.parley.entity;

import dev.parley.session.Position;

/** What happens to somebody who reads a stream of records. */
public sealed interface ReadEvent {
  /**
   * Records, in order and without gaps.
   *
   * @param live whether the reader follows the tail
   */
  record Batch(RecordBatch records, boolean live) implements ReadEvent {}

  /** A sign of life: the reader stands at the tail and waits. */
  record Ping(Position tail) implements ReadEvent {}

  /** The read has come to its proper end; nothing follows. */
  record Done() implements ReadEvent {}

  /** The read can't go on; the reader should come again. Nothing follows. */
  record Failed(String reason) implements ReadEvent {}
}
