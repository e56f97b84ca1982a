package dev.parley.ops;

import static dev.parley.http.Fixtures.append;
import static dev.parley.http.Fixtures.created;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.http.Wire;
import dev.parley.http.admin.ProjectionFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code src/docs/metrics.md} and the dashboard say what a server shows, no more and no less. */
class MetricsListTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z0-9_]+)`(\\*?) \\| ([a-z_, –]+) \\| .+ \\|");
  private static final Pattern WORD = Pattern.compile("[a-z_][a-z0-9_]*");

  private static Scrape scrape;

  /** What there is only once it has happened. */
  @BeforeAll
  static void live() {
    ProjectionFixture.assumeSumsInPostgres();
    append(created("measured"), "x");
    Wire.get("/api/messaging/sessions/health").send();
    System.gc();
    scrape = Scrape.ofTestServer();
  }

  /**
   * The rows of the list: each metric with the names of its labels.
   *
   * @param starred whether a name with a star, which may be missing, is wanted
   */
  private static Map<String, Set<String>> listed(Predicate<String> starred) throws IOException {
    Map<String, Set<String>> rows = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("src/docs/metrics.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches() && starred.test(row.group(2))) {
        rows.put(
            row.group(1),
            Arrays.stream(row.group(3).split("[, –]+"))
                .filter(label -> !label.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new)));
      }
    }
    return rows;
  }

  @Test
  void the_list_has_every_metric_with_its_labels() throws IOException {
    Map<String, Set<String>> shown = scrape.metrics();
    Map<String, Set<String>> sometimes = listed("*"::equals);
    sometimes.keySet().removeAll(shown.keySet());
    shown.putAll(sometimes);
    assertThat(listed(star -> true)).isEqualTo(shown);
  }

  @Test
  void every_name_follows_the_conventions() {
    assertThat(scrape.metrics().keySet())
        .hasSizeGreaterThan(40)
        .allSatisfy(
            name -> assertThat(name).matches("(parley|jvm|process|system)_[a-z0-9]+(_[a-z0-9]+)*"));
  }

  @Test
  void every_expression_of_the_dashboard_asks_for_what_there_is() throws IOException {
    JsonNode dashboard =
        new ObjectMapper().readTree(Path.of("cluster/grafana/parley.json").toFile());
    List<String> expressions = dashboard.findValuesAsText("expr");
    assertThat(expressions).hasSizeGreaterThan(20);
    Set<String> asked = new TreeSet<>();
    for (String expression : expressions) {
      Set<String> names = seriesOf(expression);
      assertThat(names).as(expression).isNotEmpty();
      asked.addAll(names);
    }
    Set<String> sometimes = listed("*"::equals).keySet();
    assertThat(asked).allMatch(name -> scrape.has(name) || sometimes.contains(scrape.metric(name)));
  }

  /** The words of an expression that are neither functions, nor labels, nor their values. */
  private static Set<String> seriesOf(String expression) {
    String bare =
        expression
            .replaceAll("\\{[^}]*}", "")
            .replaceAll("\\[[^]]*]", "")
            .replaceAll("\\b(by|without|on|ignoring|group_left|group_right) *\\([^)]*\\)", "");
    Set<String> names = new TreeSet<>();
    Matcher word = WORD.matcher(bare);
    while (word.find()) {
      String rest = bare.substring(word.end()).stripLeading();
      if (!rest.startsWith("(") && word.group().contains("_")) {
        names.add(word.group());
      }
    }
    return names;
  }
}
