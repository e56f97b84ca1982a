package dev.parley.storage;

import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * Where the bytes of files are kept, in pieces of {@link #PIECE} bytes, of which only the last may
 * be shorter. What fails here fails the stage.
 */
public interface FileBytes {
  /** Bytes of a piece, and so about what one file that comes or goes needs in memory. */
  int PIECE = 256 * 1024;

  /** The name of this place in the rows of its files. */
  String place();

  /** Adds the next piece. One at a time, from number 0 on. */
  CompletionStage<Void> append(UUID file, int number, byte[] piece);

  /** Completes when all pieces that were added will be there after a power failure. */
  CompletionStage<Void> seal(UUID file);

  /** A piece of a sealed file; empty behind the last. */
  CompletionStage<byte[]> read(UUID file, int number);

  /** Removes all there is of the file, which may be nothing. */
  CompletionStage<Void> remove(UUID file);
}
