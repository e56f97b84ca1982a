package dev.parley.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.ops.doctor.Check.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DoctorTest {
  private static List<Check> examine(Examination... examinations) throws Exception {
    return new Doctor(List.of(examinations), Duration.ofMillis(300))
        .examine()
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  @Test
  void checks_are_told_in_the_order_of_the_examinations() throws Exception {
    List<Check> checks =
        examine(
            Examination.of("a", () -> List.of(Check.ok("a", "1"), Check.ok("b", "2"))),
            Examination.of("c", () -> List.of(Check.warn("c", "3", "do"))));
    assertThat(checks).extracting(Check::name).containsExactly("a", "b", "c");
  }

  @Test
  void what_takes_too_long_fails_and_the_rest_is_told() throws Exception {
    Examination silent =
        new Examination() {
          @Override
          public String name() {
            return "silent";
          }

          @Override
          public CompletionStage<List<Check>> look() {
            return new CompletableFuture<>();
          }
        };
    List<Check> checks = examine(silent, Examination.of("a", () -> List.of(Check.ok("a", "1"))));
    assertThat(checks).extracting(Check::status).containsExactly(Status.FAIL, Status.OK);
    assertThat(checks.get(0).value()).contains("no answer within");
  }

  @Test
  void what_goes_wrong_fails_without_the_text_of_its_exception() throws Exception {
    List<Check> checks =
        examine(
            Examination.of(
                "broken",
                () -> {
                  throw new IllegalStateException("password geheim");
                }));
    assertThat(checks.get(0).status()).isEqualTo(Status.FAIL);
    assertThat(checks.toString()).contains("IllegalStateException").doesNotContain("geheim");
  }
}
