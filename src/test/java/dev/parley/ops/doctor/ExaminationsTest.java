package dev.parley.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.agent.AgentDefinition;
import dev.parley.agent.AgentSnapshot;
import dev.parley.agent.AgentsConfig;
import dev.parley.auth.Environment;
import dev.parley.ops.doctor.Check.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor says of keys, agents and the machine. */
class ExaminationsTest {
  private static final String ECHO = AgentDefinition.ECHO_ID;

  private static final AgentSnapshot AGENTS =
      AgentsConfig.read(
          com.typesafe.config.ConfigFactory.load().getConfig("parley"), System::getenv);

  private static Check keys(boolean production, String... keys) {
    return new SecretKeys(List.of(new Environment("env", List.of(keys))), production).call().get(0);
  }

  @Test
  void short_keys_are_told_by_their_length_alone() {
    assertThat(keys(true, "x".repeat(32)).status()).isEqualTo(Status.OK);
    assertThat(keys(true, "x".repeat(32), "geheim-geheim-31").status()).isEqualTo(Status.WARN);
    Check failed = keys(true, "geheim-1");
    assertThat(failed.status()).isEqualTo(Status.FAIL);
    assertThat(failed.toString()).contains("8 characters").doesNotContain("geheim");
    assertThat(keys(false, "geheim-1").status()).isEqualTo(Status.WARN);
  }

  private static List<Check> agents(AgentSnapshot agents, Map<String, String> events) {
    return new AgentsExamination(
            () -> agents, () -> CompletableFuture.completedFuture(events), name -> null)
        .look()
        .toCompletableFuture()
        .join();
  }

  @Test
  void an_event_needs_an_agent_that_is_started() {
    assertThat(agents(AGENTS, Map.of("demo", ECHO)).get(1).status()).isEqualTo(Status.OK);
    Check gone = agents(AGENTS, Map.of("demo", "nobody")).get(1);
    assertThat(gone.status()).isEqualTo(Status.FAIL);
    assertThat(gone.value()).contains("demo -> nobody");
    AgentSnapshot stopped =
        new AgentSnapshot(List.of(AGENTS.byId(ECHO).orElseThrow().withStarted(false)));
    assertThat(agents(stopped, Map.of("demo", ECHO)).get(1).status()).isEqualTo(Status.FAIL);
  }

  @Test
  void the_machine_is_looked_at_where_the_data_will_be(@TempDir Path directory) throws Exception {
    List<Check> checks = new MachineExamination(directory.resolve("not/yet/there")).call();
    assertThat(checks).extracting(Check::name).containsExactly("disk", "open-files");
    assertThat(checks.get(0).value()).contains("GB free for");
  }

  @Test
  void no_clickhouse_is_no_fault() {
    List<Check> checks = new ClickHouseExamination(null).look().toCompletableFuture().join();
    assertThat(checks).extracting(Check::status).containsExactly(Status.OK);
  }
}
