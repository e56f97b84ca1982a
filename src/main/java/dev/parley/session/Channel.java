package dev.parley.session;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One append-only stream of a session (contract trigger.md section 4).
 *
 * @param name empty for the reserved pair, else the name of a side channel
 * @param direction the direction of the stream
 */
public record Channel(String name, Direction direction) {
  public static final Channel IN = new Channel("", Direction.IN);
  public static final Channel OUT = new Channel("", Direction.OUT);

  /** Written by the server alone (across.md section 2). */
  public static final Channel LIFECYCLE = new Channel("lifecycle", Direction.OUT);

  /** The outputs of explicitly completed waitpoints, written by the server alone. */
  public static final Channel WAITPOINTS = new Channel("waitpoints", Direction.OUT);

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  /** A side channel, or empty when the name does not match {@code [A-Za-z0-9._-]{1,128}}. */
  public static Optional<Channel> side(String name, Direction direction) {
    return NAME.matcher(name).matches()
        ? Optional.of(new Channel(name, direction))
        : Optional.empty();
  }

  public boolean isReservedPair() {
    return name.isEmpty();
  }

  /** Whether only the server may append, whatever the credential. */
  public boolean isServerOnly() {
    return name.equals(LIFECYCLE.name) || name.equals(WAITPOINTS.name);
  }
}
