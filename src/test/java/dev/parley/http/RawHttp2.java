package dev.parley.http;

import dev.parley.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * One HTTP/2 connection of which the test writes every frame. Header fields go out as HPACK
 * literals and those that come in are not decoded: the body tells what was answered.
 */
final class RawHttp2 implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GO_AWAY = 7;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  /** How a stream ended: {@code answered}, {@code reset}, {@code goaway} or {@code closed}. */
  record End(String how, String body) {}

  private final Socket socket;
  private final Map<Integer, ByteArrayOutputStream> bodies = new HashMap<>();

  RawHttp2() {
    this(TestServer.port());
  }

  RawHttp2(int port) {
    try {
      socket = new Socket("127.0.0.1", port);
      socket.setSoTimeout(5_000);
      write(PREFACE.getBytes(StandardCharsets.US_ASCII));
      frame(SETTINGS, 0, 0, new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (SocketException e) {
      // The server has hung up already; what it said before is still to be read.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawHttp2 frame(int type, int flags, int stream, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    int n = payload.length;
    frame.writeBytes(new byte[] {(byte) (n >> 16), (byte) (n >> 8), (byte) n});
    frame.writeBytes(new byte[] {(byte) type, (byte) flags});
    frame.writeBytes(new byte[] {0, 0, (byte) (stream >> 8), (byte) stream});
    frame.writeBytes(payload);
    write(frame.toByteArray());
    return this;
  }

  /** A header block of names and values in turn, and an authorization of the first tenant. */
  static byte[] headers(String... namesAndValues) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      field(block, namesAndValues[i], namesAndValues[i + 1]);
    }
    field(block, "authorization", "Bearer " + TestServer.ACME_KEY);
    return block.toByteArray();
  }

  static byte[] request(String method, String path, String... more) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    field(block, ":method", method);
    field(block, ":scheme", "http");
    field(block, ":path", path);
    field(block, ":authority", "127.0.0.1");
    block.writeBytes(headers(more));
    return block.toByteArray();
  }

  private static void field(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    literal(block, name);
    literal(block, value);
  }

  private static void literal(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length < 127) {
      block.write(bytes.length);
    } else {
      block.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>= 7) {
        block.write(rest & 127 | 128);
      }
      block.write(rest);
    }
    block.writeBytes(bytes);
  }

  /** Reads until the stream has ended, with the connection or alone. */
  End await(int stream) {
    try {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int id = in.readInt();
        byte[] payload = in.readNBytes(length);
        if (type == SETTINGS && (flags & 1) == 0) {
          frame(SETTINGS, 1, 0, new byte[0]);
        }
        if (type == DATA) {
          bodies.computeIfAbsent(id, any -> new ByteArrayOutputStream()).writeBytes(payload);
        }
        if (type == GO_AWAY) {
          return new End("goaway", new String(payload, StandardCharsets.ISO_8859_1));
        }
        if (id == stream && type == RST_STREAM) {
          return new End("reset", body(id));
        }
        if (id == stream && type <= HEADERS && (flags & END_STREAM) != 0) {
          return new End("answered", body(id));
        }
      }
    } catch (EOFException | SocketException e) {
      return new End("closed", body(stream));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String body(int stream) {
    return bodies
        .getOrDefault(stream, new ByteArrayOutputStream())
        .toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
