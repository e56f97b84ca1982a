package dev.parley.deployment;

import static dev.parley.deployment.Yaml.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is applied to a Kubernetes cluster, against Kubernetes' own schema and against itself. */
class KubernetesManifestsTest {
  private static final Path DIRECTORY = Path.of("cluster/kubernetes");
  private static final String KUSTOMIZATION = "kustomization.yaml";
  private static final String EXAMPLE_SECRET = "secret.example.yaml";
  private static final Gson GSON = new Gson();

  /** Fails for a field that the kind does not have, of another type, or that is missing. */
  private interface Schema {
    void validate(JsonElement manifest) throws IOException;
  }

  private static final Map<String, Schema> SCHEMAS =
      Map.of(
          "v1 Namespace", V1Namespace::validateJsonElement,
          "v1 ConfigMap", V1ConfigMap::validateJsonElement,
          "v1 Secret", V1Secret::validateJsonElement,
          "v1 Service", V1Service::validateJsonElement,
          "apps/v1 StatefulSet", V1StatefulSet::validateJsonElement,
          "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
          "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy::validateJsonElement);

  private static void validate(Map<String, Object> manifest) throws IOException {
    String kind = manifest.get("apiVersion") + " " + manifest.get("kind");
    assertThat(SCHEMAS).containsKey(kind);
    assertThat((String) at(manifest, "metadata", "name")).isNotEmpty();
    SCHEMAS.get(kind).validate(GSON.toJsonTree(manifest));
  }

  static Stream<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(DIRECTORY)) {
      return all
          .filter(file -> !file.endsWith(KUSTOMIZATION))
          .sorted()
          .collect(Collectors.toList())
          .stream();
    }
  }

  private static List<Map<String, Object>> ofKind(String kind) throws IOException {
    return files()
        .flatMap(file -> Yaml.documents(file).stream())
        .filter(manifest -> manifest.get("kind").equals(kind))
        .toList();
  }

  private static Map<String, Object> statefulSet() {
    return Yaml.documents(DIRECTORY.resolve("statefulset.yaml")).get(0);
  }

  private static Map<String, Object> container() {
    return at(statefulSet(), "spec", "template", "spec", "containers", 0);
  }

  @ParameterizedTest
  @MethodSource("files")
  void everything_in_it_is_known_to_kubernetes_and_nothing_is_missing(Path file) {
    List<Map<String, Object>> manifests = Yaml.documents(file);
    assertThat(manifests).isNotEmpty();
    for (Map<String, Object> manifest : manifests) {
      assertThatCode(() -> validate(manifest)).doesNotThrowAnyException();
    }
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("replica", set -> rename(at(set, "spec"), "replicas", "replica")),
        mistake("selector", set -> Yaml.<Map<?, ?>>at(set, "spec").remove("selector")),
        mistake("readynessProbe", set -> rename(node(set), "readinessProbe", "readynessProbe")),
        mistake("name", set -> node(set).remove("name")),
        mistake("containerPort", set -> node(set, "ports", 0).remove("containerPort")),
        mistake("mountpath", set -> rename(node(set, "volumeMounts", 0), "mountPath", "mountpath")),
        mistake("httpget", set -> rename(node(set, "livenessProbe"), "httpGet", "httpget")),
        mistake("image", set -> node(set).put("image", List.of("parley"))),
        mistake("args", set -> node(set).put("args", "--verbose")));
  }

  private static Arguments mistake(String named, Consumer<Map<String, Object>> change) {
    return Arguments.of(named, change);
  }

  private static Map<String, Object> node(Map<String, Object> set, Object... path) {
    return at(at(set, "spec", "template", "spec", "containers", 0), path);
  }

  private static void rename(Map<String, Object> object, String from, String to) {
    object.put(to, object.remove(from));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void a_field_that_is_misspelled_missing_or_of_another_type_is_found(
      String named, Consumer<Map<String, Object>> change) {
    Map<String, Object> changed = statefulSet();
    change.accept(changed);
    assertThatThrownBy(() -> validate(changed))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("`" + named + "`");
  }

  @Test
  void all_files_are_applied_but_the_example_of_the_secret() throws IOException {
    Map<String, Object> kustomization = Yaml.documents(DIRECTORY.resolve(KUSTOMIZATION)).get(0);
    List<String> resources = at(kustomization, "resources");
    assertThat(resources)
        .containsExactlyInAnyOrderElementsOf(
            files()
                .map(file -> file.getFileName().toString())
                .filter(name -> !name.equals(EXAMPLE_SECRET))
                .toList());
    assertThat((String) at(kustomization, "images", 0, "name")).isEqualTo(at(container(), "image"));
    assertThat((String) at(kustomization, "namespace"))
        .isEqualTo(at(ofKind("Namespace").get(0), "metadata", "name"));
  }

  @Test
  void every_variable_is_a_setting_of_the_server() throws IOException {
    Set<String> variables = new HashSet<>();
    List<Map<String, Object>> env = at(container(), "env");
    env.forEach(variable -> variables.add(at(variable, "name")));
    variables.addAll(Yaml.<Map<String, Object>>at(ofKind("ConfigMap").get(0), "data").keySet());
    variables.addAll(Yaml.<Map<String, Object>>at(ofKind("Secret").get(0), "stringData").keySet());
    assertThat(variables).contains("PARLEY_CLUSTER_HOST", "PARLEY_SECRET_KEY", "PARLEY_SEED_NODES");
    assertThat(SettingVariables.unknownOf(variables)).isEmpty();
  }

  @Test
  void what_a_pod_refers_to_is_there() throws IOException {
    assertThat((String) at(container(), "envFrom", 0, "configMapRef", "name"))
        .isEqualTo(at(ofKind("ConfigMap").get(0), "metadata", "name"));
    assertThat((String) at(container(), "envFrom", 1, "secretRef", "name"))
        .isEqualTo(at(ofKind("Secret").get(0), "metadata", "name"));
    assertThat(names(at(container(), "volumeMounts")))
        .isEqualTo(names(at(statefulSet(), "spec", "template", "spec", "volumes")));

    Set<String> ports = names(at(container(), "ports"));
    List<String> used = new ArrayList<>();
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      used.add(at(container(), probe, "httpGet", "port"));
    }
    for (Map<String, Object> service : ofKind("Service")) {
      List<Map<String, Object>> all = at(service, "spec", "ports");
      all.forEach(port -> used.add(at(port, "targetPort")));
    }
    for (int rule = 0; rule < 2; rule++) {
      used.add(at(ofKind("NetworkPolicy").get(0), "spec", "ingress", rule, "ports", 0, "port"));
    }
    assertThat(ports).isEqualTo(new HashSet<>(used));
  }

  private static Set<String> names(List<Map<String, Object>> objects) {
    return objects.stream().map(object -> (String) at(object, "name")).collect(Collectors.toSet());
  }

  @Test
  void whatever_selects_pods_selects_the_nodes() throws IOException {
    Map<String, Object> labels = at(statefulSet(), "spec", "template", "metadata", "labels");
    List<Map<String, Object>> selectors = new ArrayList<>();
    selectors.add(at(statefulSet(), "spec", "selector", "matchLabels"));
    selectors.add(at(ofKind("PodDisruptionBudget").get(0), "spec", "selector", "matchLabels"));
    selectors.add(at(ofKind("NetworkPolicy").get(0), "spec", "podSelector", "matchLabels"));
    for (Map<String, Object> service : ofKind("Service")) {
      selectors.add(at(service, "spec", "selector"));
    }
    assertThat(selectors).hasSize(5).allMatch(labels::equals);
  }

  @Test
  void nodes_are_named_as_the_headless_service_names_them() throws IOException {
    Map<String, Object> headless =
        ofKind("Service").stream()
            .filter(service -> !Yaml.<Map<?, ?>>at(service, "spec").containsKey("sessionAffinity"))
            .findFirst()
            .orElseThrow();
    assertThat((String) at(headless, "spec", "clusterIP")).isEqualTo("None");
    assertThat((Boolean) at(headless, "spec", "publishNotReadyAddresses")).isTrue();
    String service = at(headless, "metadata", "name");
    assertThat((String) at(statefulSet(), "spec", "serviceName")).isEqualTo(service);

    Map<String, Object> settings = at(ofKind("ConfigMap").get(0), "data");
    int replicas = at(statefulSet(), "spec", "replicas");
    String set = at(statefulSet(), "metadata", "name");
    String namespace = at(ofKind("Namespace").get(0), "metadata", "name");
    List<String> seeds = new ArrayList<>();
    for (int i = 0; i < replicas; i++) {
      seeds.add(
          "%s-%d.%s.%s.svc.cluster.local:%s"
              .formatted(set, i, service, namespace, settings.get("PARLEY_CLUSTER_PORT")));
    }
    assertThat(settings.get("PARLEY_SEED_NODES")).isEqualTo(String.join(",", seeds));
    Map<String, Object> host = at(container(), "env", 2);
    assertThat(host)
        .containsEntry("name", "PARLEY_CLUSTER_HOST")
        .containsEntry("value", "$(POD_NAME)." + service + ".$(POD_NAMESPACE).svc.cluster.local");
    assertThat((Integer) at(container(), "ports", 1, "containerPort"))
        .hasToString((String) settings.get("PARLEY_CLUSTER_PORT"));
  }

  /** A node is taken out before it stops to take requests. */
  @Test
  void readiness_is_noticed_within_the_delay_of_a_shutdown() throws IOException {
    int period = at(container(), "readinessProbe", "periodSeconds");
    int failures = at(container(), "readinessProbe", "failureThreshold");
    String delay = at(ofKind("ConfigMap").get(0), "data", "PARLEY_SHUTDOWN_DELAY");
    assertThat(Duration.parse("PT" + delay))
        .isGreaterThan(Duration.ofSeconds((long) period * failures));
  }
}
