package dev.parley.bench;

import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The packaged server as a child process. */
final class ParleyServer implements AutoCloseable {
  static final String KEY = "tr_dev_benchmark_key_of_some_length";

  private static final String READY = "Parley ready on http://127.0.0.1:";

  private final Process process;
  private final int port;
  private final long startMillis;

  private ParleyServer(Process process, int port, long startMillis) {
    this.process = process;
    this.port = port;
    this.startMillis = startMillis;
  }

  /**
   * @param database null for the embedded one in the data directory
   */
  static ParleyServer start(
      Path dataDirectory, @Nullable DatabaseAddress database, Map<String, String> properties)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx2g");
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(List.of("-jar", "target/parley.jar"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PARLEY_DATA_DIR", dataDirectory.toString());
    builder.environment().put("PARLEY_HTTP_PORT", "0");
    builder.environment().put("PARLEY_SECRET_KEY", KEY);
    if (database != null) {
      builder.environment().put("PARLEY_DATABASE_URL", TestPostgres.url(database));
    }
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    long begin = System.nanoTime();
    Process process = builder.start();
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.startsWith(READY)) {
        return new ParleyServer(
            process,
            Integer.parseInt(line.substring(READY.length())),
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
      }
    }
    throw new IOException("the server ended before it was ready");
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  /** From the start of the process to the ready line. */
  long startMillis() {
    return startMillis;
  }

  /** CPU time used so far. */
  double cpuSeconds() {
    return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }

  /** Creates a session and gives back its key. */
  String createSession(String externalId) throws IOException {
    byte[] body =
        ("{\"type\":\"bench\",\"taskIdentifier\":\"bench\",\"externalId\":\""
                + externalId
                + "\",\"triggerConfig\":{\"basePayload\":{}}}")
            .getBytes(StandardCharsets.UTF_8);
    try (HttpConnection connection = new HttpConnection(port)) {
      connection.exchange(HttpConnection.request("POST", "/api/v1/sessions", "", body));
    }
    return externalId;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
