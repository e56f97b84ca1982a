package dev.parley.entity;

/**
 * Whether the sessions of this node are certainly still its own. A node that stood still or was cut
 * off may have been given up meanwhile, and others may have written to its sessions.
 */
public interface Tenure {
  /** Of a node that has no others beside it. */
  Tenure ALWAYS = () -> true;

  /**
   * True only when nobody can have taken over yet, so that what a session remembers is what there
   * is. Asked for each read.
   */
  boolean holds();
}
