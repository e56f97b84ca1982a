package dev.parley.client;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Flow;

/** The records of a stream; each subscriber reads for itself. */
final class Tail implements Flow.Publisher<ChannelRecord> {
  /** In the place of a first number: only what is written from now on. */
  static final long FROM_NOW = -1;

  /**
   * What to read.
   *
   * @param from the first wanted number, or {@link #FROM_NOW}
   * @param endless whether to wait for more where the stream ends
   * @param deadAfter how long a server may say nothing at all
   * @param patience how long to try to come back
   */
  record Spec(Channel channel, long from, boolean endless, Duration deadAfter, Duration patience) {}

  private final Transport transport;
  private final Spec spec;

  Tail(Transport transport, Spec spec) {
    this.transport = transport;
    this.spec = spec;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ChannelRecord> subscriber) {
    new TailSubscription(transport, spec, Objects.requireNonNull(subscriber)).start();
  }
}
