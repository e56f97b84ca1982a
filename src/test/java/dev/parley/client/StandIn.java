package dev.parley.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A socket in the place of a server: answers the first request with the first answer of a script,
 * and so on, and cuts the connection behind each.
 */
final class StandIn implements AutoCloseable {
  /** What is done with a connection whose request has been read. */
  interface Answer {
    void write(OutputStream out) throws IOException;
  }

  private static final String SSE = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

  private final ServerSocket listener;
  private final BlockingQueue<Answer> script = new LinkedBlockingQueue<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  StandIn() {
    try {
      listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::serve, "stand-in");
    thread.setDaemon(true);
    thread.start();
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /** The heads of the requests so far. */
  List<String> requests() {
    return requests;
  }

  StandIn then(Answer answer) {
    script.add(answer);
    return this;
  }

  /** A stream of events, as far as it is said, and then nothing but a cut. */
  StandIn thenEvents(String... events) {
    return then(out -> out.write((SSE + String.join("", events)).getBytes(StandardCharsets.UTF_8)));
  }

  /** Something else than a stream. */
  StandIn thenStatus(int status, String header, String body) {
    String text =
        "HTTP/1.1 %d Status\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n%s"
            .formatted(status, header.isEmpty() ? "" : header + "\r\n", body.length(), body);
    return then(out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  static String batch(long... numbers) {
    StringBuilder records = new StringBuilder();
    for (long number : numbers) {
      records
          .append(records.isEmpty() ? "" : ",")
          .append(
              "{\"seq_num\":%d,\"timestamp\":1,\"body\":\"text %d\"}".formatted(number, number));
    }
    return "event: batch\nid: 1,1,1\ndata: {\"records\":[" + records + "]}\n\n";
  }

  static String ping(long tail) {
    return "event: ping\ndata: {\"timestamp\":1,\"tail\":{\"seq_num\":" + tail + "}}\n\n";
  }

  /** Nothing comes behind these events, and the connection stays. */
  static Answer silence(String... events) {
    return out -> {
      out.write((SSE + String.join("", events)).getBytes(StandardCharsets.UTF_8));
      stay();
    };
  }

  /** Nothing comes at all, and the connection stays. */
  static void noAnswer(OutputStream out) throws IOException {
    stay();
  }

  private static void stay() throws IOException {
    try {
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void serve() {
    try {
      while (true) {
        Socket client = listener.accept();
        Thread thread = new Thread(() -> serve(client), "stand-in-answer");
        thread.setDaemon(true);
        thread.start();
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket client) {
    try (client) {
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
      StringBuilder head = new StringBuilder();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.isEmpty()) {
          requests.add(head.toString());
          script.take().write(client.getOutputStream());
          return;
        }
        head.append(line).append('\n');
      }
    } catch (IOException e) {
      // The client has gone.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
