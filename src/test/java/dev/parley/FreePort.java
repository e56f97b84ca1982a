package dev.parley;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that go away and come back. They lie below the range from which systems take
 * the ports of outgoing connections: a client that knocks on a port of that range while nobody
 * listens can get connected to itself, and the server could not come back to its port.
 */
public final class FreePort {
  private FreePort() {}

  /**
   * A port between 20000 and 32000 on which nobody listens now.
   *
   * @param host an address of this machine
   */
  public static int on(String host) {
    for (int attempt = 0; attempt < 100; attempt++) {
      int candidate = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (ServerSocket socket = new ServerSocket(candidate, 1, InetAddress.getByName(host))) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // Taken; the next candidate.
      }
    }
    throw new IllegalStateException("No free port between 20000 and 32000 in 100 attempts");
  }
}
