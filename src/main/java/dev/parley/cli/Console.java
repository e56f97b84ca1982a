package dev.parley.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/** What a command sees of where it was called. */
public record Console(
    Map<String, String> environment, InputStream in, PrintStream out, PrintStream err) {
  public Console {
    environment = Map.copyOf(environment);
  }

  /** The value of a variable; empty, too, when it is blank. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).map(String::trim).filter(v -> !v.isEmpty());
  }
}
