package dev.parley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  @ParameterizedTest
  @CsvSource({
    "projektion,                          There is no command 'projektion'",
    "projection,                          What to do with projections is not said",
    "projection explode,                  Nobody can 'explode' a projection",
    "projection pause,                    Which projection is to be paused is not said",
    "projection status one two,           One name at most",
    "projection status --yaml,            There is no option '--yaml'",
    "serve now,                           There is no command 'serve'",
    "database stop,                       There is no command 'database'",
  })
  void wrong_usage_is_told_with_the_right_one_and_ends_with_2(String line, String complaint) {
    Called called = Called.with(Map.of(), line.split(" "));
    assertThat(called.code()).isEqualTo(2);
    assertThat(called.out()).isEmpty();
    assertThat(called.err()).contains(complaint, "Usage:", "projection rebuild [name]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "help", "-h", "projection --help", "projection pause -h"})
  void help_is_no_error(String line) {
    Called called = Called.with(Map.of(), line.split(" "));
    assertThat(called.code()).isZero();
    assertThat(called.out()).contains("projection pause <name>");
    assertThat(called.err()).isEmpty();
  }

  @Test
  void a_server_that_does_not_answer_ends_with_1_and_says_where_it_was_looked_for() {
    Called called =
        Called.with(
            Map.of("PARLEY_URL", "http://127.0.0.1:1/", "PARLEY_SECRET_KEY", "k"),
            "projection",
            "status");
    assertThat(called.code()).isEqualTo(1);
    assertThat(called.err()).contains("http://127.0.0.1:1 does not answer", "PARLEY_URL");
  }

  @Test
  void without_a_key_it_says_where_one_could_be_and_makes_none(@TempDir Path data) {
    Called called = Called.with(Map.of("PARLEY_DATA_DIR", data.toString()), "projection", "status");
    assertThat(called.code()).isEqualTo(1);
    assertThat(called.err()).contains("PARLEY_SECRET_KEY", data.resolve("secret-key").toString());
    assertThat(data).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({
    "PARLEY_URL,          ftp://host",
    "PARLEY_URL,          not a url",
    "PARLEY_HTTP_PORT,    0",
    "PARLEY_HTTP_PORT,    http",
  })
  void an_address_that_says_nothing_is_named(String variable, String value) {
    Called called =
        Called.with(Map.of("PARLEY_SECRET_KEY", "k", variable, value), "projection", "status");
    assertThat(called.code()).isEqualTo(1);
    assertThat(called.err()).contains(variable + " is '" + value + "'");
  }

  @Test
  void a_key_that_no_header_can_hold_is_not_repeated() {
    Called called = Called.with(Map.of("PARLEY_SECRET_KEY", "se\ncret"), "projection", "status");
    assertThat(called.code()).isEqualTo(1);
    assertThat(called.err()).contains("secret key").doesNotContain("cret\"");
  }
}
