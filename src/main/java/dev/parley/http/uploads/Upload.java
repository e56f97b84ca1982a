package dev.parley.http.uploads;

import dev.parley.http.shared.Refused;
import dev.parley.storage.FileOwner;
import dev.parley.storage.FileStore;
import dev.parley.storage.StoredFile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.Multipart;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** The files of one request, one after the other: all of them are stored, or none. */
final class Upload {
  private final ActorSystem<?> system;
  private final FileStore store;
  private final FileTypes types;
  private final FileOwner owner;
  private final String field;
  private final int maxFiles;
  private final long maxFileBytes;
  private final List<StoredFile> files = new ArrayList<>();

  /** What becomes of the newest part. */
  private volatile CompletionStage<Done> last =
      CompletableFuture.completedFuture(Done.getInstance());

  /**
   * @param field the name of the parts that are files; others are passed over
   */
  Upload(
      ActorSystem<?> system,
      FileStore store,
      FileTypes types,
      FileOwner owner,
      String field,
      int maxFiles,
      long maxFileBytes) {
    this.system = system;
    this.store = store;
    this.types = types;
    this.owner = owner;
    this.field = field;
    this.maxFiles = maxFiles;
    this.maxFileBytes = maxFileBytes;
  }

  /** Fails with {@link Refused} or with what went wrong, and nothing is stored then. */
  CompletionStage<List<StoredFile>> receive(Multipart.FormData form) {
    return form.getParts()
        .mapMaterializedValue(ignored -> NotUsed.getInstance())
        .mapAsync(1, this::part)
        .runWith(Sink.ignore(), system)
        .handle((done, failure) -> failure)
        .thenCompose(
            ofTheBody ->
                // What the last part has come to, which is more telling, may come to light later.
                last.handle((done, ofThePart) -> ofThePart == null ? ofTheBody : ofThePart))
        .thenCompose(this::end);
  }

  private CompletionStage<List<StoredFile>> end(@Nullable Throwable failure) {
    CompletionStage<Void> kept = failure == null ? keep() : CompletableFuture.failedFuture(failure);
    return kept.handle((done, reason) -> reason)
        .thenCompose(
            reason ->
                reason == null
                    ? CompletableFuture.completedFuture(List.copyOf(files))
                    : discardAll()
                        .thenCompose(discarded -> CompletableFuture.failedFuture(reason)));
  }

  private CompletionStage<Void> keep() {
    if (files.isEmpty()) {
      return CompletableFuture.failedFuture(UploadErrors.noFile(field));
    }
    return store
        .keep(files)
        .thenAccept(
            kept -> {
              if (!kept) {
                throw new Refused(SessionOwner.unknown());
              }
            });
  }

  private CompletionStage<Done> part(Multipart.FormData.BodyPart part) {
    Source<ByteString, ?> bytes = part.getEntity().withoutSizeLimit().getDataBytes();
    if (!part.getName().equals(field)) {
      return bytes.runWith(Sink.ignore(), system);
    }
    last =
        files.size() == maxFiles
            ? CompletableFuture.failedFuture(UploadErrors.tooManyFiles(maxFiles))
            : store(part.getFilename().orElse(""), bytes);
    return last;
  }

  private CompletionStage<Done> store(String name, Source<ByteString, ?> bytes) {
    IncomingPart incoming = new IncomingPart(store, types, owner, FileName.of(name), maxFileBytes);
    return bytes
        .runWith(Sink.foldAsync(incoming, IncomingPart::add), system)
        .thenCompose(all -> incoming.finish())
        .thenApply(
            file -> {
              files.add(file);
              return Done.getInstance();
            })
        .handle((done, failure) -> failure)
        .thenCompose(
            failure ->
                failure == null
                    ? CompletableFuture.completedFuture(Done.getInstance())
                    : incoming
                        .abandon()
                        .thenCompose(abandoned -> CompletableFuture.failedFuture(failure)));
  }

  /** Never fails: what nobody keeps is found by its row later. */
  private CompletionStage<Void> discardAll() {
    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
    for (StoredFile file : files) {
      all = all.thenCompose(before -> store.discard(file.id()));
    }
    return all.exceptionally(failure -> null);
  }
}
