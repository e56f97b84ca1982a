package dev.parley.cli;

/** Nobody answers at the address of the server. */
final class NotAnswering extends CommandFailed {
  private static final long serialVersionUID = 1L;

  NotAnswering(String message) {
    super(message);
  }
}
