package dev.parley.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One keep-alive HTTP/1.1 connection, as thin as can be: the load must cost less than the server.
 */
final class HttpConnection implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  HttpConnection(int port) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    out = socket.getOutputStream();
  }

  /** A whole request. */
  static byte[] request(String method, String path, String headers, byte[] body) {
    byte[] head =
        ("%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n%sContent-Length: %d\r\n\r\n"
                .formatted(method, path, ParleyServer.KEY, headers, body.length))
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = new byte[head.length + body.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return all;
  }

  /** Sends a request and reads its answer; the body of a 2xx. */
  byte[] exchange(byte[] request) throws IOException {
    out.write(request);
    int status = Integer.parseInt(line().split(" ")[1]);
    int length = 0;
    for (String header = line(); !header.isEmpty(); header = line()) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(15).trim());
      }
    }
    byte[] body = in.readNBytes(length);
    if (status >= 300) {
      throw new IOException(status + " " + new String(body, StandardCharsets.UTF_8));
    }
    return body;
  }

  /** Sends a request whose answer is a stream and skips to its body. */
  InputStream open(byte[] request) throws IOException {
    out.write(request);
    while (!line().isEmpty()) {
      continue;
    }
    return in;
  }

  /** Reads on until these bytes have come; their first must not be among the others. */
  static void skipBehind(InputStream in, byte[] mark) throws IOException {
    int matched = 0;
    while (matched < mark.length) {
      int c = in.read();
      if (c < 0) {
        throw new IOException("the stream ended");
      }
      matched = c == mark[matched] ? matched + 1 : c == mark[0] ? 1 : 0;
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("connection closed");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
