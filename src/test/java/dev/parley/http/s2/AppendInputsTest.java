package dev.parley.http.s2;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.parley.http.s2.proto.AppendInput;
import dev.parley.http.s2.proto.AppendRecord;
import dev.parley.http.s2.proto.Header;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.RecordsDocument.Form;
import dev.parley.session.Channel;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.Draft;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** Appends as protobuf and as JSON: the same ones, and bytes that are none. */
class AppendInputsTest {
  @Test
  void the_trim_that_was_captured_from_the_client_is_read() throws IOException {
    byte[] captured = HexFormat.of().parseHex("0a121206120474" + "72696d1a080000000000000002");
    Append append = AppendInputs.parse(Channel.OUT, ByteString.copyFrom(captured));
    assertThat(append.records()).hasSize(1);
    assertThat(append.records().get(0).content().isCommand()).isTrue();
    assertThat(append.problem()).isEmpty();
  }

  @Property(tries = 300)
  void protobuf_and_base64_json_mean_the_same(
      @ForAll @Size(max = 5) List<@Size(max = 50) byte[]> bodies,
      @ForAll @Size(max = 20) byte[] name,
      @ForAll long timestamp)
      throws IOException {
    AppendInput.Builder message = AppendInput.newBuilder().setMatchSeqNum(7).setFencingToken("é");
    ObjectNode document = Json.object().put("match_seq_num", 7).put("fencing_token", "é");
    ArrayNode records = document.putArray("records");
    for (byte[] body : bodies) {
      message.addRecords(
          AppendRecord.newBuilder()
              .setTimestamp(timestamp)
              .setBody(ByteString.copyFrom(body))
              .addHeaders(Header.newBuilder().setName(ByteString.copyFrom(name))));
      ObjectNode record = records.addObject().put("body", base64(body));
      record.put("timestamp", new java.math.BigInteger(Long.toUnsignedString(timestamp)));
      record.putArray("headers").addArray().add(base64(name)).add("");
    }
    assertThat(
            AppendJson.parse(
                Channel.OUT, Json.text(document).getBytes(StandardCharsets.UTF_8), Form.BASE64))
        .isEqualTo(AppendInputs.parse(Channel.OUT, message.build().toByteString()));
  }

  @Property(tries = 3_000)
  void any_bytes_are_an_input_or_none(@ForAll @Size(max = 300) byte[] bytes) {
    assertInputOrNone(bytes);
  }

  @Property(tries = 3_000)
  void a_damaged_input_is_an_input_or_none(@ForAll long seed) {
    Random random = new Random(seed);
    AppendInput.Builder message = AppendInput.newBuilder().setMatchSeqNum(random.nextLong());
    for (int i = random.nextInt(4); i >= 0; i--) {
      byte[] body = new byte[random.nextInt(40)];
      random.nextBytes(body);
      message.addRecords(
          AppendRecord.newBuilder()
              .setBody(ByteString.copyFrom(body))
              .addHeaders(Header.newBuilder().setValue(ByteString.copyFromUtf8("trim"))));
    }
    byte[] bytes = message.build().toByteArray();
    for (int i = random.nextInt(3); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    assertInputOrNone(Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length)));
    assertInputOrNone(bytes);
  }

  /** The bytes of what was read were all there, so nothing was made up or asked for in advance. */
  private static void assertInputOrNone(byte[] bytes) {
    try {
      Append append = AppendInputs.parse(Channel.OUT, ByteString.copyFrom(bytes));
      long held =
          append.records().stream()
              .map(Draft::content)
              .mapToLong(content -> content.meteredSize() - 8 - 2L * content.headers().size())
              .sum();
      assertThat(held).isLessThanOrEqualTo(bytes.length);
      append.problem();
    } catch (IOException e) {
      assertThat(e).hasMessageNotContaining("memory");
    }
  }

  @Property(tries = 2_000)
  void a_damaged_document_is_an_append_or_bad_json(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] document =
        ("{\"records\":[{\"body\":\"x\\u0000\",\"headers\":[[\"a\",\"b\"]],\"timestamp\":12},"
                + "{\"body\":null}],\"match_seq_num\":3,\"fencing_token\":\"t\"}")
            .getBytes(StandardCharsets.UTF_8);
    String odd = "{}[]\",:0123456789.-eE\\utrfn\u0000 ";
    for (int i = random.nextInt(4); i >= 0; i--) {
      document[random.nextInt(document.length)] = (byte) odd.charAt(random.nextInt(odd.length()));
    }
    for (Form form : Form.values()) {
      try {
        AppendJson.parse(Channel.OUT, document, form).problem();
      } catch (S2Refused refused) {
        assertThat(refused.error().status()).isEqualTo(400);
        assertThat(refused.error().body().get("code").asText()).isEqualTo("bad_json");
      }
    }
  }

  @Property(tries = 200)
  void numbers_are_64_bits_unsigned(
      @ForAll @NumericChars @StringLength(min = 1, max = 30) String n) {
    String number = n.replaceFirst("^0+(?=.)", "");
    byte[] document =
        ("{\"records\":[],\"match_seq_num\":" + number + "}").getBytes(StandardCharsets.UTF_8);
    java.math.BigInteger value = new java.math.BigInteger(number);
    try {
      Append append = AppendJson.parse(Channel.OUT, document, Form.RAW);
      assertThat(value.bitLength()).isLessThanOrEqualTo(64);
      assertThat(append.matchSeq())
          .isEqualTo(
              value.bitLength() < 64 ? value.longValueExact() : Long.valueOf(Long.MAX_VALUE));
    } catch (S2Refused refused) {
      assertThat(value.bitLength()).isGreaterThan(64);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
