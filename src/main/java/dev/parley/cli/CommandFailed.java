package dev.parley.cli;

/** What was asked for could not be done; the text says why, and what can be done about it. */
class CommandFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailed(String message) {
    super(message);
  }
}
