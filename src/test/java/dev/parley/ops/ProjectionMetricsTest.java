package dev.parley.ops;

import static dev.parley.http.Fixtures.create;
import static dev.parley.http.Fixtures.fresh;
import static dev.parley.http.admin.ProjectionFixture.ACTIVITY;
import static dev.parley.http.admin.ProjectionFixture.INDEX;
import static dev.parley.http.admin.ProjectionFixture.awaitCaughtUp;
import static dev.parley.http.admin.ProjectionFixture.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.Eventually;
import dev.parley.http.Wire;
import dev.parley.http.admin.ProjectionFixture;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProjectionMetricsTest {
  private static OptionalDouble gauge(String name, String projection) {
    String line = "parley_projection_%s{projection=\"%s\"} ".formatted(name, projection);
    return Wire.get("/metrics")
        .asAcme()
        .send()
        .body()
        .lines()
        .filter(one -> one.startsWith(line))
        .mapToDouble(one -> Double.parseDouble(one.substring(line.length())))
        .findFirst();
  }

  @BeforeAll
  static void assumeSumsInPostgres() {
    ProjectionFixture.assumeSumsInPostgres();
  }

  @Test
  void lag_distance_and_parked_events_are_gauges_that_each_scrape_renews() {
    try {
      done(INDEX, "pause");
      create(fresh("measured"));
      assertThat(gauge("events_behind", INDEX).getAsDouble()).isPositive();
      assertThat(
              Eventually.within(
                  Duration.ofSeconds(5), () -> gauge("lag_seconds", INDEX).getAsDouble() > 0))
          .isTrue();
    } finally {
      done(INDEX, "resume");
    }
    awaitCaughtUp(INDEX);
    assertThat(gauge("events_behind", INDEX)).hasValue(0);
    assertThat(gauge("lag_seconds", INDEX)).hasValue(0);
    assertThat(gauge("parked_events", INDEX)).isPresent();
    assertThat(gauge("lag_seconds", ACTIVITY)).isPresent();
  }
}
