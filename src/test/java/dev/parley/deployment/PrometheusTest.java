package dev.parley.deployment;

import static dev.parley.deployment.Yaml.at;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The example that scrapes the nodes of {@code cluster/compose.yml}. */
class PrometheusTest {
  @Test
  void every_node_is_scraped_with_the_secret_key() {
    Map<String, Object> file = Yaml.documents(Path.of("cluster/prometheus.yml")).get(0);
    Map<String, Object> job = at(file, "scrape_configs", 0);
    assertThat(job).containsEntry("metrics_path", "/metrics");
    Map<String, Object> authorization = at(job, "authorization");
    assertThat(authorization).containsKey("credentials_file");
    List<String> targets = at(job, "static_configs", 0, "targets");
    assertThat(targets).containsExactly("parley:8080", "parley-2:8080", "parley-3:8080");
  }
}
