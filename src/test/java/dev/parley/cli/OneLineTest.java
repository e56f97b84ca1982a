package dev.parley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneLineTest {
  @Test
  void text_of_anybody_stays_on_its_line_and_gives_the_terminal_no_orders() {
    assertThat(OneLine.of("a\r\nb\tc\u001b]0;title\u0007\u009b2J\u2028\u007f é 𝄞"))
        .isEqualTo("a\\u000d\\nb\\tc\\u001b]0;title\\u0007\\u009b2J\\u2028\\u007f é 𝄞");
  }
}
