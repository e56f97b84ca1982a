package dev.parley.http.transfer;

import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.apache.pekko.util.ByteStringBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Cuts bytes into lines. Of one that is too long nothing is kept, so that what is held is bounded;
 * those behind it are read as if nothing had been. Empty lines are counted and left out.
 */
final class Lines {
  /** Holds the largest record, in base64, and many headers. */
  static final int MAX_BYTES = 16 * 1_048_576;

  private final int maxBytes;
  private ByteStringBuilder open = new ByteStringBuilder();
  private boolean tooLong;
  private long number = 1;

  Lines(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * @param number from 1
   * @param bytes without the line feed; null when there were too many
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Line(long number, byte @Nullable [] bytes) {}

  /** Takes the next bytes and gives the lines that end in them. */
  List<Line> add(ByteString chunk) {
    List<Line> lines = new ArrayList<>();
    ByteString rest = chunk;
    for (int end = rest.indexOf((byte) '\n'); end >= 0; end = rest.indexOf((byte) '\n')) {
      keep(rest.take(end));
      close(lines);
      rest = rest.drop(end + 1);
    }
    keep(rest);
    return lines;
  }

  /** The last line, should it have no line feed. */
  List<Line> end() {
    List<Line> lines = new ArrayList<>();
    close(lines);
    return lines;
  }

  private void keep(ByteString part) {
    if (!tooLong && open.length() + part.size() > maxBytes) {
      tooLong = true;
      open = new ByteStringBuilder();
    } else if (!tooLong) {
      open.append(part);
    }
  }

  private void close(List<Line> lines) {
    if (tooLong) {
      lines.add(new Line(number, null));
    } else if (open.length() > 0) {
      lines.add(new Line(number, open.result().toArray()));
    }
    open = new ByteStringBuilder();
    tooLong = false;
    number++;
  }
}
