package dev.parley.http.shared;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.util.ByteString;

/**
 * The bytes of a request, up to a limit. Beyond it they are read on and dropped while the answer is
 * on its way: to cancel a body makes HTTP/2 reset the stream, answer and all.
 */
final class RequestBody {
  /** The whole body of any route must have arrived within this time. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final long maxBytes;

  private RequestBody(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Fails with {@link Refused}: 413 for a body over the limit, 400 for one that breaks off. */
  static CompletionStage<byte[]> read(RequestEntity entity, long maxBytes, ActorSystem<?> system) {
    RequestBody body = new RequestBody(maxBytes);
    entity
        .getDataBytes()
        .completionTimeout(LIMIT)
        .runForeach(body::add, system)
        .whenCompleteAsync(
            (done, failure) -> body.end(failure), system.executionContext()::execute);
    return body.whole;
  }

  private void add(ByteString chunk) {
    if (bytes.size() + (long) chunk.size() <= maxBytes) {
      bytes.writeBytes(chunk.toArrayUnsafe());
    } else {
      whole.completeExceptionally(new Refused(Answers.error(413, "Request body too large")));
    }
  }

  private void end(Throwable failure) {
    if (failure == null) {
      whole.complete(bytes.toByteArray());
    } else {
      whole.completeExceptionally(new Refused(Answers.error(400, "Request body is incomplete")));
    }
  }
}
