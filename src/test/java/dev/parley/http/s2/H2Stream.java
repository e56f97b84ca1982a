package dev.parley.http.s2;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.Answer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One stream of an {@link H2Connection}. */
final class H2Stream {
  /**
   * What came.
   *
   * @param data of one DATA frame; null at the end
   * @param failure how the stream ended before its end; null when it did not
   */
  private record Event(byte @Nullable [] data, @Nullable String failure) {}

  /** How much the server lets us send; guarded by the connection. */
  int window;

  private final H2Connection connection;
  private final int id;
  private final Map<String, String> headers = new ConcurrentHashMap<>();
  private final CountDownLatch headersCame = new CountDownLatch(1);
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private volatile boolean reset;

  H2Stream(H2Connection connection, int id, int window) {
    this.connection = connection;
    this.id = id;
    this.window = window;
  }

  int id() {
    return id;
  }

  H2Stream send(byte[]... parts) {
    for (byte[] part : parts) {
      connection.data(this, part, false);
    }
    return this;
  }

  H2Stream sendLast(byte[] bytes) {
    connection.data(this, bytes, true);
    return this;
  }

  /** Half-closes. */
  H2Stream end() {
    return sendLast(new byte[0]);
  }

  void cancel() {
    connection.reset(this);
  }

  boolean wasReset() {
    return reset;
  }

  int status() {
    return Integer.parseInt(header(":status"));
  }

  /** Waits for the headers; the empty text when this one is not among them. */
  String header(String name) {
    try {
      if (!headersCame.await(H2Connection.PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new AssertionError("no response headers came");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (!headers.containsKey(":status")) {
      throw new AssertionError("the stream ended without response headers: " + events);
    }
    return headers.getOrDefault(name, "");
  }

  /** The next DATA frame that is not empty; null at a proper end. */
  byte @Nullable [] next() {
    return next(H2Connection.PATIENCE_MILLIS);
  }

  byte @Nullable [] next(long millis) {
    while (true) {
      Event event = poll(millis);
      if (event == null) {
        throw new AssertionError("nothing came for " + millis + " ms");
      }
      if (event.failure() != null) {
        throw new AssertionError(event.failure());
      }
      if (event.data() == null || event.data().length > 0) {
        return event.data();
      }
    }
  }

  private @Nullable Event poll(long millis) {
    try {
      return events.poll(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Everything until a proper end. */
  byte[] rest() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] data = next(); data != null; data = next()) {
      all.writeBytes(data);
    }
    return all.toByteArray();
  }

  String text() {
    return new String(rest(), StandardCharsets.UTF_8);
  }

  /** The one DATA frame of an error that comes instead of a session. */
  JsonNode error() {
    return Answer.parse(new String(onlyData(), StandardCharsets.UTF_8));
  }

  byte[] onlyData() {
    byte[] data = next();
    if (data == null || next() != null) {
      throw new AssertionError("an error is one DATA frame, not none or several");
    }
    return data;
  }

  void header(String name, String value) {
    headers.put(name, value);
  }

  void headersEnded(boolean last) {
    headersCame.countDown();
    if (last) {
      events.add(new Event(null, null));
    }
  }

  void received(byte[] data, boolean last) {
    events.add(new Event(data, null));
    if (last) {
      events.add(new Event(null, null));
    }
  }

  void reset(int code) {
    reset = true;
    failed("the server reset the stream with code " + code);
  }

  void connectionEnded(String how) {
    failed("the connection ended: " + how);
  }

  private void failed(String why) {
    events.add(new Event(null, why));
    headersCame.countDown();
  }
}
