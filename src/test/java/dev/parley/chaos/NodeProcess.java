package dev.parley.chaos;

import dev.parley.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A node as it is deployed: a process whose supervisor starts it again when it ends by itself with
 * code 1. What it prints goes to files, one pair for each start.
 */
final class NodeProcess implements AutoCloseable {
  /** A node that its cluster does not take in ends by itself after a minute. */
  static final Duration START_LIMIT = Duration.ofSeconds(150);

  private static final Duration STOP_LIMIT = Duration.ofSeconds(25);
  private static final Duration BETWEEN_STARTS = Duration.ofMillis(500);

  private final String name;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path directory;
  private final AtomicInteger ownEnds = new AtomicInteger();
  private final List<String> oddEnds = new ArrayList<>();
  private int starts;
  private boolean wanted;
  private Process process;
  private Path stdout;

  /**
   * @param command without the variables of the environment
   * @param directory for its files
   */
  NodeProcess(String name, List<String> command, Map<String, String> environment, Path directory) {
    this.name = name;
    this.command = List.copyOf(command);
    this.environment = new LinkedHashMap<>(environment);
    this.directory = directory;
  }

  /** Starts it, and has it started again whenever it ends by itself. */
  synchronized void start() {
    wanted = true;
    launch();
  }

  private void launch() {
    String file = "%s-%02d".formatted(name, ++starts);
    stdout = directory.resolve(file + ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(stdout.toFile())
            .redirectError(directory.resolve(file + ".err").toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("PARLEY_"));
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process.onExit().thenAccept(this::ended);
  }

  private synchronized void ended(Process former) {
    if (!wanted || former != process) {
      return;
    }
    ownEnds.incrementAndGet();
    if (former.exitValue() != 1) {
      oddEnds.add("%s ended by itself with code %d".formatted(name, former.exitValue()));
    }
    Thread supervisor = new Thread(this::startAgain, name + "-supervisor");
    supervisor.setDaemon(true);
    supervisor.start();
  }

  private void startAgain() {
    try {
      TimeUnit.MILLISECONDS.sleep(BETWEEN_STARTS.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      if (wanted && !process.isAlive()) {
        launch();
      }
    }
  }

  /** Whether the process that runs now has said that it serves. */
  synchronized boolean isReady() {
    try {
      return process.isAlive() && Files.readString(stdout).contains("Parley ready on ");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it by SIGKILL; it stays down until {@link #start}. */
  synchronized void kill9() {
    wanted = false;
    process.destroyForcibly();
    awaitEnd(STOP_LIMIT);
  }

  /**
   * Asks it to stop; it stays down until {@link #start}. One that does not stop in time, or not
   * with code 0, is an odd end.
   */
  synchronized void leave() {
    wanted = false;
    process.destroy();
    if (!awaitEnd(STOP_LIMIT)) {
      oddEnds.add("%s did not stop within %s of SIGTERM".formatted(name, STOP_LIMIT));
      process.destroyForcibly();
      awaitEnd(STOP_LIMIT);
    } else if (process.exitValue() != 0) {
      oddEnds.add("%s ended with code %d after SIGTERM".formatted(name, process.exitValue()));
    }
  }

  /** Lets it stand still. */
  synchronized void pause() {
    Programs.run("kill", "-STOP", Long.toString(process.pid()));
  }

  /** Lets it go on, if it is still there. */
  synchronized void resume() {
    Programs.succeeds(List.of("kill", "-CONT", Long.toString(process.pid())));
  }

  /** How often it ended by itself. */
  int ownEnds() {
    return ownEnds.get();
  }

  /** Ends that no fault explains, in words. */
  synchronized List<String> oddEnds() {
    return List.copyOf(oddEnds);
  }

  @Override
  public synchronized void close() {
    wanted = false;
    if (process != null) {
      process.destroyForcibly();
      awaitEnd(STOP_LIMIT);
    }
  }

  private boolean awaitEnd(Duration limit) {
    Process ending = process;
    return Eventually.within(limit, () -> !ending.isAlive());
  }
}
