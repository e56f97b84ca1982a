package dev.parley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  private static final Map<String, String> RUNNING =
      Map.of("PARLEY_URL", TestServer.origin(), "PARLEY_SECRET_KEY", TestServer.ACME_KEY);

  /** Nothing listens there. */
  private static final Map<String, String> AWAY =
      Map.of("PARLEY_HTTP_PORT", "1", "PARLEY_SECRET_KEY", "x");

  private static ArrayNode checks(String status) {
    ArrayNode checks = JsonNodeFactory.instance.arrayNode();
    checks.addObject().put("name", "disk").put("status", "ok").put("value", "5 GB");
    checks
        .addObject()
        .put("name", "thing")
        .put("status", status)
        .put("value", "7")
        .put("remedy", "Do it");
    return checks;
  }

  @Test
  void a_running_server_is_asked() {
    Called called = Called.with(RUNNING, "doctor");
    List<String> lines = called.out().lines().toList();
    assertThat(lines.get(0)).matches("STATUS +CHECK +SEEN");
    assertThat(lines.get(1))
        .isEqualTo("ok      server               answers at " + TestServer.origin());
    assertThat(called.out()).contains("database-durability", "fsync").doesNotContain("{");
    // The keys of the tests are short, which is a warning and no failure.
    assertThat(called.out()).containsPattern("warn +secret-keys .* -> Put a longer one");
    assertThat(called.code()).as(called.err()).isZero();
  }

  @Test
  void programs_read_json() {
    Called called = Called.with(RUNNING, "doctor", "--json");
    JsonNode checks = Answer.parse(called.out()).get("checks");
    assertThat(checks.findValuesAsText("name")).contains("server", "schema", "clock");
  }

  @Test
  void without_a_server_the_checks_are_done_here() {
    Called called = Called.with(() -> checks("warn"), AWAY, "doctor");
    assertThat(called.code()).isZero();
    assertThat(called.out())
        .containsPattern("warn +server +Parley at http://127.0.0.1:1 does not answer")
        .containsPattern("ok +disk +5 GB")
        .containsPattern("warn +thing +7  -> Do it");
  }

  @Test
  void a_failed_check_is_the_exit_code() {
    Called called = Called.with(() -> checks("fail"), AWAY, "doctor");
    assertThat(called.code()).isEqualTo(CommandLine.FAILED);
    assertThat(called.err()).isEqualTo("1 of 3 checks failed\n");
    assertThat(called.out()).containsPattern("fail +thing +7  -> Do it");
  }

  @Test
  void a_server_that_was_named_must_be_there() {
    Map<String, String> named =
        Map.of("PARLEY_URL", "http://127.0.0.1:1", "PARLEY_SECRET_KEY", "geheim");
    Called called = Called.with(() -> checks("ok"), named, "doctor");
    assertThat(called.code()).isEqualTo(CommandLine.FAILED);
    assertThat(called.out()).containsPattern("fail +server").doesNotContain("geheim");
  }

  @Test
  void before_the_first_start_there_is_no_key(@TempDir Path data) {
    Called called =
        Called.with(() -> checks("ok"), Map.of("PARLEY_DATA_DIR", data.toString()), "doctor");
    assertThat(called.code()).isZero();
    assertThat(called.out()).containsPattern("warn +server +There is no secret key");
  }

  @Test
  void a_wrong_key_is_told() {
    Called called =
        Called.with(
            Map.of("PARLEY_URL", TestServer.origin(), "PARLEY_SECRET_KEY", "geheim"), "doctor");
    assertThat(called.code()).isEqualTo(CommandLine.FAILED);
    assertThat(called.err()).contains("refuses (401)").doesNotContain("geheim");
  }

  @Test
  void other_words_are_wrong_usage() {
    Called called = Called.with(AWAY, "doctor", "--all");
    assertThat(called.code()).isEqualTo(CommandLine.WRONG_USAGE);
    assertThat(called.err()).contains("--json");
  }
}
