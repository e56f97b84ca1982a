package dev.parley.http;

import dev.parley.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes to the test server that no proper client would send, and the bytes that came back. */
public final class RawHttp {
  private static final Pattern STATUS = Pattern.compile("\\AHTTP/1\\.1 ([0-9]{3}) ");
  private static final int PATIENCE_MILLIS = 5_000;

  /** What was received before the server closed the connection. */
  public record Reply(String text) {
    /** 0 when the server answered nothing. */
    public int status() {
      Matcher matcher = STATUS.matcher(text);
      return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    String body() {
      return text.substring(text.indexOf("\r\n\r\n") + 4);
    }

    boolean hasHeader(String line) {
      return text.toLowerCase().contains("\r\n" + line.toLowerCase());
    }
  }

  private RawHttp() {}

  /** A request without a body that asks for its connection to be closed. */
  static Reply request(String requestLine, String... headers) {
    StringBuilder text = new StringBuilder(requestLine).append("\r\n");
    text.append("Host: 127.0.0.1:").append(TestServer.port()).append("\r\n");
    text.append("Connection: close\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return exchange(text.append("\r\n").toString());
  }

  /**
   * @param text each character is one byte
   */
  static Reply exchange(String text) {
    return exchange(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends and reads until the server closes the connection. */
  public static Reply exchange(byte[] bytes) {
    try (Socket socket = new Socket("127.0.0.1", TestServer.port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return new Reply(read(socket));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends, and reads no more than what one read gives. */
  public static Reply firstAnswer(byte[] bytes) {
    try (Socket socket = new Socket("127.0.0.1", TestServer.port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      byte[] buffer = new byte[8192];
      int length = Math.max(0, socket.getInputStream().read(buffer));
      return new Reply(new String(buffer, 0, length, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sends the head of a request that asks first ({@code Expect: 100-continue}), then, when the
   * server has said that it reads on, the rest; and reads until the server closes the connection.
   */
  static Reply exchangeInTwoSteps(String head, String rest) {
    try (Socket socket = new Socket("127.0.0.1", TestServer.port())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      String first = readHead(socket.getInputStream());
      if (!first.startsWith("HTTP/1.1 100 Continue\r\n")) {
        return new Reply(first);
      }
      socket.getOutputStream().write(rest.getBytes(StandardCharsets.ISO_8859_1));
      return new Reply(read(socket));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends and goes away without waiting. */
  static void sendAndLeave(String text) {
    try (Socket socket = new Socket("127.0.0.1", TestServer.port())) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As far as the empty line behind the header. */
  private static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (int b = in.read(); b >= 0; b = in.read()) {
      head.append((char) b);
      if (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) >= 0) {
        break;
      }
    }
    return head.toString();
  }

  private static String read(Socket socket) throws IOException {
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[8192];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        received.write(buffer, 0, n);
      }
    } catch (SocketTimeoutException e) {
      received.writeBytes("\r\n[the connection stays open]".getBytes(StandardCharsets.US_ASCII));
    } catch (SocketException e) {
      // Reset; what was received before counts.
    }
    return received.toString(StandardCharsets.UTF_8);
  }
}
