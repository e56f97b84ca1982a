package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A subscriber that asks for what a test says, and keeps what comes. */
public final class Received implements Flow.Subscriber<ChannelRecord> {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final List<ChannelRecord> records = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  /** Of a publisher; nothing is asked for yet. */
  public static Received of(Flow.Publisher<ChannelRecord> publisher) {
    Received received = new Received();
    publisher.subscribe(received);
    return received;
  }

  public Received request(long count) {
    subscription.join().request(count);
    return this;
  }

  public void cancel() {
    subscription.join().cancel();
  }

  public List<ChannelRecord> records() {
    return records;
  }

  public List<Long> numbers() {
    return records.stream().map(ChannelRecord::seq).toList();
  }

  /** Waits until so many have come. */
  public Received await(int count) {
    assertThat(Eventually.within(LIMIT, () -> records.size() >= count || end.isDone()))
        .as("%d records, got %s, ended %s", count, numbers(), end)
        .isTrue();
    assertThat(records.size()).as("%s", end).isGreaterThanOrEqualTo(count);
    return this;
  }

  boolean hasEnded() {
    return end.isDone();
  }

  /** Waits for the end; null when it is a good one. */
  Throwable end() {
    try {
      end.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      return null;
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no end, " + numbers(), e);
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription.complete(given);
  }

  @Override
  public void onNext(ChannelRecord read) {
    records.add(read);
  }

  @Override
  public void onError(Throwable failure) {
    end.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    end.complete(null);
  }
}
