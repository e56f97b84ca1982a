package dev.parley.chaos;

/** What can happen to a cluster. Ordinary faults concern one node or the database. */
public enum FaultKind {
  /** A node ends by SIGKILL and is started again later. */
  KILL("kill -9"),
  /** A node stands still and goes on, as a suspended machine does. */
  PAUSE("SIGSTOP"),
  /** A node is asked to stop and started again, as in a rolling update. */
  LEAVE("graceful leave"),
  /** PostgreSQL is shut down in order and started again. */
  POSTGRES_STOP("PostgreSQL stop"),
  /** PostgreSQL ends as by a crash, and recovers at its start. */
  POSTGRES_CRASH("PostgreSQL crash"),
  /** PostgreSQL stands still: connections stay, and nothing is answered. */
  POSTGRES_PAUSE("PostgreSQL SIGSTOP"),
  /** A node and the others can't reach each other; the database and clients reach all. */
  CUT_OFF("cut off from nodes"),
  /** A node reaches neither the others nor the database, while clients still reach it. */
  ISOLATE("isolated"),
  /** All nodes end by SIGKILL at once. */
  KILL_ALL("kill -9 of all");

  private final String title;

  FaultKind(String title) {
    this.title = title;
  }

  /** How tables and histories call it. */
  public String title() {
    return title;
  }

  boolean concernsOneNode() {
    return this == KILL || this == PAUSE || this == LEAVE || needsNetwork();
  }

  /** Whether packets between nodes have to be lost for it. */
  boolean needsNetwork() {
    return this == CUT_OFF || this == ISOLATE;
  }
}
