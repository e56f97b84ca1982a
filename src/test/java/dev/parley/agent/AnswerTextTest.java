package dev.parley.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.JsonBuffer;
import dev.parley.session.Text;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Texts that can be stored, of whatever comes. */
class AnswerTextTest {
  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.of("a", "ä", "€", "\ud83d", "\ude00", "😀", "\u0000", "\n", "\"", "\u0007")
        .list()
        .ofMaxSize(6)
        .map(parts -> String.join("", parts));
  }

  @Property
  void the_pieces_are_well_formed_and_join_to_the_cleaned_whole(
      @ForAll List<@net.jqwik.api.From("pieces") String> pieces) throws TooLongException {
    AnswerText text = new AnswerText();
    StringBuilder said = new StringBuilder();
    for (String piece : pieces) {
      String sayable = text.add(piece);
      assertThat(Text.problem(sayable)).isEmpty();
      said.append(sayable);
    }
    said.append(text.end());
    assertThat(said.toString())
        .isEqualTo(AnswerText.clean(String.join("", pieces)))
        .isEqualTo(text.whole());
  }

  @Property
  void a_text_that_can_be_stored_is_left_as_it_is(@ForAll("pieces") String text) {
    String cleaned = AnswerText.clean(text);
    assertThat(Text.problem(cleaned)).isEmpty();
    assertThat(cleaned.equals(text)).isEqualTo(Text.problem(text).isEmpty());
  }

  @Property
  void its_size_is_what_the_record_will_take(@ForAll("pieces") String text) {
    String cleaned = AnswerText.clean(text);
    int written = new JsonBuffer(16).quoted(cleaned).toBytes().length;
    assertThat(AnswerText.jsonBytes(cleaned) + 2).isEqualTo(written);
  }
}
