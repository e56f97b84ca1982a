package dev.parley.http.ws;

import dev.parley.http.shared.FrameLine;
import dev.parley.http.shared.FrameStage;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The WebSocket of a {@link ClientSocket}, which says why it is closed.
 *
 * @param farewell is given what the close frame is to say
 */
record SocketLine(FrameLine frames, AtomicReference<@Nullable Farewell> farewell) {
  void next() {
    frames.next();
  }

  void write(List<String> written) {
    frames.write(written);
  }

  /** Closes after what was written. The first reason stands. */
  void close(Farewell last) {
    if (farewell.compareAndSet(null, last)) {
      frames.close();
    }
  }

  void abort() {
    frames.abort();
  }

  /** Tells a socket of its WebSocket. */
  record Owner(ActorRef<SocketMessage> actor, AtomicReference<@Nullable Farewell> farewell)
      implements FrameStage.Owner<Incoming> {
    @Override
    public void opened(FrameLine line) {
      actor.tell(new SocketMessage.Opened(new SocketLine(line, farewell)));
    }

    @Override
    public void received(FrameLine line, Incoming frame) {
      actor.tell(new SocketMessage.Received(frame));
    }

    @Override
    public void writable(FrameLine line) {
      actor.tell(SocketMessage.Signal.WRITABLE);
    }

    @Override
    public void gone(FrameLine line) {
      actor.tell(SocketMessage.Signal.GONE);
    }
  }
}
