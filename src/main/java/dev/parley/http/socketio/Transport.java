package dev.parley.http.socketio;

import dev.parley.http.shared.FrameLine;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The way to the client at the moment. Used by the connection's actor alone. */
sealed interface Transport permits Transport.Polling, Transport.WebSocket {

  boolean isWritable();

  /** To be called when it is writable. */
  void write(List<Encoded> packets);

  /** Ends the transport after what was written. */
  void close();

  /** Ends the transport at once. */
  void abort();

  /** Writable while the client waits for the answer to a poll. */
  final class Polling implements Transport {
    private @Nullable CompletableFuture<String> waiting;

    /** Whether the poll is the only one. */
    boolean poll(CompletableFuture<String> answer) {
      if (waiting != null) {
        return false;
      }
      waiting = answer;
      return true;
    }

    @Override
    public boolean isWritable() {
      return waiting != null;
    }

    @Override
    public void write(List<Encoded> packets) {
      CompletableFuture<String> answer = waiting;
      if (answer != null) {
        waiting = null;
        answer.complete(Encoded.payload(packets));
      }
    }

    @Override
    public void close() {
      write(List.of(Encoded.CLOSE));
    }

    @Override
    public void abort() {
      close();
    }
  }

  /** Writable when what was written last has left. */
  final class WebSocket implements Transport {
    private final FrameLine channel;
    private boolean writable;

    WebSocket(FrameLine channel) {
      this.channel = channel;
    }

    boolean isOver(FrameLine other) {
      return channel == other;
    }

    void becomeWritable() {
      writable = true;
    }

    void next() {
      channel.next();
    }

    @Override
    public boolean isWritable() {
      return writable;
    }

    @Override
    public void write(List<Encoded> packets) {
      writable = false;
      channel.write(packets.stream().map(Encoded::text).toList());
    }

    @Override
    public void close() {
      channel.close();
    }

    @Override
    public void abort() {
      channel.abort();
    }
  }
}
