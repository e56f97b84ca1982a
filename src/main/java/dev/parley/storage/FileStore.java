package dev.parley.storage;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Files and their bytes, and how they come and go. Nothing here holds more than a piece of one. */
public final class FileStore {
  private final FileRows rows;
  private final FileBytes newFiles;
  private final Map<String, FileBytes> places;
  private final Duration uploadWithin;

  /**
   * @param newFiles where new files go
   * @param others where files may be since another place was configured
   * @param uploadWithin how long a file may take to come; after that it counts as given up
   */
  public FileStore(
      FileRows rows, FileBytes newFiles, List<FileBytes> others, Duration uploadWithin) {
    this.rows = rows;
    this.newFiles = newFiles;
    this.uploadWithin = uploadWithin;
    this.places =
        Stream.concat(others.stream(), Stream.of(newFiles))
            .collect(Collectors.toMap(FileBytes::place, Function.identity(), (old, one) -> one));
  }

  /** Begins a new file. */
  public CompletionStage<IncomingFile> begin(FileOwner owner, String name) {
    UUID id = UUID.randomUUID();
    return rows.begin(id, owner, name, newFiles.place())
        .thenApply(begun -> new IncomingFile(id, owner, name, rows, newFiles));
  }

  /**
   * From now on these files, which have come, are there: all of them, or nothing of any.
   *
   * @return false when what one of them belongs to has been purged meanwhile
   */
  public CompletionStage<Boolean> keep(List<StoredFile> files) {
    return rows.complete(files)
        .thenCompose(
            kept ->
                kept
                    ? CompletableFuture.completedFuture(true)
                    : clear(files.stream().map(FileRows.Unwanted::of).toList())
                        .thenApply(cleared -> false));
  }

  /** The file of that id, if it has come completely and is still there. */
  public CompletionStage<Optional<StoredFile>> find(UUID id) {
    return rows.find(id);
  }

  /** The bytes of a file, read as they are wanted. Fails when its place does. */
  public Source<ByteString, NotUsed> bytes(StoredFile file) {
    FileBytes place = place(file.place());
    return Source.unfoldAsync(
        0,
        number ->
            place
                .read(file.id(), number)
                .thenApply(
                    piece ->
                        piece.length == 0
                            ? Optional.empty()
                            : Optional.of(
                                Pair.create(number + 1, ByteString.fromArrayUnsafe(piece)))));
  }

  /** Takes a file away. */
  public CompletionStage<Void> discard(UUID id) {
    return rows.discard(id);
  }

  /**
   * Clears away what uploads that broke off, discarded files and purged sessions have left. Fails
   * when a place does, after it has tried the others; what was not cleared is tried next time.
   *
   * @return whether there may be more
   */
  public CompletionStage<Boolean> clear() {
    return rows.unwanted(uploadWithin)
        .thenCompose(unwanted -> clear(unwanted).thenApply(done -> !unwanted.isEmpty()));
  }

  private CompletionStage<Void> clear(List<FileRows.Unwanted> unwanted) {
    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
    for (FileRows.Unwanted one : unwanted) {
      all = all.handle((done, failure) -> failure).thenCompose(before -> clear(one, before));
    }
    return all;
  }

  /** Fails when this can't be done, or with what went wrong before. */
  private CompletionStage<Void> clear(FileRows.Unwanted one, @Nullable Throwable before) {
    return place(one.place())
        .remove(one.id())
        .thenCompose(removed -> rows.forget(one.id()))
        .thenCompose(
            done ->
                before == null
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.failedFuture(before));
  }

  private FileBytes place(String name) {
    FileBytes place = places.get(name);
    if (place == null) {
      throw new IllegalStateException("there are files in a " + name + ", which is no place here");
    }
    return place;
  }
}
