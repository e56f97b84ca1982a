package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenewedRecordsTest {
  private static final Instant LAST = Instant.parse("2026-03-01T12:00:00.250Z");

  @Test
  void the_first_renewal_is_reported() {
    assertThat(RenewedRecords.isDue(null, LAST)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"-1,false", "0,false", "1,false", "9999,false", "10000,true", "86400000,true"})
  void renewals_closer_together_than_ten_seconds_become_one_record(long millis, boolean due) {
    assertThat(RenewedRecords.isDue(LAST, LAST.plusMillis(millis))).isEqualTo(due);
  }

  @Property(tries = 200)
  void records_are_ten_seconds_apart_and_none_is_left_out_that_is_farther_from_the_last(
      @ForAll @Size(max = 60) List<@IntRange(max = 15_000) Integer> pauses) {
    List<Instant> written = new ArrayList<>();
    Instant now = LAST;
    for (int pause : pauses) {
      now = now.plusMillis(pause);
      Instant last = written.isEmpty() ? null : written.get(written.size() - 1);
      boolean far = last == null || now.toEpochMilli() - last.toEpochMilli() >= 10_000;
      assertThat(RenewedRecords.isDue(last, now)).isEqualTo(far);
      if (far) {
        written.add(now);
      }
    }
    for (int i = 1; i < written.size(); i++) {
      assertThat(written.get(i)).isAfterOrEqualTo(written.get(i - 1).plusSeconds(10));
    }
  }
}
