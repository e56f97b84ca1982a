package dev.parley.journal;

import java.util.UUID;

/**
 * One start of a node, as PostgreSQL knows it: its connections carry this name, so that they can be
 * ended when others take over its sessions, and new ones are refused from then on.
 */
public record Incarnation(UUID id) {
  /** That of a node that starts. */
  public static Incarnation begin() {
    return new Incarnation(UUID.randomUUID());
  }

  /** The address for the connections of this node. */
  public DatabaseAddress mark(DatabaseAddress address) {
    return address.withParameter("ApplicationName", applicationName());
  }

  /** What {@code pg_stat_activity} shows of the connections. */
  String applicationName() {
    return "parley-" + id;
  }

  /**
   * A statement that fails when this node has been removed from the cluster; to be run first on
   * each connection that writes to sessions.
   */
  public String admission() {
    return "SELECT parley_admit('" + id + "')";
  }
}
