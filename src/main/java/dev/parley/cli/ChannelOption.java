package dev.parley.cli;

import dev.parley.client.Channel;
import dev.parley.client.Direction;
import java.util.HashSet;
import java.util.Set;

/** {@code --in}, {@code --out} and {@code --channel name}: which stream of a session is meant. */
final class ChannelOption {
  static final String IN = "--in";
  static final String OUT = "--out";
  static final String NAME = "--channel";

  private ChannelOption() {}

  /**
   * The stream.
   *
   * @param otherwise the direction when none is said
   * @throws WrongUsage when both directions are, or the name is none
   */
  static Channel of(Arguments read, String session, Direction otherwise) {
    if (read.has(IN) && read.has(OUT)) {
      throw new WrongUsage("One stream at a time: " + IN + " or " + OUT + ".");
    }
    Direction direction = read.has(IN) ? Direction.IN : read.has(OUT) ? Direction.OUT : otherwise;
    try {
      return new Channel(session, read.one(NAME).orElse(null), direction);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(e.getMessage() + ".");
    }
  }

  /** Its flags, together with others. */
  static Set<String> flags(String... others) {
    Set<String> flags = new HashSet<>(Set.of(others));
    flags.add(IN);
    flags.add(OUT);
    return flags;
  }
}
