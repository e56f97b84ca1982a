package dev.parley.journal;

/**
 * Stands for an event whose bytes are no event, or one of a later version of this program.
 *
 * @param manifest the kind of event it was stored as
 * @param reason what was wrong with it, for people
 */
public record UndecodableEvent(String manifest, String reason) {
  static UndecodableEvent of(String manifest, Throwable failure) {
    return new UndecodableEvent(manifest, String.valueOf(failure.getMessage()));
  }
}
