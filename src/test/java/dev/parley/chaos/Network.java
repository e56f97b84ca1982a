package dev.parley.chaos;

import java.util.List;

/** Where nodes listen, and whether they can be cut off from each other. */
interface Network extends AutoCloseable {
  /** The address of a node. */
  String host(int node);

  /** The address by which nodes reach the database. */
  String databaseHost();

  /** What stands before a command that runs as a node. */
  List<String> prefix(int node);

  /** Whether {@link #cutOff} and {@link #isolate} are possible. */
  boolean canCutOff();

  /** From now on packets between this node and the other nodes are lost. */
  void cutOff(int node);

  /** From now on packets from this node to the database are lost, too; clients still reach it. */
  void isolate(int node);

  /** All packets arrive again. */
  void heal(int node);

  @Override
  void close();

  /**
   * The best that this machine can do.
   *
   * @param nodes how many
   */
  static Network of(int nodes) {
    return NamespaceNetwork.isPossible() ? new NamespaceNetwork(nodes) : new LoopbackNetwork();
  }
}
