package dev.parley.agent;

import java.time.Duration;

/** An endpoint has not begun to answer, so it may be asked again. */
final class NoAnswerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Duration retryAfter;

  /** There was no status. */
  NoAnswerException() {
    this("The agent can't be reached", Duration.ZERO);
  }

  /**
   * @param status 429 or 5xx
   * @param retryAfter how long the other side asks to wait
   */
  NoAnswerException(int status, Duration retryAfter) {
    this("The agent's endpoint answered " + status, retryAfter);
  }

  private NoAnswerException(String reason, Duration retryAfter) {
    super(reason, null, false, false);
    this.retryAfter = retryAfter;
  }

  /** A sentence without its full stop. */
  String reason() {
    return String.valueOf(getMessage());
  }

  Duration retryAfter() {
    return retryAfter;
  }
}
