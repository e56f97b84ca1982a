package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.client.SseDecoder.Event;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseDecoderTest {
  private static final String STREAM =
      """
      event: batch
      id: 3,3,118
      data: {"é":"€𝄞"}

      : a comment

      data:first
      data: second
      retry: 5

      event: ping

      data: [DONE]

      data: cut of\
      """;

  private static List<Event> decode(byte[] bytes, int piece) {
    SseDecoder decoder = new SseDecoder();
    List<Event> events = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += piece) {
      events.addAll(decoder.decode(ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at))));
    }
    return events;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1_000})
  void finds_the_events_however_their_bytes_are_cut(int piece) {
    for (String lineEnd : List.of("\n", "\r\n")) {
      byte[] bytes = STREAM.replace("\n", lineEnd).getBytes(StandardCharsets.UTF_8);
      assertThat(decode(bytes, piece))
          .containsExactly(
              new Event("batch", "{\"é\":\"€𝄞\"}"),
              new Event("message", "first\nsecond"),
              new Event("ping", ""),
              new Event("message", "[DONE]"));
    }
  }

  @Test
  void a_line_without_an_end_is_given_up() {
    SseDecoder decoder = new SseDecoder();
    byte[] mebibyte = new byte[1024 * 1024];
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 17; i++) {
                decoder.decode(ByteBuffer.wrap(mebibyte));
              }
            })
        .hasMessageContaining("a line of more than 16777216 bytes");
  }
}
