package dev.parley.http.s2;

import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Where a reader of events was when it lost its connection: the {@code id:} line that it sends back
 * as {@code Last-Event-ID} (s2.md section 5.3).
 *
 * @param lastSeq the last record it got
 * @param count how many it got
 * @param bytes their metered size
 */
record ReadSoFar(long lastSeq, long count, long bytes) {
  /**
   * @throws S2Refused 400 {@code bad_header} when it is none of our ids
   */
  static Optional<ReadSoFar> of(HttpRequest request) {
    return request.getHeader("last-event-id").map(HttpHeader::value).map(ReadSoFar::parse);
  }

  private static ReadSoFar parse(String id) {
    String[] parts = id.split(",", -1);
    if (parts.length != 3) {
      throw bad();
    }
    return new ReadSoFar(number(parts[0]), number(parts[1]), number(parts[2]));
  }

  /** What is left of the read; its start is where it left off. */
  ReadRequest rest(ReadRequest request) {
    return request.after(lastSeq, count, bytes);
  }

  private static long number(String text) {
    return ReadRequest.unsigned(text)
        .filter(value -> value < Long.MAX_VALUE)
        .orElseThrow(ReadSoFar::bad);
  }

  private static S2Refused bad() {
    return S2Error.of(
            400,
            "bad_header",
            "last-event-id must be a sequence number, a count and bytes: 7,8,512")
        .refused();
  }
}
