package dev.parley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import dev.parley.auth.SecretKeyFile;
import dev.parley.http.Answer;
import dev.parley.http.admin.ProjectionFixture;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectionCommandTest {
  private static final String INDEX = ProjectionFixture.INDEX;
  private static final String ACTIVITY = ProjectionFixture.ACTIVITY;

  private static Called projection(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "projection";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Called.with(
        Map.of(
            "PARLEY_URL",
            TestServer.origin() + "/",
            "PARLEY_SECRET_KEY",
            TestServer.ACME_KEY + ", another"),
        all);
  }

  private static List<String> lines(Called called) {
    assertThat(called.code()).as(called.err()).isZero();
    assertThat(called.err()).isEmpty();
    return called.out().lines().toList();
  }

  @BeforeAll
  static void assumeSumsInPostgres() {
    ProjectionFixture.assumeSumsInPostgres();
  }

  @AfterEach
  void goOn() {
    lines(projection("resume"));
  }

  @Test
  void shows_the_projections_as_a_table() {
    List<String> lines = lines(projection("status"));
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).matches("PROJECTION +STATE +BEHIND +LAG +PARKED");
    assertThat(lines.get(1)).matches("session-index +running +[0-9]+ +[0-9.]+s +[0-9]+");
    assertThat(lines.get(2)).matches("session-activity +running +[0-9]+ +[0-9.]+s +[0-9]+");
  }

  @Test
  void pauses_one_and_resumes_all() {
    assertThat(lines(projection("pause", INDEX)).get(1)).matches("session-index +paused .*");
    assertThat(lines(projection("status", INDEX))).hasSize(2).last().asString().contains("paused");
    assertThat(lines(projection("status", ACTIVITY)).get(1)).contains("running");
    assertThat(lines(projection("resume"))).hasSize(3).noneMatch(line -> line.contains("paused"));
  }

  @Test
  void rebuilds_one_and_all() {
    assertThat(lines(projection("rebuild", ACTIVITY))).hasSize(2);
    assertThat(lines(projection("rebuild"))).hasSize(3);
    ProjectionFixture.awaitCaughtUp(INDEX);
    ProjectionFixture.awaitCaughtUp(ACTIVITY);
  }

  @Test
  void prints_the_json_of_the_server_on_request() {
    Called called = projection("status", "--json", INDEX);
    assertThat(called.code()).isZero();
    JsonNode projections = Answer.parse(called.out()).get("projections");
    assertThat(projections).hasSize(1);
    assertThat(projections.get(0).get("name").textValue()).isEqualTo(INDEX);
    assertThat(projections.get(0).get("slices")).hasSize(4);
  }

  @Test
  void an_unknown_name_ends_with_1_and_the_names_there_are() {
    for (String action : List.of("status", "pause", "resume", "rebuild")) {
      Called called = projection(action, "nothing/here");
      assertThat(called.code()).as(action).isEqualTo(1);
      assertThat(called.err()).as(action).contains("nothing/here", INDEX, ACTIVITY);
    }
  }

  @Test
  void a_wrong_key_ends_with_1_and_says_what_to_mend() {
    Called called =
        Called.with(
            Map.of("PARLEY_URL", TestServer.origin(), "PARLEY_SECRET_KEY", "wrong"),
            "projection",
            "status");
    assertThat(called.code()).isEqualTo(1);
    assertThat(called.err()).contains("refuses (401)", "PARLEY_SECRET_KEY").doesNotContain("wrong");
  }

  @Test
  void finds_the_server_by_its_port_and_the_key_in_its_data(@TempDir Path data) throws Exception {
    String kept = SecretKeyFile.loadOrCreate(data);
    Map<String, String> environment = new HashMap<>();
    environment.put("PARLEY_HTTP_PORT", Integer.toString(TestServer.port()));
    environment.put("PARLEY_DATA_DIR", data.toString());
    Called called = Called.with(environment, "projection", "status");
    assertThat(called.code()).isEqualTo(1);
    assertThat(called.err())
        .contains("Parley at http://127.0.0.1:" + TestServer.port() + " refuses (401)")
        .doesNotContain(kept);
  }
}
