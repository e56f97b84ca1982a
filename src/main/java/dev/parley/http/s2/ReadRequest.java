package dev.parley.http.s2;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.Query;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.jspecify.annotations.Nullable;

/**
 * What a reader asks for in the query (s2.md section 5.1).
 *
 * @param at what {@code value} counts
 * @param clamp whether a start beyond the tail becomes the tail
 * @param count the most records; null is unbounded, likewise below
 * @param bytes the most metered bytes
 * @param until Unix milliseconds that no record reaches
 * @param waitSeconds how long to wait for a record
 */
record ReadRequest(
    Start at,
    long value,
    boolean clamp,
    @Nullable Long count,
    @Nullable Long bytes,
    @Nullable Long until,
    @Nullable Long waitSeconds) {
  /** How a start position is given. */
  enum Start {
    SEQ_NUM,
    TIMESTAMP,
    TAIL_OFFSET
  }

  /**
   * @throws S2Refused 400 {@code bad_query} for what is no number, 422 {@code invalid} for a
   *     combination that means nothing
   */
  static ReadRequest parse(HttpRequest request) {
    Query query = query(request);
    Long seqNum = number(query, "seq_num");
    Long timestamp = number(query, "timestamp");
    Long tailOffset = number(query, "tail_offset");
    List<Start> given = new ArrayList<>();
    if (seqNum != null) {
      given.add(Start.SEQ_NUM);
    }
    if (timestamp != null) {
      given.add(Start.TIMESTAMP);
    }
    if (tailOffset != null) {
      given.add(Start.TAIL_OFFSET);
    }
    if (given.size() > 1) {
      throw S2Error.invalid("at most one of seq_num, timestamp and tail_offset can be given")
          .refused();
    }
    Long until = number(query, "until");
    if (timestamp != null && until != null && timestamp >= until) {
      throw S2Error.invalid("timestamp must be before until").refused();
    }
    return new ReadRequest(
        given.isEmpty() ? Start.TAIL_OFFSET : given.get(0),
        seqNum != null
            ? seqNum
            : timestamp != null ? timestamp : tailOffset != null ? tailOffset : 0,
        flag(query, "clamp"),
        number(query, "count"),
        number(query, "bytes"),
        until,
        number(query, "wait"));
  }

  /** Whether it ends by itself, however long the stream grows. */
  boolean isBounded() {
    return count != null || bytes != null || until != null;
  }

  /**
   * The same for a reader who has read so far: the rest of it, after the record {@code lastSeq}.
   */
  ReadRequest after(long lastSeq, long readCount, long readBytes) {
    return new ReadRequest(
        Start.SEQ_NUM,
        lastSeq + 1,
        clamp,
        count == null ? null : Math.max(0, count - readCount),
        bytes == null ? null : Math.max(0, bytes - readBytes),
        until,
        waitSeconds);
  }

  private static Query query(HttpRequest request) {
    try {
      return request.getUri().query();
    } catch (IllegalUriException e) {
      throw bad("the query can't be read");
    }
  }

  private static @Nullable Long number(Query query, String name) {
    Optional<String> text = query.get(name);
    return text.isPresent() ? unsigned(text.get()).orElseThrow(() -> notANumber(name)) : null;
  }

  private static S2Refused notANumber(String name) {
    return bad(name + " must be an unsigned number of 64 bits");
  }

  /** A number of 64 bits; what does not fit here is beyond everything. Empty for anything else. */
  static Optional<Long> unsigned(String text) {
    if (!text.matches("[0-9]{1,20}")) {
      return Optional.empty();
    }
    try {
      long value = Long.parseUnsignedLong(text);
      return Optional.of(value < 0 ? Long.MAX_VALUE : value);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static boolean flag(Query query, String name) {
    String text = query.get(name).orElse("false");
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw bad(name + " must be true or false");
    };
  }

  private static S2Refused bad(String message) {
    return S2Error.of(400, "bad_query", message).refused();
  }
}
