package dev.parley.client;

/**
 * Nobody answered, for as long as the client is patient. What a request was to change may have been
 * changed all the same.
 */
public final class NotAnsweringException extends ParleyException {
  private static final long serialVersionUID = 1L;

  NotAnsweringException(String origin, Throwable cause) {
    super("Parley at " + origin + " does not answer (" + cause + ")", cause);
  }
}
