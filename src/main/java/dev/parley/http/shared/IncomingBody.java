package dev.parley.http.shared;

import dev.parley.tracing.Carried;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * The body of a request. What nobody takes is read and dropped, since an unread body blocks its
 * connection; and what is over the limit is read on while the answer is on its way, since to cancel
 * a body makes HTTP/2 reset the stream, answer and all.
 */
public final class IncomingBody {
  /** What is read to its end before an answer that does not depend on it. */
  private static final long ORDINARY_SIZE = 8 * 1_048_576;

  private final HttpRequest request;
  private final ErrorShape errors;
  private final Duration within;
  private final ActorSystem<?> system;
  private boolean taken;

  /**
   * @param within how long it may take to come, if it is not taken as a stream
   */
  IncomingBody(HttpRequest request, ErrorShape errors, Duration within, ActorSystem<?> system) {
    this.request = request;
    this.errors = errors;
    this.within = within;
    this.system = system;
  }

  /** Whether the length that the client declares is over the limit. */
  public boolean isLongerThan(long maxBytes) {
    return request.entity().getContentLengthOption().orElse(0) > maxBytes;
  }

  /**
   * Likewise, or whether there is none over HTTP/1.1, where clients must declare it. Of HTTP/2
   * requests Pekko HTTP does not tell it, and {@link #read} counts.
   */
  public boolean exceeds(long maxBytes) {
    OptionalLong length = request.entity().getContentLengthOption();
    return length.isPresent()
        ? length.getAsLong() > maxBytes
        : !request.protocol().value().equals("HTTP/2.0");
  }

  /**
   * The whole body. To be called once. Fails with {@link Refused} when it is over the limit or
   * breaks off.
   */
  public CompletionStage<byte[]> read(long maxBytes) {
    taken = true;
    if (request.entity() instanceof HttpEntity.Strict strict) {
      return strict.getData().size() <= maxBytes
          ? CompletableFuture.completedFuture(strict.getData().toArray())
          : CompletableFuture.failedFuture(new Refused(errors.bodyTooLarge(maxBytes)));
    }
    Gathering gathering = new Gathering(maxBytes);
    request
        .entity()
        .getDataBytes()
        .completionTimeout(within)
        .runForeach(gathering::add, system)
        .whenCompleteAsync(
            (done, failure) -> gathering.end(failure), system.executionContext()::execute);
    return Carried.here(gathering.whole);
  }

  /** The body as it comes, however long and for however long. Must be read to its end. */
  public Source<ByteString, NotUsed> stream() {
    taken = true;
    return request
        .entity()
        .withoutSizeLimit()
        .getDataBytes()
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  /**
   * Reads and drops the body unless somebody has taken it. Completes when the answer can go out: on
   * HTTP/1.1 one that overtakes its request costs the connection, so a body of ordinary size is
   * waited for. Never fails.
   */
  CompletionStage<Done> drain() {
    if (taken || request.entity() instanceof HttpEntity.Strict) {
      return CompletableFuture.completedFuture(Done.done());
    }
    OptionalLong length = request.entity().getContentLengthOption();
    if (length.isEmpty() || length.getAsLong() > ORDINARY_SIZE) {
      request.discardEntityBytes(system);
      return CompletableFuture.completedFuture(Done.done());
    }
    return request
        .entity()
        .getDataBytes()
        .completionTimeout(within)
        .runWith(Sink.ignore(), system)
        .handleAsync((done, failure) -> Done.done(), system.executionContext()::execute);
  }

  private final class Gathering {
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final long maxBytes;

    private Gathering(long maxBytes) {
      this.maxBytes = maxBytes;
    }

    private void add(ByteString chunk) {
      if (bytes.size() + (long) chunk.size() <= maxBytes) {
        bytes.writeBytes(chunk.toArrayUnsafe());
      } else {
        whole.completeExceptionally(new Refused(errors.bodyTooLarge(maxBytes)));
      }
    }

    private void end(Throwable failure) {
      if (failure == null) {
        whole.complete(bytes.toByteArray());
      } else {
        whole.completeExceptionally(new Refused(errors.bodyIncomplete()));
      }
    }
  }
}
