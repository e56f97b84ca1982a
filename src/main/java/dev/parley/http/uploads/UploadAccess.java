package dev.parley.http.uploads;

import dev.parley.http.shared.Refused;
import dev.parley.storage.FileOwner;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** One way to prove who may upload and see files. */
public interface UploadAccess {
  /** Somebody who is known. */
  interface Holder {
    /**
     * What the files of this request will belong to. Fails with {@link Refused} when it names
     * nothing the holder may upload to.
     */
    CompletionStage<FileOwner> newFiles();

    /** Whether he may see files of that owner. */
    CompletionStage<Boolean> sees(FileOwner owner);
  }

  /**
   * Who sent the request; empty when it carries no valid proof of this kind. May fail with {@link
   * Refused}, for example a request that changes something and comes from a foreign page.
   */
  CompletionStage<Optional<Holder>> holder(HttpRequest request);

  /** The first of these ways that a request has gone. */
  static UploadAccess firstOf(List<UploadAccess> ways) {
    return request -> {
      CompletionStage<Optional<Holder>> found = CompletableFuture.completedFuture(Optional.empty());
      for (UploadAccess way : ways) {
        found =
            found.thenCompose(
                holder ->
                    holder.isPresent()
                        ? CompletableFuture.completedFuture(holder)
                        : way.holder(request));
      }
      return found;
    };
  }
}
