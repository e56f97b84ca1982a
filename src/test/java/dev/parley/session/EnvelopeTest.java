package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvelopeTest {
  private final ObjectMapper mapper = new ObjectMapper();

  @Property
  void any_text_comes_back_as_it_was(@ForAll String text, @ForAll String id) throws Exception {
    // Half surrogate pairs have no UTF-8; the wire never brings them this far.
    String sent = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    String sentId = new String(id.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    JsonNode envelope =
        mapper.readTree(Envelope.ofText(sent.getBytes(StandardCharsets.UTF_8), sentId).array());
    assertThat(envelope.get("data").textValue()).isEqualTo(sent);
    assertThat(envelope.get("id").textValue()).isEqualTo(sentId);
    assertThat(envelope.size()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a|{\"data\":\"a\",\"id\":\"i\"}",
        "a\"b\\c|{\"data\":\"a\\\"b\\\\c\",\"id\":\"i\"}",
        "é\uD83D\uDE00/|{\"data\":\"é\uD83D\uDE00/\",\"id\":\"i\"}",
        "`\b\f\n\r\t\u0001\u001f\u007f`|`{\"data\":\"\\b\\f\\n\\r\\t\\u0001\\u001f\u007f\",\"id\":\"i\"}`",
      })
  void escapes_as_json_stringify_does(String text, String expected) {
    assertThat(Envelope.ofText(text.getBytes(StandardCharsets.UTF_8), "i").utf8())
        .isEqualTo(expected);
  }
}
