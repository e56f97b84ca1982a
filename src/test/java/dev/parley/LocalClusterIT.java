package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cluster/local}, as its users start it: in an empty directory. */
@Tag("long")
class LocalClusterIT {
  private static final int NODES = 2;
  private static final Duration LIMIT = Duration.ofSeconds(180);
  private static final Pattern SERVES =
      Pattern.compile("(?m)^node-([0-9]) serves \\S+ \\(process ([0-9]+)\\)$");

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir Path directory;

  private final int httpPort = FreePort.first(NODES, "127.0.0.1");
  private final int clusterPort = FreePort.first(NODES, "127.0.0.1");
  private Process script;

  private void start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of("cluster", "local").toAbsolutePath().toString(),
            "--nodes",
            Integer.toString(NODES));
    builder.environment().keySet().removeIf(variable -> variable.startsWith("PARLEY_"));
    builder.environment().put("PARLEY_HTTP_PORT", Integer.toString(httpPort));
    builder.environment().put("PARLEY_CLUSTER_PORT", Integer.toString(clusterPort));
    script =
        builder
            .directory(Files.createDirectory(directory.resolve("empty")).toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("printed").toFile())
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    List<ProcessHandle> all = script.descendants().toList();
    script.destroy();
    if (!script.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      all.forEach(ProcessHandle::destroyForcibly);
      script.destroyForcibly();
    }
  }

  @Test
  void nodes_share_all_come_back_and_leave_nothing_running() throws Exception {
    start();
    List<Long> first = awaitNodes(NODES);
    Path keyFile = data().resolve("secret-key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile)))
        .isEqualTo("rw-------");
    post(0, "/api/v1/sessions", session());
    post(0, "/realtime/v1/sessions/local/in/append", "from the first");
    assertThat(records(1)).contains("from the first");

    ProcessHandle.of(first.get(0)).orElseThrow().destroyForcibly();
    List<Long> second = awaitNodes(NODES + 1);
    assertThat(printed()).contains("has ended with exit code 137 and is started again");
    for (int node = 0; node < NODES; node++) {
      assertThat(records(node)).contains("from the first");
    }

    script.destroy();
    assertThat(script.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).as(printed()).isTrue();
    assertThat(script.exitValue()).as(printed()).isZero();
    assertThat(second).noneMatch(process -> ProcessHandle.of(process).isPresent());
    assertThat(data().resolve("postgres/postmaster.pid")).doesNotExist();
  }

  @Test
  void a_node_whose_settings_can_not_be_used_ends_all() throws Exception {
    try (ServerSocket taken =
        new ServerSocket(httpPort + 1, 1, InetAddress.getByName("127.0.0.1"))) {
      start();
      assertThat(script.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).as(printed()).isTrue();
      assertThat(script.exitValue()).isEqualTo(1);
      assertThat(printed())
          .contains(
              Integer.toString(taken.getLocalPort()),
              "node-2 can't be started, so everything stops",
              "Everything has stopped");
      assertThat(data().resolve("postgres")).isNotEmptyDirectory();
      assertThat(data().resolve("postgres/postmaster.pid")).doesNotExist();
    }
  }

  private Path data() {
    return directory.resolve("empty/data/cluster");
  }

  /** The processes of all nodes that have begun to serve, once there are so many. */
  private List<Long> awaitNodes(int count) {
    List<Long> processes = new ArrayList<>();
    boolean there =
        Eventually.within(
            LIMIT,
            () -> {
              processes.clear();
              SERVES
                  .matcher(printed())
                  .results()
                  .map((MatchResult line) -> Long.parseLong(line.group(2)))
                  .forEach(processes::add);
              return processes.size() >= count || !script.isAlive();
            });
    assertThat(there && processes.size() == count).as(printed()).isTrue();
    return processes;
  }

  private String printed() {
    try {
      return Files.readString(directory.resolve("printed"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String session() {
    return "{\"type\":\"chat\",\"taskIdentifier\":\"task\",\"externalId\":\"local\","
        + "\"triggerConfig\":{\"basePayload\":{}}}";
  }

  private void post(int node, String path, String body) {
    String answer =
        send(node, path, request -> request.POST(HttpRequest.BodyPublishers.ofString(body)));
    assertThat(answer).isNotEmpty();
  }

  private String records(int node) {
    return send(node, "/realtime/v1/sessions/local/in/records", HttpRequest.Builder::GET);
  }

  /** Again while a session is about to find another node. */
  private String send(int node, String path, UnaryOperator<HttpRequest.Builder> method) {
    List<HttpResponse<String>> answers = new ArrayList<>();
    boolean done =
        Eventually.within(
            LIMIT,
            () -> {
              try {
                HttpRequest.Builder request =
                    HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + (httpPort + node) + path))
                        .header(
                            "Authorization",
                            "Bearer " + Files.readString(data().resolve("secret-key")).strip())
                        .header("Content-Type", "application/json");
                answers.add(
                    HTTP.send(method.apply(request).build(), HttpResponse.BodyHandlers.ofString()));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
              }
              return answers.get(answers.size() - 1).statusCode() != 503;
            });
    HttpResponse<String> last = answers.get(answers.size() - 1);
    assertThat(done && last.statusCode() / 100 == 2).as(last.statusCode() + last.body()).isTrue();
    return last.body();
  }
}
