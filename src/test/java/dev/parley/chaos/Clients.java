package dev.parley.chaos;

/**
 * Who uses a cluster during a run.
 *
 * @param sessions that are written all the time, on both channels
 * @param others sessions that are waited on, and as many that end one after the other
 * @param tailReaders who ask any node for the end of any stream
 */
record Clients(int sessions, int others, int tailReaders) {
  /** All kinds of them, everywhere. */
  static final Clients ALL = new Clients(16, 3, 4);

  /** Writers, and what shows that they are served. */
  static Clients writers(int sessions) {
    return new Clients(sessions, 0, 2);
  }
}
