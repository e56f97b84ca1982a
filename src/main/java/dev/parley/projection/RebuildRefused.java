package dev.parley.projection;

/** A projection can't be rebuilt at the moment; nothing of it was changed. */
public final class RebuildRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RebuildRefused(String reason) {
    super(reason);
  }
}
