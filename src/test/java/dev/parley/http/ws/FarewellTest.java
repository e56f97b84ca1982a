package dev.parley.http.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FarewellTest {
  private static final String SESSION = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b";

  @Test
  void numbers_of_records_are_told_whole_or_not_at_all() {
    List<String> delivered =
        List.of(SESSION + "/in=1", SESSION + "/out=12345", SESSION + "/lifecycle=1234", "x/in=7");
    assertThat(Farewell.unread(delivered).reason())
        .isEqualTo(SESSION + "/in=1 " + SESSION + "/out=12345 x/in=7");
    assertThat(Farewell.unread(List.of()).reason()).isEqualTo("nothing was delivered");
  }

  @Test
  void reasons_fit_into_a_frame_and_break_no_character() {
    assertThat(new Farewell(1000, "€".repeat(42)).reason()).isEqualTo("€".repeat(41));
  }
}
