package dev.parley.entity;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The moment when this node begins to leave. Those who keep a connection open for long hear of it,
 * so that they can tell their clients to come again, to another node.
 */
public final class Leaving {
  private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();
  private volatile boolean begun;

  /** Whether it has come. */
  public boolean hasBegun() {
    return begun;
  }

  /**
   * Calls the listener when the moment comes, at once if it has; on any thread, perhaps twice.
   * Whoever listens says when it does not any more.
   */
  public void listen(Runnable listener) {
    listeners.add(listener);
    if (begun) {
      listener.run();
    }
  }

  /** The listener is not to be called any more. */
  public void forget(Runnable listener) {
    listeners.remove(listener);
  }

  /** It has come. */
  public void begin() {
    begun = true;
    listeners.forEach(Runnable::run);
  }
}
