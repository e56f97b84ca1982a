package dev.parley.ops.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ScrubberTest {
  private static final Scrubber SCRUBBER =
      new Scrubber(List.of("hunter2-the-secret", "hunter2-the-secret-longer", "", "a"));

  static Stream<Arguments> lines() {
    return Stream.of(
        arguments("{} {} failed", new Object[] {"POST", "/api/v1/x"}, "POST /api/v1/x failed"),
        arguments("turn {} of {}", new Object[] {7, "session_0af"}, "turn 7 of session_0af"),
        arguments("got {}", new Object[] {"Dear Ann, I am ill"}, "got …"),
        arguments("of {}", new Object[] {"ann@example.com"}, "of …"),
        arguments("of {}", new Object[] {"x".repeat(201)}, "of …"),
        arguments("key {}", new Object[] {"hunter2-the-secret"}, "key …"),
        arguments("key {}", new Object[] {"hunter2-the-secret-longer"}, "key …"),
        arguments("key {}", new Object[] {"tr_dev_sk_0123456789abcdefghijKLMN"}, "key …"),
        arguments("at {}", new Object[] {"postgresql://u:geheim@db:1/x"}, "at …"),
        arguments("Bearer abc.def went wrong", null, "… went wrong"),
        arguments("at http://u:geheim@host/", null, "at http://…@host/"),
        arguments("GET /x?token=abcdef&b=1", null, "GET /x?token=…&b=1"),
        arguments("jwt eyJhbGciOi.eyJzdWIi.c2ln end", null, "jwt … end"),
        arguments("bot 123456789:AAF-abcdefghijklmnopqrstuvwxyz0123456 x", null, "bot … x"),
        arguments("null {}", new Object[] {null}, "null null"));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void lines_keep_what_is_the_programs_own(String template, Object[] arguments, String clean) {
    assertThat(SCRUBBER.line(template, arguments, null)).isEqualTo(clean);
  }

  @Test
  void the_text_of_an_exception_is_cut_out_where_it_is_repeated() {
    String failure = "Unexpected character 'D' in Dear Ann";
    assertThat(SCRUBBER.line("Supervisor saw failure: " + failure, null, failure))
        .isEqualTo("Supervisor saw failure: …");
  }

  @Test
  void a_long_line_is_cut() {
    assertThat(SCRUBBER.line("ab ".repeat(1_000), null, null)).hasSize(501);
  }
}
