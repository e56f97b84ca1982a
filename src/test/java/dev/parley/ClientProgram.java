package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A program of {@code src/test/clients}, which uses the published client. It prints one JSON line
 * for each step, and ends with exit code 1 and a text when something is not as it must be.
 */
final class ClientProgram implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path DIRECTORY =
      Path.of(System.getProperty("parley.clients", "target/clients")).toAbsolutePath();

  private final String name;
  private final Process process;
  private final Path stderr;
  private final Queue<JsonNode> steps = new ConcurrentLinkedQueue<>();
  private final Thread reader;

  private ClientProgram(String name, Process process, Path stderr) {
    this.name = name;
    this.process = process;
    this.stderr = stderr;
    this.reader = new Thread(this::readSteps, name);
    reader.start();
  }

  /** Skips the test unless the build could install the client. */
  static void requireInstalled() {
    boolean installed = Files.exists(DIRECTORY.resolve("node_modules/.installed-lock.json"));
    assertThat(installed || !"true".equals(System.getenv("CI")))
        .as("the published client is in %s, as CI=true demands", DIRECTORY)
        .isTrue();
    assumeTrue(
        installed,
        "The published client is not installed (it needs Node.js 18 and npm); see what the build"
            + " said when it ran src/test/clients/install.sh");
  }

  /** Starts {@code <name>.mjs} against the server, with this key. */
  static ClientProgram start(ParleyProcess server, String key, String name, String... arguments) {
    return start(server.baseUrl().toString(), key, name, arguments);
  }

  /** Starts {@code <name>.mjs} against what answers at this URL, with this key. */
  static ClientProgram start(String url, String key, String name, String... arguments) {
    return start(Map.of("TRIGGER_API_URL", url, "TRIGGER_SECRET_KEY", key), name, arguments);
  }

  /** Starts {@code <name>.mjs}, which finds its server in the environment. */
  static ClientProgram start(Map<String, String> environment, String name, String... arguments) {
    List<String> command = new ArrayList<>(List.of("node", name + ".mjs"));
    command.addAll(List.of(arguments));
    try {
      Path stderr = Files.createTempFile(DIRECTORY, name + "-", ".err");
      ProcessBuilder builder = new ProcessBuilder(command).directory(DIRECTORY.toFile());
      builder.environment().putAll(environment);
      return new ClientProgram(name, builder.redirectError(stderr.toFile()).start(), stderr);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it has printed so far. */
  Stream<JsonNode> steps(String step) {
    return steps.stream().filter(line -> line.path("step").asText().equals(step));
  }

  /** Writes a line to its standard input, for which some programs wait. */
  void tell(String line) {
    try {
      OutputStream input = process.getOutputStream();
      input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      input.flush();
    } catch (IOException e) {
      throw new AssertionError(name + " takes nothing any more: " + readStderr(), e);
    }
  }

  /** Waits for a step, and returns it. */
  JsonNode await(Predicate<JsonNode> wanted, Duration limit) {
    Eventually.within(limit, () -> steps.stream().anyMatch(wanted) || !process.isAlive());
    return steps.stream()
        .filter(wanted)
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "%s does not get there within %s; its steps: %s%n%s"
                        .formatted(name, limit, lastSteps(), readStderr())));
  }

  /** Ends its standard input, for which some programs wait. */
  void endInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the program has done what it does, and returns its last step. */
  JsonNode awaitSuccess(Duration limit) throws InterruptedException {
    boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(ended).as("%s ends within %s; its steps: %s", name, limit, lastSteps()).isTrue();
    reader.join();
    assertThat(process.exitValue())
        .as("exit code of %s after %s%n%s", name, lastSteps(), readStderr())
        .isZero();
    return lastSteps().get(lastSteps().size() - 1);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private List<JsonNode> lastSteps() {
    List<JsonNode> all = List.copyOf(steps);
    return all.subList(Math.max(0, all.size() - 10), all.size());
  }

  private void readSteps() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        steps.add(JSON.readTree(line));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(name + " printed something that is no step", e);
    } catch (IOException e) {
      // The program was ended from outside; whoever did so knows.
    }
  }

  private String readStderr() {
    try {
      return Files.readString(stderr);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
