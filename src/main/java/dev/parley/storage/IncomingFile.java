package dev.parley.storage;

import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;

/**
 * A file that is coming. To be used by one sender, a call after the other has completed; at its end
 * stands {@link #finish} or {@link #abandon}.
 */
public final class IncomingFile {
  private final UUID id;
  private final FileOwner owner;
  private final String name;
  private final FileRows rows;
  private final FileBytes bytes;
  private ByteString gathered = ByteString.emptyByteString();
  private int pieces;
  private long size;

  IncomingFile(UUID id, FileOwner owner, String name, FileRows rows, FileBytes bytes) {
    this.id = id;
    this.owner = owner;
    this.name = name;
    this.rows = rows;
    this.bytes = bytes;
  }

  UUID id() {
    return id;
  }

  /** Takes the next bytes, and completes when more may come. */
  public CompletionStage<Void> add(ByteString chunk) {
    gathered = gathered.concat(chunk);
    size += chunk.size();
    return writePieces();
  }

  /** All has come. Nobody finds the file before {@link FileStore#keep}. */
  public CompletionStage<StoredFile> finish(String mimeType) {
    return writeRest()
        .thenCompose(written -> bytes.seal(id))
        .thenApply(done -> new StoredFile(id, owner, name, mimeType, size, bytes.place()));
  }

  /** It will not come, or is not wanted: nothing of it stays. */
  public CompletionStage<Void> abandon() {
    return rows.discard(id);
  }

  private CompletionStage<Void> writePieces() {
    if (gathered.size() < FileBytes.PIECE) {
      return CompletableFuture.completedFuture(null);
    }
    byte[] piece = gathered.take(FileBytes.PIECE).toArray();
    gathered = gathered.drop(FileBytes.PIECE);
    return bytes.append(id, pieces++, piece).thenCompose(written -> writePieces());
  }

  private CompletionStage<Void> writeRest() {
    if (gathered.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    byte[] piece = gathered.toArray();
    gathered = ByteString.emptyByteString();
    return bytes.append(id, pieces++, piece);
  }
}
