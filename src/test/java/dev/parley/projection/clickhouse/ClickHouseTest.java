package dev.parley.projection.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.clickhouse.TestClickHouse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClickHouseTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static ClickHouseFixture fixture;

  @BeforeAll
  static void start() throws Exception {
    TestClickHouse.assumeAvailable();
    fixture = ClickHouseFixture.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (fixture != null) {
      fixture.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "'; drop table sessions_v1; --",
        "\\'",
        "\\",
        "\\\\N",
        "\\N",
        "a\tb\nc\r\0\b\f",
        "{p0:String}",
        "ü😀",
        "%00&param_x=1#+ ",
        "NULL",
        "[1,2]"
      })
  void parameters_are_values_whatever_they_hold(String text) throws Exception {
    List<JsonNode> rows =
        ClickHouseFixture.await(
            fixture
                .client()
                .select(
                    "select {text:String} as text, {texts:Array(String)} as texts,"
                        + " {number:Int64} as number, {numbers:Array(UInt64)} as numbers",
                    new Parameters()
                        .text("text", text)
                        .texts("texts", List.of(text, "x", text))
                        .number("number", Long.MIN_VALUE)
                        .numbers("numbers", List.of(0L, Long.MAX_VALUE)),
                    LIMIT));
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).get("text").textValue()).isEqualTo(text);
    assertThat(rows.get(0).get("texts")).hasSize(3);
    assertThat(rows.get(0).get("texts").get(2).textValue()).isEqualTo(text);
    assertThat(rows.get(0).get("number").longValue()).isEqualTo(Long.MIN_VALUE);
    assertThat(rows.get(0).get("numbers").get(1).longValue()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void says_what_was_wrong_and_whether_it_was_the_data() {
    assertThat(failure("select nonsense").isRefusedValue()).isFalse();
    assertThat(failure("select nonsense").code()).isEqualTo(47);
    ClickHouseException refused =
        failure(
            () ->
                ClickHouseFixture.await(
                    fixture
                        .client()
                        .insert("sessions_v1", "{\"_version\":\"x\"}\n".getBytes(), LIMIT)));
    assertThat(refused.isRefusedValue()).isTrue();
  }

  @Test
  void a_wrong_password_is_told_without_it() {
    ClickHouseAddress right = fixture.client().address();
    ClickHouse wrong =
        new ClickHouse(
            new ClickHouseAddress(right.origin(), right.user(), "guess", right.database()));
    ClickHouseException failure =
        failure(() -> ClickHouseFixture.await(wrong.select("select 1", new Parameters(), LIMIT)));
    assertThat(failure.code()).isEqualTo(516);
    assertThat(failure).hasMessageNotContaining("guess");
    assertThat(failure.isRefusedValue()).isFalse();
  }

  @Test
  void does_not_wait_longer_than_it_may_for_one_that_does_not_answer() throws IOException {
    // Takes connections and never says a word.
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      ClickHouse client =
          new ClickHouse(
              ClickHouseAddress.parse("http://u:secret@127.0.0.1:" + silent.getLocalPort()));
      long start = System.nanoTime();
      ClickHouseException failure =
          failure(
              () ->
                  ClickHouseFixture.await(
                      client.select("select 1", new Parameters(), Duration.ofMillis(300))));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      assertThat(failure.code()).isEqualTo(ClickHouseException.NO_ANSWER);
      assertThat(failure).hasMessageNotContaining("secret");
    }
  }

  @Test
  void the_tables_can_be_made_any_number_of_times_with_any_retention() throws Exception {
    for (Duration retention : new Duration[] {Duration.ofDays(3), null, Duration.ofDays(30)}) {
      ClickHouseFixture.await(new ClickHouseSchema(fixture.client(), retention).ensure());
      String table =
          fixture.server().rows("show create table session_events_v1").get(0).get(0).asText();
      if (retention == null) {
        assertThat(table).doesNotContain("TTL");
      } else {
        assertThat(table).contains("TTL", "toIntervalSecond(" + retention.toSeconds() + ")");
      }
    }
    assertThat(fixture.server().rows("select migration from parley_schema final order by 1"))
        .hasToString("[[\"V1__sessions\"], [\"V2__short_texts\"]]");
  }

  private static ClickHouseException failure(String sql) {
    return failure(
        () -> ClickHouseFixture.await(fixture.client().select(sql, new Parameters(), LIMIT)));
  }

  private interface Work {
    void run() throws Exception;
  }

  private static ClickHouseException failure(Work work) {
    try {
      work.run();
    } catch (ExecutionException e) {
      return (ClickHouseException) e.getCause();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    throw new AssertionError("nothing failed");
  }
}
