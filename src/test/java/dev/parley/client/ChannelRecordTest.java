package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelRecordTest {
  private static ChannelRecord record(String body, Header... headers) {
    return new ChannelRecord(3, Instant.EPOCH, List.of(headers), body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"data\":\"Hello\",\"id\":\"p\"} | Hello     | p",
        "{\"data\":{\"a\":1},\"id\":\"p\"} | {\"a\":1} | p",
        "{\"data\":null}                   | null      | ",
        "{\"text\":\"Hello\"}              | {\"text\":\"Hello\"} | ",
        "[1,2]                             | [1,2]     | ",
        "not JSON {                        | not JSON { | ",
      })
  void text_and_part_id_are_those_of_the_envelope_if_there_is_one(
      String body, String text, String partId) {
    assertThat(record(body).text()).isEqualTo(text);
    assertThat(record(body).partId().orElse(null)).isEqualTo(partId);
  }

  @Test
  void control_records_say_what_they_mean() {
    ChannelRecord turnOver =
        record("", new Header("trigger-control", "turn-complete"), new Header("x", "y"));
    assertThat(turnOver.control()).contains("turn-complete");
    assertThat(turnOver.isCommand()).isFalse();
    assertThat(record("{}", new Header("x", "y")).control()).isEmpty();
  }

  @Test
  void commands_have_one_header_without_a_name() {
    assertThat(record("8 bytes", new Header("", "trim")).isCommand()).isTrue();
    assertThat(record("", new Header("", "trim"), new Header("x", "y")).isCommand()).isFalse();
  }
}
