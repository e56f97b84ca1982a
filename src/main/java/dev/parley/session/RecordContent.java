package dev.parley.session;

import java.util.List;

/**
 * What a writer puts into a stream (s2.md section 3).
 *
 * @param headers in the writer's order, duplicates allowed
 * @param body the payload, possibly empty
 */
public record RecordContent(List<Header> headers, Bytes body) {
  private static final Bytes CONTROL = Bytes.utf8("trigger-control");
  private static final Bytes TURN_COMPLETE = Bytes.utf8("turn-complete");

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

  /** Whether this is the control record that ends an agent's turn (trigger.md section 4.1). */
  public boolean isTurnComplete() {
    return !headers.isEmpty()
        && headers.get(0).name().equals(CONTROL)
        && headers.get(0).value().equals(TURN_COMPLETE);
  }

  /** Whether this is a control record of the SDK, whatever its subtype. */
  public boolean isControl() {
    return !headers.isEmpty() && headers.get(0).name().equals(CONTROL);
  }
}
