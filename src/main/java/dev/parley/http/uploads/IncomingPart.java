package dev.parley.http.uploads;

import dev.parley.http.shared.Refused;
import dev.parley.storage.FileOwner;
import dev.parley.storage.FileStore;
import dev.parley.storage.IncomingFile;
import dev.parley.storage.StoredFile;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One file of an upload on its way to storage. Its type is known by its first bytes, before
 * anything is stored. Calls follow one another; what fails, a {@link Refused} included, leaves
 * nothing.
 */
final class IncomingPart {
  private final FileStore store;
  private final FileTypes types;
  private final FileOwner owner;
  private final String name;
  private final long maxBytes;
  private ByteString prefix = ByteString.emptyByteString();
  private long size;
  private @Nullable String type;
  private @Nullable IncomingFile file;

  IncomingPart(FileStore store, FileTypes types, FileOwner owner, String name, long maxBytes) {
    this.store = store;
    this.types = types;
    this.owner = owner;
    this.name = name;
    this.maxBytes = maxBytes;
  }

  CompletionStage<IncomingPart> add(ByteString chunk) {
    size += chunk.size();
    if (size > maxBytes) {
      return CompletableFuture.failedFuture(UploadErrors.fileTooLarge(maxBytes));
    }
    if (file != null) {
      return file.add(chunk).thenApply(added -> this);
    }
    prefix = prefix.concat(chunk);
    return prefix.size() < FileTypes.PREFIX
        ? CompletableFuture.completedFuture(this)
        : open().thenApply(opened -> this);
  }

  CompletionStage<StoredFile> finish() {
    if (size == 0) {
      return CompletableFuture.failedFuture(UploadErrors.empty(name));
    }
    CompletionStage<IncomingFile> opened =
        file == null ? open() : CompletableFuture.completedFuture(file);
    return opened.thenCompose(stored -> stored.finish(String.valueOf(type)));
  }

  /** Nothing of it stays. Never fails: what can't be removed now is found by its row later. */
  CompletionStage<Void> abandon() {
    return file == null
        ? CompletableFuture.completedFuture(null)
        : file.abandon().exceptionally(failure -> null);
  }

  private CompletionStage<IncomingFile> open() {
    Optional<String> found = types.of(prefix.take(FileTypes.PREFIX));
    if (found.isEmpty()) {
      return CompletableFuture.failedFuture(UploadErrors.typeNotAllowed(name));
    }
    type = found.get();
    return store
        .begin(owner, name)
        .thenCompose(
            begun -> {
              file = begun;
              ByteString first = prefix;
              prefix = ByteString.emptyByteString();
              return begun.add(first).thenApply(added -> begun);
            });
  }
}
