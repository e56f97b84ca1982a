package dev.parley.client;

/** What answers at the address does not speak as Parley does; it may be something else. */
public final class UnexpectedAnswerException extends ParleyException {
  private static final long serialVersionUID = 1L;

  UnexpectedAnswerException(String origin, String answer) {
    super("What is at " + origin + " answers " + answer + ", so it is hardly Parley", null);
  }
}
