package dev.parley.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClusterTenureTest {
  private static final long LENGTH = ClusterTenure.LENGTH.toMillis();

  private long monotonic = Duration.ofHours(5).toMillis();
  private long wall = 1_700_000_000_000L;
  private final ClusterTenure tenure = new ClusterTenure(() -> monotonic * 1_000_000, () -> wall);

  private void pass(long millis) {
    monotonic += millis;
    wall += millis;
  }

  @Test
  void begins_with_the_first_confirmation() throws Exception {
    assertThat(tenure.holds()).isFalse();
    assertThat(tenure.confirm(() -> true)).isTrue();
    assertThat(tenure.holds()).isTrue();
  }

  @Test
  void lasts_from_the_question_on_however_late_the_answer() throws Exception {
    tenure.confirm(
        () -> {
          pass(LENGTH - 1);
          return true;
        });
    assertThat(tenure.holds()).isTrue();
    pass(1);
    assertThat(tenure.holds()).isFalse();
  }

  @Test
  void is_not_renewed_by_a_denial_or_by_no_answer() throws Exception {
    tenure.confirm(() -> true);
    pass(LENGTH - 1);
    assertThat(tenure.confirm(() -> false)).isFalse();
    assertThatThrownBy(
            () ->
                tenure.confirm(
                    () -> {
                      throw new IOException("no database");
                    }))
        .isInstanceOf(IOException.class);
    assertThat(tenure.holds()).isTrue();
    pass(1);
    assertThat(tenure.holds()).isFalse();
  }

  @Test
  void ends_when_only_one_of_the_clocks_went_on() throws Exception {
    tenure.confirm(() -> true);
    wall += LENGTH;
    assertThat(tenure.holds()).isFalse();
    wall -= 2 * LENGTH;
    assertThat(tenure.holds()).isFalse();
    wall += LENGTH;
    assertThat(tenure.holds()).isTrue();
    monotonic += LENGTH;
    assertThat(tenure.holds()).isFalse();
  }
}
