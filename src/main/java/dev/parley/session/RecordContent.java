package dev.parley.session;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a writer puts into a stream (s2.md section 3).
 *
 * @param headers in the writer's order, duplicates allowed
 * @param body the payload, possibly empty
 */
public record RecordContent(List<Header> headers, Bytes body) {
  private static final Bytes CONTROL = Bytes.utf8("trigger-control");
  private static final Bytes TURN_COMPLETE = Bytes.utf8("turn-complete");

  private static final Bytes CONSUMED = Bytes.utf8("session-in-event-id");

  private static final byte[] SDK_ID = "\"id\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SDK_END = "\"}".getBytes(StandardCharsets.US_ASCII);
  private static final int SDK_ID_LENGTH = 7;

  public RecordContent {
    headers = List.copyOf(headers);
  }

  /** A record without headers. */
  public static RecordContent of(Bytes body) {
    return new RecordContent(List.of(), body);
  }

  /** {@code 8 + 2 * headers + names and values + body}, in bytes (s2.md section 3). */
  public int meteredSize() {
    int size = 8 + 2 * headers.size() + body.length();
    for (Header header : headers) {
      size += header.name().length() + header.value().length();
    }
    return size;
  }

  /** Whether this is an S2 command: exactly one header, and its name is empty. */
  public boolean isCommand() {
    return headers.size() == 1 && headers.get(0).name().isEmpty();
  }

  /** The control record that ends an agent's turn, and tells how far it has read {@code .in}. */
  static RecordContent turnComplete(long consumedSeq) {
    return new RecordContent(
        List.of(
            new Header(CONTROL, TURN_COMPLETE),
            new Header(CONSUMED, Bytes.utf8(Long.toString(consumedSeq)))),
        Bytes.EMPTY);
  }

  /**
   * The last record of {@code .in} that the writer of this control record had read (trigger.md
   * section 4.1); -1 when it does not say.
   */
  public long consumedSeq() {
    for (Header header : headers) {
      if (header.name().equals(CONSUMED)) {
        OptionalLong seq = JsNumber.leadingInteger(header.value().utf8());
        return seq.isPresent() && seq.getAsLong() >= 0 ? seq.getAsLong() : -1;
      }
    }
    return -1;
  }

  /** Whether this is neither an S2 command nor a control record. */
  boolean isData() {
    return !isCommand() && !isControl();
  }

  /** Whether this is the control record that ends an agent's turn (trigger.md section 4.1). */
  public boolean isTurnComplete() {
    return !headers.isEmpty()
        && headers.get(0).name().equals(CONTROL)
        && headers.get(0).value().equals(TURN_COMPLETE);
  }

  /**
   * Whether this is a data record of the SDK's writers, whose envelope ends with a random id of
   * seven characters (trigger.md section 4.1).
   */
  public boolean isSdkData() {
    byte[] bytes = body.array();
    int id = bytes.length - SDK_ID_LENGTH - SDK_END.length;
    int start = id - SDK_ID.length;
    if (!headers.isEmpty()
        || start < 1
        || bytes[0] != '{'
        || !matches(bytes, start, SDK_ID)
        || !matches(bytes, id + SDK_ID_LENGTH, SDK_END)) {
      return false;
    }
    for (int i = id; i < id + SDK_ID_LENGTH; i++) {
      char c = (char) bytes[i];
      boolean letterOrDigit =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!letterOrDigit && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(byte[] bytes, int at, byte[] wanted) {
    return Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
  }

  /** Whether this is a control record of the SDK, whatever its subtype. */
  public boolean isControl() {
    return !headers.isEmpty() && headers.get(0).name().equals(CONTROL);
  }
}
