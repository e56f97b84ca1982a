package dev.parley.agent;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;

/**
 * An HTTP server that does what a script says, byte by byte, good manners or not. The first script
 * serves the first connection, and so on; the last one serves all that come after.
 */
public final class StandIn implements AutoCloseable {
  private final ServerSocket server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  public StandIn(Script... scripts) throws IOException {
    this(ServerSocketFactory.getDefault(), scripts);
  }

  StandIn(ServerSocketFactory sockets, Script... scripts) throws IOException {
    server = sockets.createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    threads.execute(() -> accept(scripts));
  }

  int port() {
    return server.getLocalPort();
  }

  public String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  private void accept(Script[] scripts) {
    for (int i = 0; !server.isClosed(); i++) {
      Script script = scripts[Math.min(i, scripts.length - 1)];
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        threads.execute(() -> serve(socket, script));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket, Script script) {
    try (socket) {
      Exchange exchange = new Exchange(socket);
      requests.add(exchange.request());
      script.run(exchange);
    } catch (IOException e) {
      // The other side went; a test that cares looks at what it has received.
    }
  }

  @Override
  public void close() throws Exception {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    threads.shutdown();
    if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
      throw new IllegalStateException("a script has not ended");
    }
  }

  /** What the server does with a connection after it has read the request. */
  @FunctionalInterface
  public interface Script {
    void run(Exchange exchange) throws IOException;
  }

  /**
   * A request as it came.
   *
   * @param headers names in lower case
   */
  public record Request(String line, Map<String, String> headers, byte[] body) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** One connection. */
  public static final class Exchange {
    private final Socket socket;
    private final InputStream in;
    private final Request request;

    Exchange(Socket socket) throws IOException {
      this.socket = socket;
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
      request = read();
    }

    public Request request() {
      return request;
    }

    private Request read() throws IOException {
      String line = line();
      Map<String, String> headers = new TreeMap<>();
      for (String header = line(); !header.isEmpty(); header = line()) {
        int colon = header.indexOf(':');
        headers.put(
            header.substring(0, colon).toLowerCase(Locale.ROOT),
            header.substring(colon + 1).strip());
      }
      int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
      return new Request(line, headers, in.readNBytes(length));
    }

    private String line() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          throw new IOException("no request");
        }
        line.write(b);
      }
      return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    /** Sends the text as it is. */
    Exchange send(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      return this;
    }

    /** A whole answer. */
    public void answer(int status, String type, String body, String... headers) throws IOException {
      int length = body.getBytes(StandardCharsets.UTF_8).length;
      head(status, type, "Content-Length: " + length, headers).send(body);
    }

    /** The head of an answer whose body follows in chunks. */
    public Exchange stream(String type) throws IOException {
      return head(200, type, "Transfer-Encoding: chunked");
    }

    /** The head of an answer whose body ends with the connection. */
    Exchange streamUntilClose(String type) throws IOException {
      return head(200, type, "Connection: close");
    }

    private Exchange head(int status, String type, String framing, String... headers)
        throws IOException {
      String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
      return send(
          "HTTP/1.1 %d X\r\nContent-Type: %s\r\n%s\r\n%s\r\n"
              .formatted(status, type, framing, more));
    }

    public Exchange chunk(String text) throws IOException {
      int length = text.getBytes(StandardCharsets.UTF_8).length;
      return send(Integer.toHexString(length) + "\r\n" + text + "\r\n");
    }

    public void lastChunk() throws IOException {
      send("0\r\n\r\n");
    }

    /** Waits until the client closes the connection, and says so. */
    public void awaitClose(CompletableFuture<Void> closed) {
      try {
        while (in.read() >= 0) {
          // Nothing more is expected, and nothing is answered.
        }
      } catch (IOException e) {
        // A reset is a way to close.
      }
      closed.complete(null);
    }
  }
}
