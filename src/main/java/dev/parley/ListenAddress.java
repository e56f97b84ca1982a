package dev.parley;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/**
 * An address of ours that we listen on, and the settings it comes from. That the address can't be
 * had is something its owner must mend, so it is told as the other wrong settings are.
 */
record ListenAddress(String settings, String host, int port) {
  /** What Pekko puts in front of the system's words: the address, which we name ourselves. */
  private static final Pattern ENDPOINT = Pattern.compile("^\\[[^]]*]\\s*");

  /**
   * The result of {@code listen}.
   *
   * @throws ConfigurationException when it failed because of the address; any other failure as it
   *     is
   */
  <T> T with(Callable<T> listen) throws Exception {
    try {
      return listen.call();
    } catch (Exception e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof SocketException refused) {
          throw unusable(String.valueOf(refused.getMessage()));
        }
      }
      throw e;
    }
  }

  /**
   * Tries the address out, so that nothing else is begun in vain.
   *
   * @throws ConfigurationException when it can't be had
   */
  void tryOut() throws Exception {
    with(
        () -> {
          try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
            return null;
          }
        });
  }

  private ConfigurationException unusable(String reason) {
    return new ConfigurationException(
        "%s: can't listen on %s:%d: %s. Stop the program that uses it, or choose another address."
            .formatted(settings, host, port, ENDPOINT.matcher(reason).replaceFirst("")));
  }
}
