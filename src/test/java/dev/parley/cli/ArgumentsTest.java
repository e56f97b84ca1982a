package dev.parley.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
  private static Arguments read(String... arguments) {
    return Arguments.read(List.of(arguments), Set.of("--flag"), Set.of("--value"));
  }

  @Test
  void words_and_options_may_stand_in_any_order() {
    Arguments read = read("a", "--value", "--flag", "-", "--flag", "--value", "2");
    assertThat(read.words("first", "second")).containsExactly("a", "-");
    assertThat(read.has("--flag")).isTrue();
    assertThat(read.all("--value")).containsExactly("--flag", "2");
    assertThatThrownBy(() -> read.one("--value")).hasMessage("--value can be given once only.");
  }

  @Test
  void behind_two_dashes_all_are_words() {
    Arguments read = read("--", "--flag", "--", "-x");
    assertThat(read.words("a", "b", "c")).containsExactly("--flag", "--", "-x");
    assertThat(read.has("--flag")).isFalse();
    assertThat(read.one("--value")).isEmpty();
  }

  @Test
  void what_is_missing_unknown_or_too_much_is_named() {
    assertThatThrownBy(() -> read("-x")).hasMessage("There is no option '-x'.");
    assertThatThrownBy(() -> read("--value")).hasMessage("What --value is to be is not said.");
    assertThatThrownBy(() -> read("a").words("first", "second"))
        .hasMessage("The second is missing.");
    assertThatThrownBy(() -> read("a", "b").words("first")).hasMessageContaining("'b'");
  }
}
