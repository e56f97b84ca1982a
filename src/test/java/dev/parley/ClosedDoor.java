package dev.parley;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands in the place of a server that is away: takes every connection, counts it, closes it. */
final class ClosedDoor implements AutoCloseable {
  private final ServerSocket socket;
  private final AtomicInteger knocks = new AtomicInteger();

  private ClosedDoor(ServerSocket socket) {
    this.socket = socket;
  }

  static ClosedDoor at(int port) throws IOException {
    ClosedDoor door = new ClosedDoor(new ServerSocket(port, 50, InetAddress.getLoopbackAddress()));
    Thread thread = new Thread(door::attend, "closed door");
    thread.setDaemon(true);
    thread.start();
    return door;
  }

  /** How many connections were tried. */
  int knocks() {
    return knocks.get();
  }

  private void attend() {
    while (!socket.isClosed()) {
      try {
        socket.accept().close();
        knocks.incrementAndGet();
      } catch (IOException e) {
        // Closed, or the client was faster.
      }
    }
  }

  /** Whoever comes now is refused. */
  @Override
  public void close() throws IOException {
    socket.close();
  }
}
