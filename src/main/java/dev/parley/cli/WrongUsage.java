package dev.parley.cli;

/** A command was called as it can't be. */
final class WrongUsage extends RuntimeException {
  private static final long serialVersionUID = 1L;

  WrongUsage(String message) {
    super(message);
  }
}
