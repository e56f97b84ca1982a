package dev.parley.http.s2;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.s2.S2Messages.Ack;
import dev.parley.http.s2.S2Messages.Batch;
import dev.parley.http.s2.S2Messages.Input;
import dev.parley.http.s2.S2Messages.Sequenced;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An append or read session, framed as s2s over HTTP/2 (s2.md sections 4.4 and 5.4). */
final class S2Session {
  private final H2Stream stream;
  private byte[] received = new byte[0];

  private S2Session(H2Stream stream) {
    this.stream = stream;
  }

  static S2Session append(H2Connection connection, S2Stream target) {
    return new S2Session(connection.open("POST", target.path(), false, target.sessionHeaders()));
  }

  static S2Session read(
      H2Connection connection, S2Stream target, String query, String... moreHeaders) {
    List<String> headers = new ArrayList<>(List.of(target.sessionHeaders()));
    headers.addAll(List.of(moreHeaders));
    return new S2Session(
        connection.open("GET", target.path() + query, true, headers.toArray(String[]::new)));
  }

  H2Stream stream() {
    return stream;
  }

  S2Session send(Input... inputs) {
    for (Input input : inputs) {
      stream.send(S2Frame.of(input));
    }
    return this;
  }

  /** The next frame; null at a proper end on a frame's border. */
  @Nullable S2Frame next() {
    while (!isComplete()) {
      byte[] more = stream.next();
      if (more == null) {
        if (received.length > 0) {
          throw new AssertionError("the stream ended inside a frame");
        }
        return null;
      }
      received = S2Frame.join(received, more);
    }
    int length = length();
    S2Frame frame = new S2Frame(received[3] & 255, Arrays.copyOfRange(received, 4, 3 + length));
    received = Arrays.copyOfRange(received, 3 + length, received.length);
    return frame;
  }

  Ack ack() {
    return Ack.decode(message());
  }

  Batch batch() {
    return Batch.decode(message());
  }

  private byte[] message() {
    S2Frame frame = next();
    if (frame == null) {
      throw new AssertionError("the session ended");
    }
    if (frame.isTerminal()) {
      throw new AssertionError("terminal frame " + frame.status() + " " + frame.error());
    }
    return frame.message();
  }

  /** The next so many records, without heartbeats. */
  List<Sequenced> records(int count) {
    List<Sequenced> records = new ArrayList<>();
    while (records.size() < count) {
      records.addAll(batch().records());
    }
    return records;
  }

  /** The terminal frame and the end behind it. */
  JsonNode terminal(int status) {
    S2Frame frame = next();
    if (frame == null || !frame.isTerminal()) {
      throw new AssertionError("no terminal frame: " + frame);
    }
    if (frame.status() != status) {
      throw new AssertionError(
          "terminal status " + frame.status() + " " + frame.error() + " instead of " + status);
    }
    if (frame.flag() != S2Frame.TERMINAL) {
      throw new AssertionError("flag " + frame.flag());
    }
    if (next() != null) {
      throw new AssertionError("a terminal frame is the last one");
    }
    return frame.error();
  }

  private boolean isComplete() {
    return received.length >= 3 && received.length >= 3 + length();
  }

  private int length() {
    return (received[0] & 255) << 16 | (received[1] & 255) << 8 | received[2] & 255;
  }
}
