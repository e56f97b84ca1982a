package dev.parley.client;

import java.io.EOFException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One answer of a server that lasts. It is read no further than it is asked to, so that a server
 * which writes faster waits. All methods are called, and all callbacks come, in tasks of one {@link
 * Serial}.
 */
final class SseConnection {
  /** Who reads. The first callback but {@code onEvents} is the last. */
  interface Reader {
    /** The events that the last bytes completed, which may be none. */
    void onEvents(SseConnection from, List<SseDecoder.Event> events);

    void onRefused(SseConnection from, int status, HttpHeaders headers, String body);

    void onLost(SseConnection from, Throwable failure);
  }

  /** What stands behind the head of an answer. */
  private sealed interface Body {
    record Stream(Flow.Publisher<List<ByteBuffer>> bytes) implements Body {}

    record Text(String text) implements Body {}
  }

  private static final BodyHandler<Body> BODY =
      head ->
          head.statusCode() == 200
              ? BodySubscribers.mapping(BodySubscribers.ofPublisher(), Body.Stream::new)
              : BodySubscribers.mapping(
                  BodySubscribers.ofString(StandardCharsets.UTF_8), Body.Text::new);

  private final Serial serial;
  private final Reader reader;
  private final SseDecoder decoder = new SseDecoder();
  private final CompletableFuture<HttpResponse<Body>> answer;
  private Flow.@Nullable Subscription bytes;
  private boolean closed;

  /** Since when bytes have been waited for; meaningless while {@link #waiting} is not. */
  private long waitingSince = System.nanoTime();

  private boolean waiting = true;

  private SseConnection(Transport transport, HttpRequest request, Serial serial, Reader reader) {
    this.serial = serial;
    this.reader = reader;
    this.answer = transport.http().sendAsync(request, BODY);
  }

  /** Sends the request, and asks for the first bytes of its answer. */
  static SseConnection open(
      Transport transport, HttpRequest request, Serial serial, Reader reader) {
    SseConnection connection = new SseConnection(transport, request, serial, reader);
    connection.answer.whenComplete(
        (response, failure) -> serial.execute(() -> connection.onAnswer(response, failure)));
    return connection;
  }

  /** Asks for more bytes, if that has not been done. */
  void more() {
    if (!waiting && bytes != null) {
      waiting = true;
      waitingSince = System.nanoTime();
      bytes.request(1);
    }
  }

  /** How long bytes have been waited for in vain. */
  Duration silence() {
    return waiting ? Duration.ofNanos(System.nanoTime() - waitingSince) : Duration.ZERO;
  }

  /** Ends it; no callback comes any more. */
  void close() {
    closed = true;
    answer.cancel(true);
    if (bytes != null) {
      bytes.cancel();
    }
  }

  private void onAnswer(@Nullable HttpResponse<Body> response, @Nullable Throwable failure) {
    if (response == null) {
      onLost(failure == null ? new EOFException("no answer") : failure);
    } else if (response.body() instanceof Body.Stream stream) {
      // Also when it was closed meanwhile: what nobody subscribes to would never be given up.
      stream.bytes().subscribe(new Bytes());
    } else if (!closed && response.body() instanceof Body.Text text) {
      closed = true;
      reader.onRefused(this, response.statusCode(), response.headers(), text.text());
    }
  }

  private void onBytes(List<ByteBuffer> buffers) {
    if (closed) {
      return;
    }
    waiting = false;
    List<SseDecoder.Event> events = new ArrayList<>();
    try {
      buffers.forEach(buffer -> events.addAll(decoder.decode(buffer)));
    } catch (IllegalStateException e) {
      onLost(e);
      return;
    }
    reader.onEvents(this, events);
  }

  private void onLost(Throwable failure) {
    if (!closed) {
      close();
      boolean wrapped = failure instanceof CompletionException && failure.getCause() != null;
      reader.onLost(this, wrapped ? failure.getCause() : failure);
    }
  }

  /** Brings what the HTTP client says in order with everything else. */
  private final class Bytes implements Flow.Subscriber<List<ByteBuffer>> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      serial.execute(
          () -> {
            bytes = subscription;
            if (closed) {
              subscription.cancel();
            } else {
              waiting = false;
              more();
            }
          });
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      serial.execute(() -> onBytes(buffers));
    }

    @Override
    public void onError(Throwable failure) {
      serial.execute(() -> onLost(failure));
    }

    @Override
    public void onComplete() {
      serial.execute(() -> onLost(new EOFException("the answer has ended")));
    }
  }
}
