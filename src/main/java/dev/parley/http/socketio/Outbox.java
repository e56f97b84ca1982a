package dev.parley.http.socketio;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What waits to be sent on one connection, up to a bound. Anybody may put something in; only the
 * connection takes it out.
 */
final class Outbox {
  /** What a packet costs besides its text. */
  private static final int OVERHEAD = 64;

  /** What became of a packet, and what the sender has to do about it. */
  enum Offer {
    /** The connection knows that something waits. */
    QUEUED,
    /** The connection has to be told that something waits. */
    WAKE,
    /** The packet is dropped, and the connection has to be closed: a gap must not go unnoticed. */
    FULL,
    /** The packet is dropped, as the connection is closed. */
    CLOSED
  }

  private final long maxBytes;
  private final Queue<Encoded> packets = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicBoolean told = new AtomicBoolean();
  private volatile boolean closed;

  /** Of what was taken and is not yet on its way. Only the connection knows it. */
  private long takenBytes;

  Outbox(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  Offer offer(Encoded packet) {
    if (closed) {
      return Offer.CLOSED;
    }
    if (bytes.addAndGet(cost(packet)) > maxBytes) {
      bytes.addAndGet(-cost(packet));
      return Offer.FULL;
    }
    packets.add(packet);
    return told.compareAndSet(false, true) ? Offer.WAKE : Offer.QUEUED;
  }

  /** Puts in a packet of the connection itself, whatever waits already. */
  void control(Encoded packet) {
    bytes.addAndGet(cost(packet));
    packets.add(packet);
  }

  /** To be called before taking out, so that whatever is put in after that is told again. */
  void heard() {
    told.set(false);
  }

  boolean isEmpty() {
    return packets.isEmpty();
  }

  /** The next packets in their order, at least one if there is any. */
  List<Encoded> take(int maxCount) {
    List<Encoded> taken = new ArrayList<>();
    while (taken.size() < maxCount) {
      Encoded packet = packets.poll();
      if (packet == null) {
        break;
      }
      takenBytes += cost(packet);
      taken.add(packet);
    }
    return taken;
  }

  /** What was taken is on its way and no longer counts. */
  void sent() {
    bytes.addAndGet(-takenBytes);
    takenBytes = 0;
  }

  /** From now on everything is dropped; what is in it stays. */
  void close() {
    closed = true;
  }

  /** Likewise, and lets go of what is in it: a socket may be kept by whoever has it. */
  void discard() {
    closed = true;
    packets.clear();
  }

  private static long cost(Encoded packet) {
    return OVERHEAD + (long) packet.bytes();
  }
}
