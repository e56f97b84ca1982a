package dev.parley.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpansTest {
  @ParameterizedTest
  @CsvSource({
    "30s, PT30S",
    "10m, PT10M",
    "1h, PT1H",
    "7d, P7D",
    "1w, P7D",
    "0s, PT0S",
    "1y, PT8766H",
    "1000 years, PT8766000H",
    "1.5 hours, PT1H30M",
    "0.5s, PT0.5S",
    "0.0001s, PT0S",
    "2 Weeks, P14D",
    "1 SEC, PT1S",
    "3hrs, PT3H",
  })
  void reads_a_number_and_a_unit(String text, Duration expected) {
    assertThat(Spans.parse(text)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s",
        "10",
        "-1h",
        "+1h",
        "1h ago",
        "1h from now",
        "1 month",
        "1ms",
        "1  h",
        " 1h",
        "1h ",
        "1h\n",
        "1h30m",
        "1.h",
        ".5h",
        "1e3s",
        "1,5h",
        "٣s",
        "1001 years",
        "99999999999999999999999999999999 years"
      })
  void refuses_any_other_text(String text) {
    assertThat(Spans.parse(text)).isEmpty();
  }

  @Property
  void never_throws_and_never_overflows_the_present(@ForAll String text) {
    Spans.parse(text).ifPresent(Tenants.NOW::plus);
  }

  @Property
  void never_overflows_however_many_digits(@ForAll @IntRange(min = 1, max = 2_000) int digits) {
    Spans.parse("9".repeat(digits) + "s")
        .ifPresent(span -> assertThat(Tenants.NOW.plus(span)).isBefore(Instant.MAX));
  }
}
