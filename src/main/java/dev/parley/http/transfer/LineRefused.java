package dev.parley.http.transfer;

/** What a line of an export says can not be done; the text says why. */
final class LineRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LineRefused(String problem) {
    super(problem, null, false, false);
  }
}
