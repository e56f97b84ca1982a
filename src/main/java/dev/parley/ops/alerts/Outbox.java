package dev.parley.ops.alerts;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits for one channel, and the thread that sends it, one after the other. The log of what
 * fails here is never an error, which would be an alert, and shows no address, which may hold a
 * key.
 */
final class Outbox implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Outbox.class);

  /** What waits when the server stops has this long. */
  private static final Duration LAST_MOMENT = Duration.ofSeconds(2);

  private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);

  private final AlertChannel channel;
  private final AlertPolicy policy;
  private final HttpClient client;
  private final BlockingQueue<Alert> waiting;
  private final AtomicLong dropped = new AtomicLong();
  private final Thread sender;
  private volatile boolean closing;

  Outbox(AlertChannel channel, AlertPolicy policy) {
    this.channel = channel;
    this.policy = policy;
    this.waiting = new ArrayBlockingQueue<>(policy.queue());
    this.client = HttpClient.newBuilder().connectTimeout(policy.timeLimit()).build();
    this.sender = new Thread(this::run, "alerts-" + channel.name());
    sender.setDaemon(true);
    sender.start();
  }

  boolean takes(Alert.Kind kind) {
    return channel.takes(kind);
  }

  /** Never waits: what finds no place is dropped and counted. */
  void put(Alert alert) {
    if (takes(alert.kind()) && !waiting.offer(alert)) {
      dropped.incrementAndGet();
    }
  }

  private void run() {
    try {
      while (true) {
        Alert next = waiting.poll(100, TimeUnit.MILLISECONDS);
        if (next != null) {
          deliver(next);
          tellDropped();
        } else if (closing) {
          return;
        }
      }
    } catch (InterruptedException e) {
      // Closed while it could not be sent.
    }
  }

  /** When there is a moment for it. */
  private void tellDropped() throws InterruptedException {
    long number = waiting.isEmpty() ? dropped.getAndSet(0) : 0;
    if (number > 0) {
      String text = number + " alerts were dropped: they came faster than they could be sent";
      deliver(
          new Alert(Alert.Kind.WARNING, Outbox.class.getName(), text, List.of(), Instant.now(), 0));
    }
  }

  private void deliver(Alert alert) throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(channel.request(alert), (name, value) -> true)
              .timeout(policy.timeLimit())
              .build();
      for (int tried = 1; ; tried++) {
        Optional<Duration> again = send(request, tried);
        if (again.isEmpty()) {
          return;
        }
        if (tried >= policy.tries()) {
          log.warn("{} took an alert in none of {} tries; it is dropped", channel.name(), tried);
          return;
        }
        Thread.sleep(again.get().toMillis());
      }
    } catch (IOException | RuntimeException e) {
      log.warn("An alert for {} can't be made ({})", channel.name(), e.getClass().getSimpleName());
    }
  }

  /** The pause before the next try; empty when there should be none. */
  private Optional<Duration> send(HttpRequest request, int tried) throws InterruptedException {
    Duration pause = policy.pauseAfter(tried);
    try {
      HttpResponse<Void> response = client.send(request, HttpResponse.BodyHandlers.discarding());
      int status = response.statusCode();
      if (status / 100 == 2) {
        return Optional.empty();
      }
      if (status != 429 && status / 100 != 5) {
        log.warn("{} refuses an alert with {}", channel.name(), status);
        return Optional.empty();
      }
      log.debug("{} answers {}", channel.name(), status);
      return Optional.of(longer(pause, retryAfter(response)));
    } catch (IOException e) {
      log.debug("{} does not answer: {}", channel.name(), e.getClass().getSimpleName());
      return Optional.of(pause);
    }
  }

  private static Duration retryAfter(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("[0-9]{1,6}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .filter(value -> value.compareTo(LONGEST_RETRY_AFTER) <= 0)
        .orElse(Duration.ZERO);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** Sends what waits if that can be done in a moment. */
  @Override
  public void close() throws InterruptedException {
    closing = true;
    sender.join(LAST_MOMENT.toMillis());
    sender.interrupt();
  }
}
