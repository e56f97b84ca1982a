package dev.parley.http.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.http.shared.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The packets of Socket.IO protocol revision 5, as clients send them. */
class PacketDecoderTest {
  private static final int MAX_BYTES = 1_000;

  private final PacketDecoder decoder = new PacketDecoder(MAX_BYTES);

  static Stream<Arguments> packets() {
    return Stream.of(
        Arguments.of("0", new SocketIoPacket.Connect("/", Json.object())),
        Arguments.of(
            "0{\"token\":\"123\"}",
            new SocketIoPacket.Connect("/", Json.object().put("token", "123"))),
        Arguments.of("0/admin,", new SocketIoPacket.Connect("/admin", Json.object())),
        Arguments.of("0/admin", new SocketIoPacket.Connect("/admin", Json.object())),
        Arguments.of("1", new SocketIoPacket.Disconnect("/")),
        Arguments.of("1/admin,", new SocketIoPacket.Disconnect("/admin")),
        Arguments.of("2[\"1\"]", event(OptionalLong.empty(), "1")),
        Arguments.of("2[1,2]", event(OptionalLong.empty(), "1", IntNode.valueOf(2))),
        Arguments.of(
            "2456[\"foo\",\"b\\u001er\"]",
            event(OptionalLong.of(456), "foo", TextNode.valueOf("b\u001er"))),
        Arguments.of("2/,7[\"foo\"]", event(OptionalLong.of(7), "foo")),
        Arguments.of("37[]", new SocketIoPacket.Ack("/", 7)));
  }

  private static SocketIoPacket.Event event(OptionalLong id, String name, JsonNode... arguments) {
    return new SocketIoPacket.Event("/", id, name, List.of(arguments));
  }

  @ParameterizedTest
  @MethodSource("packets")
  void a_packet_is_read(String text, SocketIoPacket packet) throws Exception {
    assertThat(decoder.text(text)).contains(packet);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "abc",
        "4{\"message\":\"from a client\"}",
        "7",
        "0[]",
        "0\"text\"",
        "0{",
        "1[]",
        "2",
        "2{}",
        "2[]",
        "2[{}]",
        "2[null]",
        "2[\"a\"",
        "2[\"a\"] x",
        "2abc[\"a\"]",
        "2[\"connect\"]",
        "2[\"connect_error\"]",
        "2[\"disconnect\"]",
        "2[\"disconnecting\"]",
        "2[\"newListener\"]",
        "2[\"removeListener\"]",
        "212345678901234567[\"a\"]",
        "3[]",
        "31{}",
        "5[\"a\"]",
        "50-[\"a\"]",
        "511-[\"a\"]",
        "5999-[\"a\"]",
        "5-1-[\"a\"]",
        "51"
      })
  void anything_else_is_malformed(String text) {
    assertThatThrownBy(() -> decoder.text(text)).isInstanceOf(MalformedPacketException.class);
  }

  @Test
  void a_document_deeper_than_any_person_writes_is_malformed() {
    assertThatThrownBy(() -> decoder.text("2[\"a\"," + "[".repeat(100_000)))
        .isInstanceOf(MalformedPacketException.class);
    assertThatThrownBy(() -> decoder.text("2[\"a\"," + "9".repeat(100_000) + "]"))
        .isInstanceOf(MalformedPacketException.class);
    assertThatThrownBy(() -> decoder.text("0/" + "n".repeat(100_000)))
        .isInstanceOf(MalformedPacketException.class);
  }

  @Test
  void binary_parts_take_the_places_of_their_placeholders() throws Exception {
    String text =
        "52-9[\"up\",{\"_placeholder\":true,\"num\":1},{\"in\":[{\"_placeholder\":true,\"num\":0}]}]";
    assertThat(decoder.text(text)).isEmpty();
    assertThat(decoder.binary(new byte[] {1})).isEmpty();
    SocketIoPacket.Event event =
        (SocketIoPacket.Event) decoder.binary(new byte[] {2, 3}).orElseThrow();
    assertThat(event.id()).hasValue(9);
    assertThat(event.arguments().get(0)).isEqualTo(BinaryNode.valueOf(new byte[] {2, 3}));
    assertThat(event.arguments().get(1).at("/in/0")).isEqualTo(BinaryNode.valueOf(new byte[] {1}));
    assertThat(decoder.text("2[\"next\"]")).contains(event(OptionalLong.empty(), "next"));
  }

  @Test
  void binary_acknowledgements_are_read_too() throws Exception {
    assertThat(decoder.text("61-5[{\"_placeholder\":true,\"num\":0}]")).isEmpty();
    assertThat(decoder.binary(new byte[] {1})).contains(new SocketIoPacket.Ack("/", 5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "51-[\"a\",{\"_placeholder\":true,\"num\":1}]",
        "51-[\"a\",{\"_placeholder\":true,\"num\":-1}]",
        "51-[\"a\",{\"_placeholder\":true,\"num\":\"splice\"}]",
        "51-[\"a\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":0}]",
        "51-[\"a\",{\"_placeholder\":true}]"
      })
  void a_placeholder_stands_for_one_part_that_is_there(String text) throws Exception {
    assertThat(decoder.text(text)).isEmpty();
    assertThatThrownBy(() -> decoder.binary(new byte[1]))
        .isInstanceOf(MalformedPacketException.class);
  }

  @Test
  void parts_come_where_they_belong_and_within_their_bound() throws Exception {
    assertThatThrownBy(() -> decoder.binary(new byte[1]))
        .isInstanceOf(MalformedPacketException.class);
    assertThat(decoder.text("52-[\"a\",{\"_placeholder\":true,\"num\":0}]")).isEmpty();
    assertThatThrownBy(() -> decoder.text("2[\"a\"]")).isInstanceOf(MalformedPacketException.class);
    assertThat(decoder.binary(new byte[MAX_BYTES])).isEmpty();
    assertThatThrownBy(() -> decoder.binary(new byte[1]))
        .isInstanceOf(MalformedPacketException.class);
  }

  @Property(tries = 2_000)
  void any_text_is_a_packet_or_malformed_and_nothing_else(@ForAll String text) {
    read(new PacketDecoder(MAX_BYTES), text);
  }

  @Property(tries = 5_000)
  void a_damaged_packet_is_a_packet_or_malformed_and_nothing_else(@ForAll long seed) {
    Random random = new Random(seed);
    List<String> whole = packets().map(packet -> (String) packet.get()[0]).toList();
    PacketDecoder damaged = new PacketDecoder(MAX_BYTES);
    for (int packets = 0; packets < 3; packets++) {
      StringBuilder text = new StringBuilder(whole.get(random.nextInt(whole.size())));
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        int at = random.nextInt(text.length() + 1);
        String alphabet = "0123456789-/,[]{}\"\\:abctrue_ \u001e";
        char c = alphabet.charAt(random.nextInt(alphabet.length()));
        if (random.nextBoolean() || at == text.length()) {
          text.insert(at, c);
        } else if (random.nextBoolean()) {
          text.setCharAt(at, c);
        } else {
          text.deleteCharAt(at);
        }
      }
      read(damaged, text.toString());
      readBinary(damaged, text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void read(PacketDecoder decoder, String text) {
    try {
      Optional<SocketIoPacket> packet = decoder.text(text);
      packet.ifPresent(complete -> assertThat(complete.namespace()).startsWith("/"));
    } catch (MalformedPacketException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  private static void readBinary(PacketDecoder decoder, byte[] bytes) {
    try {
      assertThat(decoder.binary(bytes)).isNotNull();
    } catch (MalformedPacketException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }
}
