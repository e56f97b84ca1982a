package dev.parley.chaos;

import java.util.List;

/** All on 127.0.0.1, where nobody can be cut off. */
final class LoopbackNetwork implements Network {
  private static final String HOST = "127.0.0.1";

  @Override
  public String host(int node) {
    return HOST;
  }

  @Override
  public String databaseHost() {
    return HOST;
  }

  @Override
  public List<String> prefix(int node) {
    return List.of();
  }

  @Override
  public boolean canCutOff() {
    return false;
  }

  @Override
  public void cutOff(int node) {
    throw new UnsupportedOperationException("Nodes on 127.0.0.1 can't be cut off");
  }

  @Override
  public void isolate(int node) {
    cutOff(node);
  }

  @Override
  public void heal(int node) {
    throw new UnsupportedOperationException("Nodes on 127.0.0.1 are never cut off");
  }

  @Override
  public void close() {
    // Nothing was made.
  }
}
