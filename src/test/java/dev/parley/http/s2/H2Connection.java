package dev.parley.http.s2;

import dev.parley.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.internal.http2.Header;
import okhttp3.internal.http2.Hpack;
import okio.Buffer;

/**
 * A full-duplex HTTP/2 connection with prior knowledge, with the windows of the published client.
 * Everything that arrives is read at once and kept with its stream, except while it is paused.
 */
final class H2Connection implements AutoCloseable {
  static final long PATIENCE_MILLIS = 10_000;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GO_AWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;
  private static final int ACK = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private static final int MAX_DATA = 16_384;
  private static final int WINDOW = 10 << 20;
  private static final int DEFAULT_WINDOW = 65_535;
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private final int port;
  private final Socket socket;
  private final CountDownLatch goAway = new CountDownLatch(1);
  private final Buffer blocks = new Buffer();
  private final Hpack.Reader hpack = new Hpack.Reader(blocks, 4096);
  private final Map<Integer, H2Stream> streams = new ConcurrentHashMap<>();
  private final Object gate = new Object();
  private boolean paused;
  private boolean endsAfterHeaders;
  private int nextStream = 1;
  private int window = DEFAULT_WINDOW;
  private int initialWindow = DEFAULT_WINDOW;
  private boolean settled;
  private boolean closed;

  H2Connection() {
    this(TestServer.port());
  }

  H2Connection(int port) {
    this.port = port;
    try {
      socket = new Socket("127.0.0.1", port);
      socket.setTcpNoDelay(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    write(PREFACE.getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, new byte[] {0, 4, 0, (byte) (WINDOW >> 16), 0, 0});
    frame(WINDOW_UPDATE, 0, 0, number(WINDOW - DEFAULT_WINDOW));
    Thread reader = new Thread(this::read, "h2-reader");
    reader.setDaemon(true);
    reader.start();
    awaitSettings();
  }

  /** Waits until the server has said that it takes no more streams. */
  void awaitGoAway() throws InterruptedException {
    if (!goAway.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
      throw new AssertionError("no GOAWAY came");
    }
  }

  /** Opens a stream with a header block of names and values in turn. */
  H2Stream open(String method, String path, boolean last, String... namesAndValues) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    field(block, ":method", method);
    field(block, ":scheme", "http");
    field(block, ":path", path);
    field(block, ":authority", "127.0.0.1:" + port);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      field(block, namesAndValues[i], namesAndValues[i + 1]);
    }
    H2Stream stream;
    synchronized (this) {
      stream = new H2Stream(this, nextStream, initialWindow);
      streams.put(nextStream, stream);
      nextStream += 2;
      frame(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream.id(), block.toByteArray());
    }
    return stream;
  }

  /** From now on nothing is read from the socket. */
  void pause() {
    synchronized (gate) {
      paused = true;
    }
  }

  void resume() {
    synchronized (gate) {
      paused = false;
      gate.notifyAll();
    }
  }

  /** Sends as the windows allow, in frames of at most 16 384 bytes. */
  void data(H2Stream stream, byte[] bytes, boolean last) {
    int sent = 0;
    do {
      int length = acquire(stream, Math.min(MAX_DATA, bytes.length - sent));
      if (length < 0) {
        return;
      }
      byte[] part = new byte[length];
      System.arraycopy(bytes, sent, part, 0, length);
      sent += length;
      frame(DATA, last && sent == bytes.length ? END_STREAM : 0, stream.id(), part);
    } while (sent < bytes.length);
  }

  void reset(H2Stream stream) {
    frame(RST_STREAM, 0, stream.id(), number(8));
  }

  /** How much may be sent now; negative when the stream was reset. */
  private synchronized int acquire(H2Stream stream, int wanted) {
    long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (wanted > 0 && Math.min(window, stream.window) <= 0 && !closed && !stream.wasReset()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the server grants no window: nobody reads the body");
      }
      await(this, 100);
    }
    if (stream.wasReset()) {
      return -1;
    }
    if (closed) {
      throw new AssertionError("the connection is closed");
    }
    int granted = wanted == 0 ? 0 : Math.min(wanted, Math.min(window, stream.window));
    window -= granted;
    stream.window -= granted;
    return granted;
  }

  private void read() {
    try {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int id = in.readInt() & Integer.MAX_VALUE;
        byte[] payload = in.readNBytes(length);
        passGate();
        handle(type, flags, id, payload);
      }
    } catch (IOException | UncheckedIOException e) {
      ended("closed: " + e);
    }
  }

  private void passGate() {
    synchronized (gate) {
      while (paused) {
        await(gate, PATIENCE_MILLIS);
      }
    }
  }

  private void handle(int type, int flags, int id, byte[] payload) throws IOException {
    switch (type) {
      case DATA -> received(id, payload, (flags & END_STREAM) != 0);
      case HEADERS, CONTINUATION -> headers(type, flags, id, payload);
      case RST_STREAM -> {
        stream(id).reset(ByteBuffer.wrap(payload).getInt());
        wake();
      }
      case SETTINGS -> {
        if ((flags & ACK) == 0) {
          settings(ByteBuffer.wrap(payload));
          frame(SETTINGS, ACK, 0, new byte[0]);
        }
      }
      case PING -> {
        if ((flags & ACK) == 0) {
          frame(PING, ACK, 0, payload);
        }
      }
      case GO_AWAY -> {
        goAway.countDown();
        // Without an error the streams that there are go on.
        if (ByteBuffer.wrap(payload).getInt(4) != 0) {
          ended("goaway " + new String(payload, StandardCharsets.ISO_8859_1));
        }
      }
      case WINDOW_UPDATE -> granted(id, ByteBuffer.wrap(payload).getInt());
      default -> {}
    }
  }

  private void received(int id, byte[] payload, boolean last) {
    if (payload.length > 0) {
      frame(WINDOW_UPDATE, 0, 0, number(payload.length));
      if (!last) {
        frame(WINDOW_UPDATE, 0, id, number(payload.length));
      }
    }
    stream(id).received(payload, last);
  }

  private void headers(int type, int flags, int id, byte[] payload) throws IOException {
    if (type == HEADERS) {
      endsAfterHeaders = (flags & END_STREAM) != 0;
    }
    blocks.write(payload);
    if ((flags & END_HEADERS) != 0) {
      hpack.readHeaders();
      for (Header header : hpack.getAndResetHeaderList()) {
        stream(id).header(header.name.utf8(), header.value.utf8());
      }
      stream(id).headersEnded(endsAfterHeaders);
    }
  }

  private synchronized void settings(ByteBuffer settings) {
    while (settings.hasRemaining()) {
      int name = settings.getShort();
      int value = settings.getInt();
      if (name == 4) {
        int more = value - initialWindow;
        initialWindow = value;
        streams.values().forEach(stream -> stream.window += more);
      }
    }
    settled = true;
    notifyAll();
  }

  private synchronized void granted(int id, int more) {
    if (id == 0) {
      window += more;
    } else {
      stream(id).window += more;
    }
    notifyAll();
  }

  private synchronized void wake() {
    notifyAll();
  }

  private synchronized void ended(String how) {
    closed = true;
    streams.values().forEach(stream -> stream.connectionEnded(how));
    notifyAll();
  }

  private synchronized void awaitSettings() {
    long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
    while (!settled && System.nanoTime() < deadline) {
      await(this, 100);
    }
    if (!settled) {
      throw new AssertionError("the server sends no settings");
    }
  }

  private H2Stream stream(int id) {
    H2Stream stream = streams.get(id);
    if (stream == null) {
      throw new UncheckedIOException(new IOException("a frame for stream " + id));
    }
    return stream;
  }

  private static void await(Object monitor, long millis) {
    try {
      monitor.wait(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void frame(int type, int flags, int stream, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
    frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    write(frame.array());
  }

  private void write(byte[] bytes) {
    synchronized (socket) {
      try {
        socket.getOutputStream().write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException("the connection is gone", e);
      }
    }
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  private static void field(ByteArrayOutputStream block, String name, String value) {
    Buffer out = new Buffer();
    try {
      new Hpack.Writer(0, false, out).writeHeaders(java.util.List.of(new Header(name, value)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    block.writeBytes(out.readByteArray());
  }

  @Override
  public void close() {
    try {
      resume();
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
