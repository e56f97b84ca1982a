package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code java -jar parley.jar doctor}, before, while and after a server runs. */
class DoctorIT {
  @TempDir Path data;

  private record Called(int code, String out, String err) {}

  private Called doctor(Map<String, String> environment, String... options) throws Exception {
    Path jar = Path.of(System.getProperty("parley.jar", "target/parley.jar"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(ClassArchive.options(jar));
    command.addAll(List.of("-jar", jar.toString(), "doctor"));
    command.addAll(List.of(options));
    Path out = Files.createTempFile("doctor", ".out");
    Path err = Files.createTempFile("doctor", ".err");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("PARLEY_"));
    builder.environment().put("PARLEY_DATA_DIR", data.toString());
    builder.environment().put("PARLEY_HTTP_PORT", "1");
    builder.environment().putAll(environment);
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Called(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(data)) {
      return files.toList();
    }
  }

  @Test
  void before_the_first_start_it_makes_nothing() throws Exception {
    Called called = doctor(Map.of());
    assertThat(called.code()).as(called.out() + called.err()).isZero();
    assertThat(called.out())
        .containsPattern("warn +server ")
        .containsPattern("ok +secret-keys +none yet")
        .containsPattern("ok +database +embedded PostgreSQL, which is made")
        .containsPattern("ok +disk ");
    assertThat(files()).isEmpty();
  }

  @Test
  void a_running_server_is_asked_and_a_stopped_one_is_looked_at() throws Exception {
    String key = ParleyProcess.SECRET_KEY;
    try (ParleyProcess server = ParleyProcess.start(data)) {
      Map<String, String> there =
          new HashMap<>(Map.of("PARLEY_HTTP_PORT", "" + server.port(), "PARLEY_SECRET_KEY", key));
      Called running = doctor(there);
      assertThat(running.code()).as(running.out() + running.err()).isZero();
      assertThat(running.out())
          .containsPattern("ok +server +answers at")
          .containsPattern("ok +schema +version [0-9]+, up to date")
          .doesNotContain(key);

      Called elsewhere = doctor(Map.of("PARLEY_SECRET_KEY", key));
      assertThat(elsewhere.code()).isEqualTo(1);
      assertThat(elsewhere.out()).containsPattern("fail +database +The data directory .* in use");
    }
    Called stopped = doctor(Map.of("PARLEY_SECRET_KEY", key), "--json");
    assertThat(stopped.code()).as(stopped.out() + stopped.err()).isZero();
    assertThat(stopped.out())
        .contains("{\"checks\":[", "\"database-durability\",\"status\":\"ok\"", "up to date");
  }

  @Test
  void a_wrong_setting_is_a_failed_check() throws Exception {
    Called called = doctor(Map.of("TELEGRAM_BOT_API_KEY", "123456:geheim"));
    assertThat(called.code()).isEqualTo(1);
    assertThat(called.out())
        .containsPattern("fail +configuration +TELEGRAM_BOT_API_KEY is set and TELEGRAM_CHAT_ID is")
        .doesNotContain("geheim");
  }
}
