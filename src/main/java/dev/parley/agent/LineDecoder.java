package dev.parley.agent;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/**
 * Finds the lines in bytes that arrive in pieces, wherever the pieces begin and end. A line is
 * decoded as a whole, so a character may be spread over pieces; bytes that are no UTF-8 become
 * U+FFFD.
 */
final class LineDecoder {
  /** The longest line, in bytes. */
  static final int MAX_LINE = 1024 * 1024;

  private static final int FIRST_ROOM = 256;

  private final boolean carriageReturnEnds;
  private byte[] line = new byte[FIRST_ROOM];
  private int length;
  private boolean afterCarriageReturn;

  /**
   * @param carriageReturnEnds whether CR alone ends a line, as in server-sent events; LF and CR LF
   *     always do
   */
  LineDecoder(boolean carriageReturnEnds) {
    this.carriageReturnEnds = carriageReturnEnds;
  }

  /**
   * Takes in what has arrived and hands out the lines that it ends, without their ends.
   *
   * @throws TooLongException when a line is longer than {@link #MAX_LINE}
   */
  void feed(ByteString chunk, Consumer<String> sink) throws TooLongException {
    for (byte b : chunk.toArrayUnsafe()) {
      if (b == '\n') {
        // After CR that has ended a line, LF belongs to the same end.
        if (!(carriageReturnEnds && afterCarriageReturn)) {
          emit(sink);
        }
      } else if (b == '\r' && carriageReturnEnds) {
        emit(sink);
      } else {
        put(b);
      }
      afterCarriageReturn = b == '\r';
    }
  }

  /** Hands out the last line when nothing ended it. */
  void end(Consumer<String> sink) {
    if (length > 0) {
      emit(sink);
    }
  }

  private void put(byte b) throws TooLongException {
    if (length == line.length) {
      if (length == MAX_LINE) {
        throw new TooLongException("a line of more than " + MAX_LINE + " bytes");
      }
      line = Arrays.copyOf(line, Math.min(MAX_LINE, 2 * length));
    }
    line[length++] = b;
  }

  private void emit(Consumer<String> sink) {
    boolean withCarriageReturn = !carriageReturnEnds && length > 0 && line[length - 1] == '\r';
    int end = withCarriageReturn ? length - 1 : length;
    String text = new String(line, 0, end, StandardCharsets.UTF_8);
    length = 0;
    sink.accept(text);
  }
}
