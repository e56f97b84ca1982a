package dev.parley.deployment;

import static dev.parley.deployment.Yaml.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.agent.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three nodes with Docker Compose, and the balancer in front of them. */
class ComposeTest {
  private static final Map<String, Object> ONE =
      at(Yaml.documents(Path.of("docker-compose.yml")).get(0), "services");
  private static final Map<String, Object> THREE =
      at(Yaml.documents(Path.of("cluster/compose.yml")).get(0), "services");

  private static final List<String> NODES = List.of("parley", "parley-2", "parley-3");

  /** As Compose puts both files together. */
  private static Map<String, Object> environment(String node) {
    Map<String, Object> all = new HashMap<>();
    if (ONE.containsKey(node)) {
      all.putAll(at(ONE, node, "environment"));
    }
    all.putAll(at(THREE, node, "environment"));
    return all;
  }

  @Test
  void every_variable_is_a_setting_of_the_server() {
    Set<String> variables = new TreeSet<>();
    NODES.forEach(node -> variables.addAll(environment(node).keySet()));
    assertThat(variables).contains("PARLEY_CLUSTER_HOST", "PARLEY_SHUTDOWN_DELAY");
    assertThat(SettingVariables.unknownOf(variables)).isEmpty();
  }

  @Test
  void a_variable_that_nobody_knows_is_found() {
    assertThat(SettingVariables.unknownOf(Set.of("PARLEY_SEED_NODE", "PARLEY_ENV", "HOME")))
        .containsExactly("PARLEY_SEED_NODE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"parley-2", "parley-3"})
  void another_node_is_as_the_first_but_for_its_name(String node) {
    Map<String, Object> expected = environment("parley");
    expected.put("PARLEY_CLUSTER_HOST", node);
    assertThat(environment(node)).isEqualTo(expected);
    for (String property :
        List.of("build", "depends_on", "healthcheck", "stop_grace_period", "restart")) {
      assertThat((Object) at(THREE, node, property)).isEqualTo(at(ONE, "parley", property));
    }
  }

  @Test
  void each_node_is_a_seed_under_its_own_name() {
    Set<String> seeds = new LinkedHashSet<>();
    for (String node : NODES) {
      assertThat(environment(node).get("PARLEY_CLUSTER_HOST")).isEqualTo(node);
      assertThat((String) at(THREE, node, "hostname")).isEqualTo(node);
      seeds.add(node + ":" + environment(node).get("PARLEY_CLUSTER_PORT"));
    }
    String told = (String) environment("parley").get("PARLEY_SEED_NODES");
    assertThat(Arrays.asList(told.split(","))).containsExactlyElementsOf(seeds);
  }

  @Test
  void only_the_balancer_is_reached_from_outside() {
    assertThat((List<?>) at(THREE, "parley", "ports")).isEmpty();
    assertThat(Yaml.<Map<String, Object>>at(THREE, "parley-2")).doesNotContainKey("ports");
    assertThat(Yaml.<Map<String, Object>>at(THREE, "parley-3")).doesNotContainKey("ports");
    assertThat((List<?>) at(THREE, "balancer", "ports")).isEqualTo(at(ONE, "parley", "ports"));
  }

  @Test
  void the_balancer_and_nobody_else_is_believed_about_who_asks() throws IOException {
    String balancer = at(THREE, "balancer", "networks", "default", "ipv4_address");
    assertThat(environment("parley").get("PARLEY_TRUSTED_PROXIES")).isEqualTo(balancer);
    assertThat(environment("parley")).doesNotContainKey("PARLEY_MESSAGING_RATE_LIMIT");
    List<Map<String, Object>> networks =
        at(
            Yaml.documents(Path.of("cluster/compose.yml")).get(0),
            "networks",
            "default",
            "ipam",
            "config");
    Network own = Network.parse((String) networks.get(0).get("subnet"));
    assertThat(own.contains(InetAddress.getByName(balancer))).isTrue();
    assertThat(Files.readString(Path.of("cluster/haproxy.cfg")))
        .containsPattern("(?m)^ {2}option forwardfor$");
  }

  @Test
  void the_balancer_knows_all_nodes_in_each_of_its_backends() throws IOException {
    String config = Files.readString(Path.of("cluster/haproxy.cfg"));
    List<String> backends = List.of(config.split("(?m)^backend ")).subList(1, 4);
    assertThat(backends).hasSize(3);
    for (String backend : backends) {
      Set<String> servers =
          Pattern.compile("(?m)^ {2}server \\S+ (\\S+):8080")
              .matcher(backend)
              .results()
              .map((MatchResult server) -> server.group(1))
              .collect(Collectors.toCollection(LinkedHashSet::new));
      assertThat(servers).containsExactlyElementsOf(NODES);
    }
  }
}
