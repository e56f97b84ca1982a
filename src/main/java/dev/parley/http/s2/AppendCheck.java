package dev.parley.http.s2;

import dev.parley.session.Header;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.Draft;
import java.util.Optional;

/** What can be said about an append before the session is asked. */
final class AppendCheck {
  /** Tag and length of a part of at most 2 MiB. */
  private static final int PART_OVERHEAD = 5;

  /**
   * Sequence numbers, timestamps and the parts around the record and the tail, at their largest.
   */
  private static final int FRAME_OVERHEAD = 80;

  private AppendCheck() {}

  /** What no session accepts, or what no reader could be given in one frame (section 4.4). */
  static Optional<String> problem(Append append) {
    return append
        .problem()
        .or(
            () ->
                append.records().stream().map(Draft::content).allMatch(AppendCheck::fitsIntoFrame)
                    ? Optional.empty()
                    : Optional.of("a record has so many headers that it could not be read again"));
  }

  private static boolean fitsIntoFrame(RecordContent record) {
    long size = FRAME_OVERHEAD + PART_OVERHEAD + record.body().length();
    for (Header header : record.headers()) {
      size += part(part(header.name().length()) + part(header.value().length()));
    }
    return size <= Frame.MAX_PAYLOAD;
  }

  private static long part(long length) {
    return length + (length < 128 ? 2 : PART_OVERHEAD);
  }
}
