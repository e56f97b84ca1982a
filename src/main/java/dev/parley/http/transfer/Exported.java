package dev.parley.http.transfer;

/** What an export has written so far. Used by one stream alone. */
final class Exported {
  private long sessions;
  private long records;

  /** A session is complete. */
  void add(long recordsOfSession) {
    sessions++;
    records += recordsOfSession;
  }

  long sessions() {
    return sessions;
  }

  long records() {
    return records;
  }
}
