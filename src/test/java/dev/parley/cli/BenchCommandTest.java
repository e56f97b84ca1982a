package dev.parley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {
  private static final Map<String, String> RUNNING =
      Map.of("PARLEY_URL", TestServer.origin(), "PARLEY_SECRET_KEY", TestServer.ACME_KEY);

  @Test
  void measures_appends_and_leaves_nothing_behind() {
    Called called =
        Called.with(
            RUNNING, "bench", "--writers", "3", "--seconds", "1", "--bytes", "100", "--json");
    assertThat(called.code()).as(called.err()).isZero();
    assertThat(called.err()).isEqualTo("3 writers of 100 bytes for 1 s\n");
    JsonNode result = Answer.parse(called.out());
    assertThat(result.get("records").asLong()).isPositive();
    assertThat(result.get("recordsPerSecond").asLong()).isEqualTo(result.get("records").asLong());
    assertThat(result.get("p50Millis").asDouble())
        .isPositive()
        .isLessThanOrEqualTo(result.get("p99Millis").asDouble());
    assertThat(Called.with(RUNNING, "sessions", "list", "--type", "bench", "--json").out())
        .isEmpty();
  }

  @Test
  void latencies_are_those_of_the_share_that_was_no_slower() {
    long[] millis = new long[100];
    for (int i = 0; i < 100; i++) {
      millis[i] = (i + 1) * 1_000_000L;
    }
    AppendLoad.Result result = new AppendLoad.Result(millis);
    assertThat(result.millis(0.5)).isEqualTo(50);
    assertThat(result.millis(0.99)).isEqualTo(99);
    assertThat(result.millis(1)).isEqualTo(100);
    assertThat(new AppendLoad.Result(new long[0]).millis(0.5)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--writers 0", "--writers 1001", "--seconds 121", "--bytes x", "now"})
  void wrong_usage_ends_with_2(String line) {
    Called called = Called.with(RUNNING, ("bench " + line).split(" "));
    assertThat(called.code()).isEqualTo(CommandLine.WRONG_USAGE);
    assertThat(called.err()).contains("Usage:", "bench [--writers 16]");
  }
}
