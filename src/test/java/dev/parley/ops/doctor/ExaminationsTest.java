package dev.parley.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.agent.AgentDefinition;
import dev.parley.agent.AgentKind;
import dev.parley.agent.AgentSettings;
import dev.parley.agent.AgentSnapshot;
import dev.parley.agent.AgentsConfig;
import dev.parley.agent.HttpEndpoint;
import dev.parley.agent.ModelState;
import dev.parley.auth.Environment;
import dev.parley.entity.webchat.OrganizationSettings;
import dev.parley.entity.webchat.WidgetDomain;
import dev.parley.journal.WebRows;
import dev.parley.ops.doctor.Check.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
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

  private static AgentDefinition asking(String model, String prompt) {
    return new AgentDefinition(
        UUID.randomUUID().toString(),
        model + prompt,
        List.of(),
        AgentSettings.NONE,
        true,
        new AgentKind.OpenAi(
            HttpEndpoint.of("https://models.example/v1", List.of()), model, "KEY", prompt, 0),
        AGENTS.byId(ECHO).orElseThrow().limits());
  }

  private static Check models(Map<String, ModelState> states, AgentDefinition... agents) {
    return new ModelsExamination(
            () -> new AgentSnapshot(List.of(agents)),
            kind -> CompletableFuture.completedFuture(states.get(kind.model())))
        .look()
        .toCompletableFuture()
        .join()
        .get(0);
  }

  @Test
  void a_model_that_is_gone_is_told_and_one_that_can_not_be_told_is_not() {
    Map<String, ModelState> states =
        Map.of(
            "good", ModelState.THERE,
            "silent", ModelState.NOT_LISTED,
            "away", ModelState.AWAY,
            "gone", ModelState.GONE,
            "closed", ModelState.KEY_REFUSED);
    assertThat(models(states).status()).isEqualTo(Status.OK);
    Check fine = models(states, asking("good", ""), asking("good", "kind"), asking("silent", ""));
    assertThat(fine.status()).isEqualTo(Status.OK);
    assertThat(fine.value())
        .isEqualTo(
            "good at https://models.example/v1: there; silent at https://models.example/v1: tells no"
                + " list of models");
    assertThat(models(states, asking("good", ""), asking("away", "")).status())
        .isEqualTo(Status.WARN);
    Check gone = models(states, asking("good", ""), asking("gone", ""), asking("away", ""));
    assertThat(gone.status()).isEqualTo(Status.FAIL);
    assertThat(gone.value()).contains("gone at", "away at").doesNotContain("good");
    assertThat(models(states, asking("closed", "")).status()).isEqualTo(Status.FAIL);
    assertThat(models(states, asking("closed", "")).value()).contains("refuses the key in KEY");
    assertThat(models(states, asking("gone", "").withStarted(false)).status()).isEqualTo(Status.OK);
  }

  private static Check handOffs(long waiting, long taken, long lapsed) {
    return new HandOffsExamination(
            () -> CompletableFuture.completedFuture(new WebRows.HandOffs(waiting, taken, lapsed)))
        .look()
        .toCompletableFuture()
        .join()
        .get(0);
  }

  @Test
  void hand_offs_are_to_be_taken_before_they_expire() {
    assertThat(handOffs(3, 2, 2).status()).isEqualTo(Status.OK);
    assertThat(handOffs(3, 2, 2).value()).contains("2 taken", "2 expired", "3 waiting");
    Check missed = handOffs(0, 1, 2);
    assertThat(missed.status()).isEqualTo(Status.WARN);
    assertThat(missed.remedy()).contains("PARLEY_REALTIME_KEY");
  }

  private static List<Check> organizations(
      boolean production, boolean hasProxy, Map<String, OrganizationSettings> all) {
    return new OrganizationsExamination(
            () -> CompletableFuture.completedFuture(all), production, hasProxy)
        .look()
        .toCompletableFuture()
        .join();
  }

  private static OrganizationSettings allowing(WidgetDomain domain, String... origins) {
    return new OrganizationSettings(domain, List.of(origins), "key");
  }

  @Test
  void in_production_organizations_name_the_pages_of_their_webchats() {
    Map<String, OrganizationSettings> open =
        new TreeMap<>(
            Map.of(
                "acme", allowing(WidgetDomain.OWN),
                "globex", allowing(WidgetDomain.OWN, "https://globex.example")));
    assertThat(organizations(false, false, open).get(0).status()).isEqualTo(Status.OK);
    Check any = organizations(true, false, open).get(0);
    assertThat(any.status()).isEqualTo(Status.WARN);
    assertThat(any.value()).contains("2 webchats, 1 for pages of any origin: acme");
    Check plain =
        organizations(true, false, Map.of("a", allowing(WidgetDomain.OWN, "http://a.example")))
            .get(0);
    assertThat(plain.status()).isEqualTo(Status.WARN);
    assertThat(plain.value()).contains("without HTTPS: a");
    Map<String, OrganizationSettings> good =
        Map.of("globex", allowing(WidgetDomain.OWN, "https://globex.example"));
    assertThat(organizations(true, false, good).get(0).status()).isEqualTo(Status.OK);
  }

  @Test
  void the_proxy_domain_that_a_webchat_wants_must_be_there() {
    Map<String, OrganizationSettings> proxied = Map.of("acme", allowing(WidgetDomain.PROXY));
    assertThat(organizations(false, true, proxied).get(1).status()).isEqualTo(Status.OK);
    Check missing = organizations(false, false, proxied).get(1);
    assertThat(missing.status()).isEqualTo(Status.WARN);
    assertThat(missing.value()).contains("API_PROXY_DOMAIN is not set", "acme");
  }

  @Test
  void of_many_organizations_a_few_are_named() {
    Map<String, OrganizationSettings> many = new TreeMap<>();
    for (int i = 10; i < 22; i++) {
      many.put("org-" + i, allowing(WidgetDomain.OWN));
    }
    assertThat(organizations(true, false, many).get(0).value())
        .endsWith("org-10, org-11, org-12, org-13, org-14 and 7 more");
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
