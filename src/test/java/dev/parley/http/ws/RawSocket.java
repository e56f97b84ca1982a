package dev.parley.http.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A WebSocket byte by byte, for frames that no client would send. */
final class RawSocket implements AutoCloseable {
  private final Socket socket;
  private final DataInputStream in;

  private RawSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  static RawSocket open(String origin, String token) throws IOException {
    URI uri = URI.create(origin);
    RawSocket raw = new RawSocket(new Socket(uri.getHost(), uri.getPort()));
    raw.socket.setSoTimeout(20_000);
    raw.socket
        .getOutputStream()
        .write(
            ("GET /ws?token="
                    + token
                    + " HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) raw.in.readUnsignedByte());
    }
    assertThat(head.toString()).startsWith("HTTP/1.1 101");
    return raw;
  }

  /** A whole text frame of at most 125 bytes, whatever they are. */
  void sendText(byte[] payload) throws IOException {
    byte[] frame = new byte[6 + payload.length];
    frame[0] = (byte) 0x81;
    // A mask of zeros changes nothing.
    frame[1] = (byte) (0x80 | payload.length);
    System.arraycopy(payload, 0, frame, 6, payload.length);
    socket.getOutputStream().write(frame);
  }

  /** The code of the close frame, past all others. */
  int awaitCloseCode() throws IOException {
    while (true) {
      int opcode = in.readUnsignedByte() & 0x0f;
      byte[] payload = new byte[in.readUnsignedByte()];
      in.readFully(payload);
      if (opcode == 8) {
        return (payload[0] & 0xff) << 8 | payload[1] & 0xff;
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
