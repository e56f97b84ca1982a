package dev.parley.chaos.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything that clients did and saw in a run.
 *
 * @param operations in any order
 */
public record History(List<Operation> operations) {
  private static final ObjectMapper JSON =
      new ObjectMapper().setSerializationInclusion(JsonInclude.Include.NON_NULL);

  public History {
    operations = List.copyOf(operations);
  }

  /** Reads a file of one JSON object a line. */
  public static History read(Path file) throws IOException {
    List<Operation> operations = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        operations.add(JSON.readValue(line, Operation.class));
      }
    }
    return new History(operations);
  }

  /** The line of an operation, without its end. */
  public static String line(Operation operation) {
    try {
      return JSON.writeValueAsString(operation);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Operations are plain records", e);
    }
  }

  /** All operations of one kind. */
  public <T extends Operation> Stream<T> all(Class<T> kind) {
    return operations.stream().filter(kind::isInstance).map(kind::cast);
  }

  /** What the wall clock showed, in milliseconds, at so many nanoseconds of the run. */
  public long epochMillis(long nanos) {
    long begin = all(Operation.Begun.class).findFirst().orElseThrow().epochMillis();
    return begin + Math.floorDiv(nanos, 1_000_000L);
  }
}
