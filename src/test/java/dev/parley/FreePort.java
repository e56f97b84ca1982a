package dev.parley;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

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
    return first(1, host);
  }

  /** The first of so many such ports that follow one another. */
  public static int first(int count, String host) {
    for (int attempt = 0; attempt < 100; attempt++) {
      int candidate = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      if (IntStream.range(candidate, candidate + count).allMatch(port -> isFree(port, host))) {
        return candidate;
      }
    }
    throw new IllegalStateException("No free port between 20000 and 32000 in 100 attempts");
  }

  private static boolean isFree(int port, String host) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(host))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
