package dev.parley.auth;

import static dev.parley.auth.Tenants.CLOCK;
import static dev.parley.auth.Tenants.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.ExpirationTime.At;
import dev.parley.auth.ExpirationTime.Rejected;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpirationTimeTest {
  private static final Rejected INVALID = new Rejected("Invalid expiration time");
  private static final Rejected PAST = new Rejected("Expiration time must be in the future");
  private static final Rejected FAR = new Rejected("Expiration time cannot exceed 30 days");

  @Test
  void is_15_minutes_from_now_by_default() {
    assertThat(ExpirationTime.byDefault(CLOCK)).isEqualTo(at(900));
  }

  @ParameterizedTest
  @CsvSource({
    "1s, 1",
    "1sec, 1",
    "1 secs, 1",
    "1second, 1",
    "2 seconds, 2",
    "1m, 60",
    "1min, 60",
    "2 mins, 120",
    "1minute, 60",
    "2 minutes, 120",
    "1h, 3600",
    "1hr, 3600",
    "2 hrs, 7200",
    "1hour, 3600",
    "2 hours, 7200",
    "1d, 86400",
    "1day, 86400",
    "30 days, 2592000",
    "1w, 604800",
    "1week, 604800",
    "2 weeks, 1209600",
    "0.01y, 315576",
    "0.01 yr, 315576",
    "0.01 yrs, 315576",
    "0.01 year, 315576",
    "0.01years, 315576",
    "1.5 hours, 5400",
    "1.4s, 1",
    "0.5s, 1",
    "+15m, 900",
    "+ 15m, 900",
    "15m from now, 900",
    "15 M FROM NOW, 900",
    "1 HOUR, 3600",
  })
  void a_span_counts_from_now_in_every_unit(String span, long seconds) {
    assertThat(ExpirationTime.ofSpan(span, CLOCK)).isEqualTo(at(seconds));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0s", "0.4s", "-1s", "- 1 h", "1h ago", "1 h AGO", "999999999999999y ago"})
  void a_span_that_does_not_reach_into_the_future_is_rejected(String span) {
    assertThat(ExpirationTime.ofSpan(span, CLOCK)).isEqualTo(PAST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"31d", "30.001 days", "1y", "2592001s", "99999999999999999999999999999999 weeks"})
  void a_span_beyond_30_days_is_rejected(String span) {
    assertThat(ExpirationTime.ofSpan(span, CLOCK)).isEqualTo(FAR);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "soon",
        "15",
        "15 parsecs",
        "1 month",
        "+1h from now",
        "-1h ago",
        "1h  ago",
        "1hago",
        "--1h",
        "1.h",
        "1h\n",
        "NaN",
        "2026-01-01T00:00:00Z"
      })
  void any_other_text_is_rejected(String span) {
    assertThat(ExpirationTime.ofSpan(span, CLOCK)).isEqualTo(INVALID);
  }

  @Test
  void more_text_than_any_span_needs_is_rejected() {
    assertThat(ExpirationTime.ofSpan("9".repeat(1_000_000) + "s", CLOCK)).isEqualTo(INVALID);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1.9, 1", "900, 900", "2592000, 2592000", "2592000.9, 2592000"})
  void a_number_is_an_absolute_second(double ahead, long seconds) {
    assertThat(ExpirationTime.ofEpochSeconds(NOW.getEpochSecond() + ahead, CLOCK))
        .isEqualTo(at(seconds));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.9, -1, -1e9, -1e300, Double.NEGATIVE_INFINITY})
  void a_number_that_is_not_in_the_future_is_rejected(double ahead) {
    assertThat(ExpirationTime.ofEpochSeconds(NOW.getEpochSecond() + ahead, CLOCK)).isEqualTo(PAST);
  }

  @ParameterizedTest
  @ValueSource(doubles = {2592001, 1e12, 1e19, Double.MAX_VALUE, Double.POSITIVE_INFINITY})
  void a_number_beyond_30_days_is_rejected(double ahead) {
    assertThat(ExpirationTime.ofEpochSeconds(NOW.getEpochSecond() + ahead, CLOCK)).isEqualTo(FAR);
  }

  @Test
  void not_a_number_is_rejected() {
    assertThat(ExpirationTime.ofEpochSeconds(Double.NaN, CLOCK)).isEqualTo(INVALID);
  }

  @Test
  void fractions_of_the_current_second_do_not_count() {
    Clock late = Clock.fixed(NOW.plusMillis(999), ZoneOffset.UTC);
    assertThat(ExpirationTime.ofSpan("30d", late)).isEqualTo(at(Duration.ofDays(30).toSeconds()));
    assertThat(ExpirationTime.ofEpochSeconds(NOW.getEpochSecond() + 1, late)).isEqualTo(at(1));
  }

  @Property
  void whatever_is_granted_lies_within_the_bounds(@ForAll String span, @ForAll double number) {
    for (ExpirationTime time :
        new ExpirationTime[] {
          ExpirationTime.ofSpan(span, CLOCK), ExpirationTime.ofEpochSeconds(number, CLOCK)
        }) {
      if (time instanceof At granted) {
        assertThat(granted.instant()).isBetween(NOW.plusSeconds(1), NOW.plus(Duration.ofDays(30)));
      }
    }
  }

  private static At at(long secondsFromNow) {
    return new At(NOW.plusSeconds(secondsFromNow));
  }
}
