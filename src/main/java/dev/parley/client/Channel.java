package dev.parley.client;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a session, with numbers of its own from 0 on.
 *
 * @param session its friendly id ({@code session_…}) or its external id
 * @param name of a side channel; null for {@code .in} and {@code .out} themselves
 */
public record Channel(String session, @Nullable String name, Direction direction) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  /**
   * @throws IllegalArgumentException when the session is empty or the name none (letters, digits,
   *     {@code . _ -}, at most 128)
   */
  public Channel {
    if (session.isEmpty()) {
      throw new IllegalArgumentException("The id of a session can't be empty");
    }
    if (name != null && !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name of a channel: letters, digits and . _ - only, at most 128");
    }
  }

  /** What is said to the agent of the session. */
  public static Channel in(String session) {
    return new Channel(session, null, Direction.IN);
  }

  /** What the agent of the session says. */
  public static Channel out(String session) {
    return new Channel(session, null, Direction.OUT);
  }

  /** A named channel beside the two. */
  public static Channel side(String session, String name, Direction direction) {
    return new Channel(session, name, direction);
  }

  String path() {
    String side = name == null ? "" : "/channels/" + name;
    return "/realtime/v1/sessions/" + Paths.segment(session) + side + "/" + direction.wireName();
  }

  @Override
  public String toString() {
    return session + "." + (name == null ? "" : name + ".") + direction.wireName();
  }
}
