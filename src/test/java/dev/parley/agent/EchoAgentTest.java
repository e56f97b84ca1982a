package dev.parley.agent;

import static dev.parley.agent.AgentFixture.completed;
import static dev.parley.agent.AgentFixture.delta;
import static dev.parley.agent.AgentFixture.failed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent that is always there. */
class EchoAgentTest {
  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("", List.of()),
        Arguments.of(" ", List.of(" ")),
        Arguments.of("hello", List.of("hello")),
        Arguments.of("hello big  world", List.of("hello ", "big  ", "world")),
        Arguments.of(" a\n\tb ", List.of(" ", "a\n\t", "b ")),
        Arguments.of("😀 😀", List.of("😀 ", "😀")));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void speaks_word_by_word(String text, List<String> words) {
    assertThat(EchoAgent.pieces(text)).isEqualTo(words);
  }

  @Property
  void says_what_it_is_told_bit_for_bit(@ForAll @StringLength(max = 5_000) String text) {
    List<String> pieces = EchoAgent.pieces(text);
    assertThat(String.join("", pieces)).isEqualTo(text);
    assertThat(pieces).doesNotContain("");
  }

  @Test
  void says_a_long_text_in_a_bounded_number_of_pieces() {
    String text = "a b ".repeat(100_000);
    assertThat(EchoAgent.pieces(text)).hasSizeBetween(500, 1_001);
    assertThat(String.join("", EchoAgent.pieces(text))).isEqualTo(text);
  }

  @Test
  void ends_with_the_whole_text() throws Exception {
    try (AgentFixture fixture = new AgentFixture()) {
      Agent echo =
          fixture
              .agents()
              .agent(AgentFixture.definition(new AgentKind.Echo(), AgentFixture.LIMITS));
      assertThat(fixture.outputs(echo, AgentFixture.turn("hi  you")))
          .containsExactly(delta("hi  "), delta("you"), completed("hi  you"));
      assertThat(fixture.outputs(echo, AgentFixture.turn(""))).containsExactly(completed(""));
      assertThat(fixture.outputs(echo, AgentFixture.turn("\n".repeat(500_001))))
          .containsExactly(failed("The message has more than 1000000 bytes.", false));
    }
  }
}
