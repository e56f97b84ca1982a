package dev.parley.http.uploads;

import dev.parley.http.shared.IncomingBody;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.Multipart;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.SinkShape;
import org.apache.pekko.stream.UniformFanOutShape;
import org.apache.pekko.stream.javadsl.Broadcast;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.GraphDSL;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * The multipart body of a request. It is read to its end whatever becomes of it, before anything is
 * answered: to cancel it would cost an HTTP/2 client its answer, and an HTTP/1.1 client its
 * connection.
 */
final class FormBody {
  /** Beyond this it is cut off all the same. */
  private static final long READ_AT_MOST = 70L << 20;

  private final ActorSystem<?> system;
  private final ContentType type;
  private final CompletableFuture<Done> ended = new CompletableFuture<>();
  private final Source<ByteString, NotUsed> bytes;

  /**
   * @param maxBytes beyond which it is refused
   * @param within which it must have come
   */
  FormBody(
      ActorSystem<?> system, ContentType type, IncomingBody body, long maxBytes, Duration within) {
    this.system = system;
    this.type = type;
    this.bytes =
        body.stream()
            .limitWeighted(Math.max(maxBytes, READ_AT_MOST), chunk -> (long) chunk.size())
            .completionTimeout(within)
            .watchTermination(
                (ignored, end) -> {
                  end.whenComplete((done, failure) -> ended.complete(Done.getInstance()));
                  return NotUsed.getInstance();
                })
            .via(readToItsEnd())
            .limitWeighted(maxBytes, chunk -> (long) chunk.size());
  }

  /** What the receiver makes of it, when the body has come to its end. */
  <T> CompletionStage<T> to(Function<Multipart.FormData, CompletionStage<T>> receiver) {
    // Within a stage, so that what is thrown is a failure as any other.
    return CompletableFuture.completedFuture(HttpEntities.createIndefiniteLength(type, bytes))
        .thenCompose(entity -> Unmarshaller.entityToMultipartFormData().unmarshal(entity, system))
        .whenComplete(
            (form, failure) -> {
              if (failure != null) {
                bytes.runWith(Sink.ignore(), system);
              }
            })
        .thenCompose(receiver)
        .handle(
            (result, failure) ->
                failure == null
                    ? CompletableFuture.completedFuture(result)
                    : CompletableFuture.<T>failedFuture(failure))
        .thenCompose(outcome -> ended.thenCompose(end -> outcome));
  }

  private static Flow<ByteString, ByteString, NotUsed> readToItsEnd() {
    return Flow.fromGraph(
        GraphDSL.create(
            builder -> {
              UniformFanOutShape<ByteString, ByteString> both =
                  builder.add(Broadcast.create(2, false));
              SinkShape<ByteString> rest = builder.add(Sink.<ByteString>ignore());
              builder.from(both.out(1)).to(rest);
              return FlowShape.of(both.in(), both.out(0));
            }));
  }
}
