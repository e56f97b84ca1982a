package dev.parley;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands before a server as a load balancer does: it accepts at once, and while the server is away
 * it holds a new connection until the server is back. A connection breaks when its server dies.
 */
final class Relay implements AutoCloseable {
  /** How long a connection is held for a server that is away. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ServerSocket listener;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private volatile int serverPort;

  private Relay(ServerSocket listener) {
    this.listener = listener;
  }

  static Relay open() {
    try {
      Relay relay = new Relay(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()));
      start("relay", relay::accept);
      return relay;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  void forwardTo(int serverPort) {
    this.serverPort = serverPort;
  }

  /** From now on the clients that are connected learn nothing more of what the server answers. */
  void loseAnswers() {
    links.forEach(link -> link.answersLost = true);
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    links.forEach(Link::close);
  }

  private void accept() {
    try {
      while (true) {
        Link link = new Link(listener.accept());
        links.add(link);
        start("relay-out", link::carryRequests);
      }
    } catch (IOException e) {
      // Closed: there is nothing more to accept.
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** A client's connection, and the one to the server that belongs to it. */
  private final class Link {
    private final Socket client;
    private volatile Socket server = new Socket();
    private volatile boolean answersLost;

    private Link(Socket client) {
      this.client = client;
    }

    private void carryRequests() {
      try {
        if (Eventually.within(PATIENCE, () -> client.isClosed() || reachesServer())) {
          client.setTcpNoDelay(true);
          start("relay-in", this::carryAnswers);
          client.getInputStream().transferTo(server.getOutputStream());
        }
      } catch (IOException e) {
        // One side has gone; the other goes with it.
      } finally {
        close();
      }
    }

    private void carryAnswers() {
      byte[] buffer = new byte[64 * 1024];
      try {
        InputStream answers = server.getInputStream();
        OutputStream out = client.getOutputStream();
        for (int n = answers.read(buffer); n >= 0; n = answers.read(buffer)) {
          if (!answersLost) {
            out.write(buffer, 0, n);
          }
        }
      } catch (IOException e) {
        // One side has gone; the other goes with it.
      } finally {
        close();
      }
    }

    private boolean reachesServer() {
      // A socket that was refused once is of no more use.
      Socket attempt = new Socket();
      try {
        attempt.setTcpNoDelay(true);
        attempt.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort));
        server = attempt;
        return true;
      } catch (IOException e) {
        return false;
      }
    }

    private void close() {
      links.remove(this);
      for (Socket socket : new Socket[] {client, server}) {
        try {
          socket.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
