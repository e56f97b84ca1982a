package dev.parley.agent;

/** The other side sends more than anybody should have to hold. */
final class TooLongException extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param what it sends, to follow "has sent"
   */
  TooLongException(String what) {
    super(what, null, false, false);
  }
}
