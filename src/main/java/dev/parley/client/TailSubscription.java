package dev.parley.client;

import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber of a stream: hands on what it has asked for, and when the connection is lost asks
 * again behind the last record it got. It reads ahead by the events of one piece of the answer at
 * most: bytes are asked for only while no record waits. Its fields are touched by tasks of {@link
 * #serial} alone.
 */
final class TailSubscription implements Flow.Subscription, SseConnection.Reader {
  /** As long as a server waits for records at most. */
  private static final String MAX_SILENCE_SECONDS = "600";

  /**
   * How it ends.
   *
   * @param failure null when all has been read
   */
  private record End(@Nullable Throwable failure) {}

  private final Transport transport;
  private final Tail.Spec spec;
  private final Flow.Subscriber<? super ChannelRecord> subscriber;
  private final Serial serial;
  private final Tries tries;
  private final Queue<ChannelRecord> ready = new ArrayDeque<>();
  private long demand;

  /** The first number that has not been read, or {@link Tail#FROM_NOW}. */
  private long next;

  private long lastRead = -1;
  private @Nullable SseConnection connection;
  private @Nullable End end;
  private boolean over;

  TailSubscription(
      Transport transport, Tail.Spec spec, Flow.Subscriber<? super ChannelRecord> subscriber) {
    this.transport = transport;
    this.spec = spec;
    this.subscriber = subscriber;
    this.serial = new Serial(transport.executor());
    this.tries = new Tries(spec.patience(), System::nanoTime, new SplittableRandom());
    this.next = spec.from();
  }

  void start() {
    serial.execute(
        () -> {
          call(() -> subscriber.onSubscribe(this));
          connect();
        });
  }

  @Override
  public void request(long count) {
    serial.execute(
        () -> {
          if (count <= 0) {
            finish(new End(new IllegalArgumentException("asked for " + count + " records")));
            ready.clear();
          } else {
            demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
          }
          deliver();
        });
  }

  @Override
  public void cancel() {
    serial.execute(this::stop);
  }

  private void stop() {
    over = true;
    ready.clear();
    disconnect();
  }

  private void connect() {
    if (over || end != null) {
      return;
    }
    HttpRequest.Builder request =
        transport
            .request(spec.channel().path())
            .header("Accept", "text/event-stream")
            .header("Timeout-Seconds", MAX_SILENCE_SECONDS);
    if (next == Tail.FROM_NOW) {
      request.header("X-Trigger-Stream-Start", "latest");
    } else if (next > 0) {
      request.header("Last-Event-ID", Long.toString(next - 1));
    }
    connection = SseConnection.open(transport, request.build(), serial, this);
    watch(connection, spec.deadAfter());
  }

  private void disconnect() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  /** A peer that is gone without a word breaks no connection. */
  private void watch(SseConnection watched, Duration pause) {
    serial.executeAfter(
        pause,
        () -> {
          if (watched != connection) {
            return;
          }
          Duration left = spec.deadAfter().minus(watched.silence());
          if (left.isNegative() || left.isZero()) {
            onLost(watched, new TimeoutException("no sign of life for " + spec.deadAfter()));
          } else {
            watch(watched, left);
          }
        });
  }

  @Override
  public void onEvents(SseConnection from, List<SseDecoder.Event> events) {
    for (SseDecoder.Event event : events) {
      if (from == connection) {
        TailEvent.of(event).ifPresent(known -> onEvent(from, known));
      }
    }
    deliver();
  }

  private void onEvent(SseConnection from, TailEvent event) {
    if (event instanceof TailEvent.Batch batch) {
      tries.succeeded();
      batch.records().forEach(this::take);
    } else if (event instanceof TailEvent.Ping ping) {
      onPing(ping.tail());
    } else if (event instanceof TailEvent.ComeAgain comeAgain) {
      onLost(from, new IllegalStateException(comeAgain.reason()));
    }
  }

  /** After a purge of the session its stream would go on with numbers that have been read. */
  private void onPing(long tail) {
    if (tail <= lastRead) {
      comeBack(
          new ParleyException(
              "The stream %s of Parley at %s ends before number %d, and number %d has been read: the session was purged"
                  .formatted(spec.channel(), transport.origin(), tail, lastRead),
              null),
          Duration.ZERO);
      return;
    }
    tries.succeeded();
    if (next == Tail.FROM_NOW) {
      next = tail;
    }
    if (!spec.endless()) {
      finish(new End(null));
    }
  }

  /** A number below the next one was asked for by nobody, or is a repetition. */
  private void take(ChannelRecord read) {
    if (read.seq() >= next) {
      next = read.seq() + 1;
      lastRead = read.seq();
      if (!read.isCommand()) {
        ready.add(read);
      }
    }
  }

  @Override
  public void onRefused(SseConnection from, int status, HttpHeaders headers, String body) {
    if (from == connection) {
      RefusedException refusal = RefusedException.of(transport.origin(), status, body);
      if (RetryAfter.passes(status)) {
        comeBack(refusal, RetryAfter.of(headers, Instant.now()));
      } else {
        finish(new End(refusal));
      }
      deliver();
    }
  }

  @Override
  public void onLost(SseConnection from, Throwable failure) {
    if (from == connection) {
      comeBack(new NotAnsweringException(transport.origin(), failure), Duration.ZERO);
      deliver();
    }
  }

  private void comeBack(ParleyException failure, Duration asked) {
    disconnect();
    Optional<Duration> pause = tries.pauseAfterFailure(asked);
    if (pause.isPresent()) {
      serial.executeAfter(pause.get(), this::connect);
    } else {
      finish(new End(failure));
    }
  }

  /** What has been read comes before the end. */
  private void finish(End how) {
    disconnect();
    end = end == null ? how : end;
  }

  private void deliver() {
    while (!over && demand > 0 && !ready.isEmpty()) {
      demand--;
      ChannelRecord first = ready.remove();
      call(() -> subscriber.onNext(first));
    }
    if (over || !ready.isEmpty()) {
      return;
    }
    if (end != null) {
      over = true;
      End how = end;
      call(
          () -> {
            if (how.failure() == null) {
              subscriber.onComplete();
            } else {
              subscriber.onError(how.failure());
            }
          });
    } else if (connection != null) {
      connection.more();
    }
  }

  /** A subscriber that throws gets nothing more but what it has thrown. */
  private void call(Runnable signal) {
    try {
      signal.run();
    } catch (RuntimeException e) {
      boolean mayBeTold = !over;
      stop();
      if (mayBeTold) {
        call(() -> subscriber.onError(e));
      } else {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      }
    }
  }
}
