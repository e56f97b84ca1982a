package dev.parley.chaos;

import dev.parley.chaos.history.History;
import dev.parley.chaos.history.Operation;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes down what happens, one line each, and keeps the run's clock. */
final class Recorder implements AutoCloseable {
  // Together: what is due is judged by the wall clock.
  private final long origin = System.nanoTime();
  private final long originMillis = System.currentTimeMillis();
  private final List<Operation> operations = new ArrayList<>();
  private final BufferedWriter lines;

  Recorder(Path file, long seed) throws IOException {
    lines = Files.newBufferedWriter(file);
    add(new Operation.Begun(0, 0, -1, originMillis, seed));
  }

  /** Nanoseconds since the run began. */
  long now() {
    return System.nanoTime() - origin;
  }

  synchronized void add(Operation operation) {
    operations.add(operation);
    try {
      lines.write(History.line(operation));
      lines.newLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that was written so far. */
  synchronized History history() {
    return new History(operations);
  }

  @Override
  public synchronized void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
