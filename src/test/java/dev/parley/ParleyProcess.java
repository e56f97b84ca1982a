package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.journal.PreparedData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The packaged server as its users start it: {@code java -jar parley.jar} in a data directory. What
 * it prints goes to {@code it-logs} next to the jar.
 */
final class ParleyProcess implements AutoCloseable {
  /** The shape for which the published client lets the server mint tokens (trigger.md 2.2). */
  static final String SECRET_KEY = "tr_dev_sk_0123456789abcdefghijKLMN";

  private static final AtomicInteger STARTS = new AtomicInteger();
  private static final Path JAR = Path.of(System.getProperty("parley.jar", "target/parley.jar"));
  private static final Path LOGS = JAR.toAbsolutePath().resolveSibling("it-logs");
  private static final Duration START_LIMIT = Duration.ofSeconds(90);

  /** Below the 30 s after which Pekko gives up handing over sessions. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(25);

  private static final Pattern READY = Pattern.compile("Parley ready on (http://\\S+:([0-9]+))\n");

  private final Path dataDirectory;
  private final Map<String, String> environment;
  private final int port;
  private Process process;
  private Path stdout;
  private Path stderr;
  private URI baseUrl;

  private ParleyProcess(Path dataDirectory, Map<String, String> environment) {
    this.dataDirectory = dataDirectory;
    this.environment = new LinkedHashMap<>(environment);
    this.port = FreePort.on("127.0.0.1");
  }

  /** Starts a server with {@link #SECRET_KEY} on a free port and waits until it serves. */
  static ParleyProcess start(Path dataDirectory) {
    return start(dataDirectory, Map.of("PARLEY_SECRET_KEY", SECRET_KEY));
  }

  /** Starts a server with these variables, on a free port, and waits until it serves. */
  static ParleyProcess start(Path dataDirectory, Map<String, String> environment) {
    if (!environment.containsKey("PARLEY_DATABASE_URL")) {
      PreparedData.fill(dataDirectory);
    }
    return startAsItIs(dataDirectory, environment);
  }

  /** Likewise, in a directory that is prepared in no way, such as a new user's. */
  static ParleyProcess startAsItIs(Path dataDirectory, Map<String, String> environment) {
    ParleyProcess server = new ParleyProcess(dataDirectory, environment);
    server.launch();
    server.awaitReady();
    return server;
  }

  /** Starts a server that should refuse to, and waits until it has. */
  static ParleyProcess refused(Path dataDirectory, Map<String, String> environment) {
    ParleyProcess server = new ParleyProcess(dataDirectory, environment);
    server.launch();
    if (!exitsWithin(server.process, START_LIMIT)) {
      server.close();
      throw new AssertionError("The server goes on where it should refuse to.\n" + server.log());
    }
    return server;
  }

  URI baseUrl() {
    return baseUrl;
  }

  int port() {
    return port;
  }

  int exitCode() {
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Standard output since the last start. */
  String stdout() {
    return read(stdout);
  }

  /** Standard error since the last start. */
  String stderr() {
    return read(stderr);
  }

  /** Ends the process as a power failure would. Its PostgreSQL goes on without it. */
  void kill9() {
    process.destroyForcibly();
    assertThat(exitsWithin(process, STOP_LIMIT)).as("ends by SIGKILL").isTrue();
  }

  /** The process stands still, as if its machine did, until {@link #thaw()}. */
  void freeze() {
    signal("STOP");
  }

  /** It goes on where it stood. */
  void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      assertThat(code).as("kill -%s", name).isZero();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until the process has ended by itself. */
  void awaitEnd(Duration limit) {
    assertThat(exitsWithin(process, limit)).as("ends within %s%n%s", limit, log()).isTrue();
  }

  /** Asks the process to stop, and sees that it does so properly. */
  void terminate() {
    process.destroy();
    assertThat(exitsWithin(process, STOP_LIMIT))
        .as("ends within %s of SIGTERM%n%s", STOP_LIMIT, log())
        .isTrue();
    assertThat(process.exitValue()).as("exit code after SIGTERM%n%s", log()).isZero();
  }

  /** Starts again after the end, however it came: the same directory, the same port. */
  void restart() {
    assertThat(process.isAlive()).as("the former process lives").isFalse();
    launch();
    awaitReady();
  }

  /** Leaves no process behind, neither the server nor the PostgreSQL of a killed one. */
  @Override
  public void close() {
    process.destroy();
    if (!exitsWithin(process, STOP_LIMIT)) {
      process.destroyForcibly();
    }
    postgres().ifPresent(ParleyProcess::end);
  }

  private void launch() {
    String name = "%s-%03d".formatted(dataDirectory.getFileName(), STARTS.incrementAndGet());
    stdout = LOGS.resolve(name + ".out");
    stderr = LOGS.resolve(name + ".err");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command =
        new ArrayList<>(List.of(java.toString(), "-Xmx512m", "-XX:TieredStopAtLevel=1"));
    command.addAll(ClassArchive.options(JAR));
    command.addAll(List.of("-jar", JAR.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(variable -> variable.startsWith("PARLEY_") || variable.equals("NODE_ENV"));
    builder.environment().put("PARLEY_DATA_DIR", dataDirectory.toString());
    builder.environment().put("PARLEY_HTTP_PORT", Integer.toString(port));
    builder.environment().putAll(environment);
    try {
      Files.createDirectories(LOGS);
      process =
          builder
              .redirectOutput(ProcessBuilder.Redirect.to(stdout.toFile()))
              .redirectError(ProcessBuilder.Redirect.to(stderr.toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() {
    boolean ready =
        Eventually.within(START_LIMIT, () -> READY.matcher(stdout()).find() || !isAlive());
    Matcher line = READY.matcher(stdout());
    if (!ready || !line.find()) {
      close();
      throw new AssertionError("The server did not start.\n" + log());
    }
    assertThat(line.group(2)).isEqualTo(Integer.toString(port));
    baseUrl = URI.create(line.group(1));
  }

  private String log() {
    return "%s:%n%s%n%s:%n%s".formatted(stdout, stdout(), stderr, stderr());
  }

  private Optional<ProcessHandle> postgres() {
    Path pidFile = dataDirectory.resolve("postgres").resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return Optional.empty();
    }
    String pid = read(pidFile).lines().findFirst().orElse("");
    return (pid.matches("[0-9]{1,9}")
            ? ProcessHandle.of(Long.parseLong(pid))
            : Optional.<ProcessHandle>empty())
        // The number may belong to somebody else by now.
        .filter(
            handle ->
                handle
                    .info()
                    .command()
                    .filter(program -> Path.of(program).startsWith(realDirectory()))
                    .isPresent());
  }

  private Path realDirectory() {
    try {
      return dataDirectory.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** PostgreSQL's SIGTERM waits for its clients, which are dead; SIGINT is out of Java's reach. */
  private static void end(ProcessHandle postgres) {
    postgres.destroy();
    if (!Eventually.within(Duration.ofSeconds(10), () -> !postgres.isAlive())) {
      postgres.destroyForcibly();
    }
  }

  private static boolean exitsWithin(Process process, Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the server stopped", e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
