package dev.parley.projection;

import dev.parley.session.SessionId;

/**
 * Something that happened to a session, as far as figures are made of it.
 *
 * @param at Unix milliseconds
 * @param messages zero for all but records, as the next two
 * @param bytes metered size of the records
 * @param tookMillis zero for all but a turn
 */
record Fact(
    SessionId session,
    long at,
    Kind kind,
    long messages,
    long records,
    long bytes,
    long tookMillis) {
  enum Kind {
    CREATED,
    EXPIRED,
    CLOSED,
    RECORDS_IN,
    RECORDS_OUT,
    TURN
  }

  /** That a session was created, closed or expired. */
  static Fact lifecycle(SessionId session, long at, Kind kind) {
    return new Fact(session, at, kind, 0, 0, 0, 0);
  }

  /**
   * @param kind of whom the records were
   */
  static Fact records(
      SessionId session, long at, Kind kind, long messages, long records, long bytes) {
    return new Fact(session, at, kind, messages, records, bytes, 0);
  }

  /** That an agent's turn ended. */
  static Fact turn(SessionId session, long at, long tookMillis) {
    return new Fact(session, at, Kind.TURN, 0, 0, 0, tookMillis);
  }

  boolean isOfRecords() {
    return kind == Kind.RECORDS_IN || kind == Kind.RECORDS_OUT;
  }
}
