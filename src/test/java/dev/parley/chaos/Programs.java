package dev.parley.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs small programs of the system to their end. */
final class Programs {
  private static final int LIMIT_SECONDS = 20;

  private Programs() {}

  /**
   * Runs it and returns what it printed.
   *
   * @throws IllegalStateException when it fails, with what it printed
   */
  static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String printed =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(String.join(" ", command) + " does not end");
      }
      if (process.exitValue() != 0) {
        throw new IllegalStateException(
            "%s ended with %d: %s"
                .formatted(String.join(" ", command), process.exitValue(), printed));
      }
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a program ran", e);
    }
  }

  /** Whether it can be run and ends well. */
  static boolean succeeds(List<String> command) {
    try {
      run(command.toArray(String[]::new));
      return true;
    } catch (IllegalStateException | UncheckedIOException e) {
      return false;
    }
  }
}
