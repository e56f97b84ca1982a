package dev.parley.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Frames of one HTTP/2 connection with one stream, as thin as can be: the load must cost less than
 * the server. Knows nothing of HPACK but literals.
 */
final class Http2Wire implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GO_AWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;

  static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final int MAX_DATA = 16_384;
  private static final int WINDOW = 10 << 20;

  /** What came in. */
  record Frame(int type, int flags, int stream, byte[] payload) {}

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private long streamCredit = 65_535;
  private long connectionCredit = 65_535;
  private int initialWindow = 65_535;
  private long unreported;

  Http2Wire(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    out = socket.getOutputStream();
  }

  DataInputStream in() {
    return in;
  }

  /** What a client says first. */
  void preface() throws IOException {
    out.write(PREFACE);
  }

  /** Opens both windows wide, as the published client does. */
  void openWindows() throws IOException {
    byte[] settings = ByteBuffer.allocate(6).putShort((short) 4).putInt(WINDOW).array();
    write(SETTINGS, 0, 0, settings, 0, settings.length);
    writeInt(WINDOW_UPDATE, 0, WINDOW - 65_535);
  }

  /** A frame; what concerns the connection is dealt with before it is handed out. */
  Frame read() throws IOException {
    int head = in.readInt();
    int length = head >>> 8;
    int type = head & 0xff;
    int flags = in.readUnsignedByte();
    int stream = in.readInt() & 0x7fff_ffff;
    byte[] payload = new byte[length];
    in.readFully(payload);
    Frame frame = new Frame(type, flags, stream, payload);
    switch (type) {
      case SETTINGS -> onSettings(frame);
      case PING -> {
        if ((flags & ACK) == 0) {
          write(PING, ACK, 0, payload, 0, payload.length);
        }
      }
      case WINDOW_UPDATE -> onCredit(stream, ByteBuffer.wrap(payload).getInt());
      case DATA -> onData(stream, length);
      default -> {}
    }
    return frame;
  }

  private void onSettings(Frame frame) throws IOException {
    if ((frame.flags() & ACK) != 0) {
      return;
    }
    ByteBuffer settings = ByteBuffer.wrap(frame.payload());
    while (settings.hasRemaining()) {
      int id = settings.getShort();
      int value = settings.getInt();
      if (id == 4) {
        synchronized (this) {
          streamCredit += value - initialWindow;
          initialWindow = value;
          notifyAll();
        }
      }
    }
    write(SETTINGS, ACK, 0, new byte[0], 0, 0);
  }

  private synchronized void onCredit(int stream, int credit) {
    if (stream == 0) {
      connectionCredit += credit;
    } else {
      streamCredit += credit;
    }
    notifyAll();
  }

  private void onData(int stream, int length) throws IOException {
    unreported += length;
    if (unreported > WINDOW / 4) {
      writeInt(WINDOW_UPDATE, 0, (int) unreported);
      writeInt(WINDOW_UPDATE, stream, (int) unreported);
      unreported = 0;
    }
  }

  void headers(int stream, int flags, byte[] block) throws IOException {
    write(HEADERS, END_HEADERS | flags, stream, block, 0, block.length);
  }

  /** Bytes of the body, as fast as the windows let them pass. */
  void data(int stream, byte[] bytes) throws IOException {
    int at = 0;
    while (at < bytes.length) {
      int length = take(Math.min(MAX_DATA, bytes.length - at));
      write(DATA, 0, stream, bytes, at, length);
      at += length;
    }
  }

  private synchronized int take(int wanted) {
    try {
      while (Math.min(streamCredit, connectionCredit) <= 0) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the window is closed", e);
    }
    int length = (int) Math.min(wanted, Math.min(streamCredit, connectionCredit));
    streamCredit -= length;
    connectionCredit -= length;
    return length;
  }

  private void writeInt(int type, int stream, int value) throws IOException {
    write(type, 0, stream, ByteBuffer.allocate(4).putInt(value).array(), 0, 4);
  }

  void write(int type, int flags, int stream, byte[] payload, int from, int length)
      throws IOException {
    byte[] frame = new byte[9 + length];
    ByteBuffer.wrap(frame).putInt(length << 8 | type).put((byte) flags).putInt(stream);
    System.arraycopy(payload, from, frame, 9, length);
    synchronized (out) {
      out.write(frame);
    }
  }

  /** Names and values in turn. */
  static byte[] literals(String... namesAndValues) {
    ByteBuffer block = ByteBuffer.allocate(8_192);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      block.put((byte) 0);
      string(block, namesAndValues[i]);
      string(block, namesAndValues[i + 1]);
    }
    byte[] bytes = new byte[block.flip().remaining()];
    block.get(bytes);
    return bytes;
  }

  private static void string(ByteBuffer block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length < 127) {
      block.put((byte) bytes.length);
    } else {
      int rest = bytes.length - 127;
      block.put((byte) 127);
      while (rest >= 128) {
        block.put((byte) (rest % 128 + 128));
        rest /= 128;
      }
      block.put((byte) rest);
    }
    block.put(bytes);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
