package dev.parley.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;

/** Gathers so many records, or as many as there are. */
final class Collected implements Flow.Subscriber<ChannelRecord> {
  private final int max;
  private final List<ChannelRecord> records = new ArrayList<>();
  private final CompletableFuture<List<ChannelRecord>> all = new CompletableFuture<>();
  private Flow.Subscription subscription;

  /**
   * @param max from 1 on
   */
  Collected(int max) {
    this.max = max;
  }

  /**
   * Waits for them.
   *
   * @throws ParleyException when they can't be read, or the thread is interrupted
   */
  List<ChannelRecord> await() {
    try {
      return all.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ParleyException failure
          ? failure
          : new ParleyException("Records can't be read", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      subscription.cancel();
      throw new ParleyException("Interrupted while records were read", e);
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(max);
  }

  @Override
  public void onNext(ChannelRecord read) {
    records.add(read);
    if (records.size() == max) {
      subscription.cancel();
      all.complete(List.copyOf(records));
    }
  }

  @Override
  public void onError(Throwable failure) {
    all.completeExceptionally(failure);
  }

  @Override
  public void onComplete() {
    all.complete(List.copyOf(records));
  }
}
