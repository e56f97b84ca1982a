package dev.parley;

import org.jspecify.annotations.Nullable;

/** Ends what a test class has started. */
final class Closing {
  private Closing() {}

  /**
   * Closes all of them in this order, also when one fails, whose failure is thrown in the end.
   *
   * @param started null for what was not started
   */
  static void all(@Nullable AutoCloseable... started) throws Exception {
    Throwable failure = null;
    for (AutoCloseable one : started) {
      try {
        if (one != null) {
          one.close();
        }
      } catch (Exception | AssertionError e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof Exception exception) {
      throw exception;
    }
  }
}
