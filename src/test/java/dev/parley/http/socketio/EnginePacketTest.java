package dev.parley.http.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packets of Engine.IO protocol 4. */
class EnginePacketTest {
  static Stream<Arguments> packets() {
    return Stream.of(
        Arguments.of("0", new EnginePacket.Control(EnginePacket.Type.OPEN, "")),
        Arguments.of("1", new EnginePacket.Control(EnginePacket.Type.CLOSE, "")),
        Arguments.of("2probe", new EnginePacket.Control(EnginePacket.Type.PING, "probe")),
        Arguments.of("3", new EnginePacket.Control(EnginePacket.Type.PONG, "")),
        Arguments.of("4", new EnginePacket.Text("")),
        Arguments.of("42[\"a\"]", new EnginePacket.Text("2[\"a\"]")),
        Arguments.of("5", new EnginePacket.Control(EnginePacket.Type.UPGRADE, "")),
        Arguments.of("6", new EnginePacket.Control(EnginePacket.Type.NOOP, "")));
  }

  @ParameterizedTest
  @MethodSource("packets")
  void the_first_digit_says_what_a_packet_is(String text, EnginePacket packet) {
    assertThat(EnginePacket.decode(text)).isEqualTo(packet);
  }

  @Test
  void bytes_come_in_base64() {
    EnginePacket packet = EnginePacket.decode("bAQIDBA==");
    assertThat(packet).isInstanceOf(EnginePacket.Binary.class);
    assertThat(((EnginePacket.Binary) packet).data()).containsExactly(1, 2, 3, 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "9", "a", "/", ":", "é", "b!", "bA", " 4"})
  void anything_else_is_malformed(String text) {
    assertThat(EnginePacket.decode(text)).isInstanceOf(EnginePacket.Malformed.class);
  }

  @Test
  void a_payload_is_read_up_to_its_first_malformed_packet() {
    assertThat(EnginePacket.decodePayload("3\u001e4a\u001e\u001e4b"))
        .hasSize(3)
        .startsWith(
            new EnginePacket.Control(EnginePacket.Type.PONG, ""), new EnginePacket.Text("a"))
        .last()
        .isInstanceOf(EnginePacket.Malformed.class);
  }

  @Property(tries = 500)
  void what_is_put_into_a_payload_comes_out_of_it(
      @ForAll @Size(min = 1, max = 20)
          List<@StringLength(max = 50) @CharRange(from = ' ', to = '\ud7ff') String> messages) {
    List<Encoded> encoded = messages.stream().map(Encoded::message).toList();
    List<EnginePacket> expected = new ArrayList<>();
    messages.forEach(message -> expected.add(new EnginePacket.Text(message)));
    assertThat(EnginePacket.decodePayload(Encoded.payload(encoded))).isEqualTo(expected);
  }

  @Property(tries = 2_000)
  void any_text_is_packets_of_which_only_the_last_is_malformed(@ForAll String payload) {
    List<EnginePacket> packets = EnginePacket.decodePayload(payload);
    assertThat(packets).isNotEmpty();
    assertThat(packets.subList(0, packets.size() - 1))
        .noneMatch(packet -> packet instanceof EnginePacket.Malformed);
  }

  @Property(tries = 2_000)
  void any_packets_of_the_alphabet_of_the_protocol_are_read(
      @ForAll @StringLength(max = 200) @Chars({'0', '1', '4', '6', 'b', 'A', '=', '\u001e'})
          String payload) {
    assertThatCode(() -> EnginePacket.decodePayload(payload)).doesNotThrowAnyException();
  }

  @Property(tries = 1_000)
  void the_size_of_a_packet_is_that_of_its_utf8(@ForAll String text) {
    int actual = text.getBytes(StandardCharsets.UTF_8).length;
    // A half of a pair without the other is written as one "?" and counted as two bytes.
    long lone = text.codePoints().filter(c -> c >= 0xd800 && c <= 0xdfff).count();
    assertThat(Encoded.utf8Length(text)).isEqualTo(actual + (int) lone);
  }
}
