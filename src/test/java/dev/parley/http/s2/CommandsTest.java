package dev.parley.http.s2;

import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.records;
import static dev.parley.http.s2.S2Stream.assertError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.parley.http.Answer;
import dev.parley.http.s2.S2Messages.Draft;
import dev.parley.http.s2.S2Messages.Head;
import dev.parley.http.s2.S2Messages.Input;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Command records and conditions (s2.md sections 3.1 and 3.2). */
class CommandsTest {
  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "3, 3", "4, 4", "99, 4", "9223372036854775807, 4", "-1, 4"})
  void a_trim_goes_at_most_behind_itself(long until, int first) {
    S2Stream stream = S2Stream.fresh("trim");
    stream.write("a", "b", "c");
    assertOk(stream.append(Input.of(trim(until))));
    assertThat(stream.tail()).isEqualTo(4);
    if (first == 4) {
      assertThat(stream.recordsFrom(0)).isEmpty();
      assertThat(stream.read("?seq_num=4").send().status()).isEqualTo(416);
    } else {
      JsonNode left = stream.recordsFrom(0);
      assertThat(left.at("/0/seq_num").asInt(-1)).isEqualTo(first);
      assertThat(left).hasSize(4 - first);
      assertThat(left.get(3 - first).at("/headers/0").toString()).isEqualTo("[\"\",\"trim\"]");
    }
  }

  @Test
  void a_trim_never_goes_back_and_takes_effect_inside_its_batch() {
    S2Stream stream = S2Stream.fresh("trim");
    stream.write("a", "b");
    assertOk(stream.append(Input.of(trim(3), Draft.of("d"), trim(1), Draft.of("f"))));
    JsonNode left = stream.recordsFrom(0);
    assertThat(left.findValuesAsText("seq_num")).containsExactly("3", "4", "5");
    assertThat(left.at("/0/body").asText()).isEqualTo("d");
    assertThat(stream.write("g").at("/start/seq_num").asInt()).isEqualTo(6);
  }

  @Test
  void commands_are_read_here_and_hidden_from_the_records_of_the_channel() {
    String key = created("hidden");
    S2Stream stream = S2Stream.of(key, "out");
    assertOk(stream.append("{\"records\":[{\"headers\":[[\"\",\"fence\"]],\"body\":\"owner\"}]}"));
    stream.write("{\\\"data\\\":1,\\\"id\\\":\\\"a\\\"}");
    assertThat(stream.recordsFrom(0)).hasSize(2);
    assertThat(stream.recordsFrom(0).at("/0/body").asText()).isEqualTo("owner");
    JsonNode visible = records(key, "out");
    assertThat(visible).hasSize(1);
    assertThat(visible.at("/0/seqNum").asInt()).isEqualTo(1);
  }

  static Stream<Arguments> badCommands() {
    ByteString eight = ByteString.copyFrom(new byte[8]);
    return Stream.of(
        arguments("unknown op", command("other", eight)),
        arguments("upper case", command("TRIM", eight)),
        arguments("no op", command("", ByteString.EMPTY)),
        arguments("trim to nothing", command("trim", ByteString.EMPTY)),
        arguments("trim of 7 bytes", command("trim", eight.substring(1))),
        arguments("trim of 9 bytes", command("trim", eight.concat(eight.substring(7)))),
        arguments("trim as text", command("trim", ByteString.copyFromUtf8("1"))),
        arguments("fence of 37 bytes", command("fence", ByteString.copyFrom(new byte[37]))),
        arguments(
            "fence of 19 characters in 38 bytes",
            command("fence", ByteString.copyFromUtf8("é".repeat(19)))),
        arguments(
            "fence that is no UTF-8",
            command("fence", ByteString.copyFrom(new byte[] {(byte) 0xc3, 0x28}))),
        arguments("empty name first", Draft.of("", Head.of("", "trim"), Head.of("a", "b"))),
        arguments("empty name last", Draft.of("", Head.of("a", "b"), Head.of("", "c"))),
        arguments("two empty names", Draft.of("", Head.of("", "fence"), Head.of("", "fence"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badCommands")
  void a_bad_command_is_invalid_and_nothing_of_its_batch_is_written(String name, Draft command) {
    S2Stream stream = S2Stream.fresh("command");
    assertError(stream.append(Input.of(Draft.of("a"), command)), 422, "invalid");
    assertThat(stream.tail()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"''", "a", "012345678901234567890123456789012345", "éééééééééééééééééé"})
  void a_fence_takes_up_to_36_bytes(String token) {
    S2Stream stream = S2Stream.fresh("fence");
    assertOk(stream.append(Input.of(fence(token))));
    assertOk(stream.append(Input.of("x").fencedBy(token)));
    assertMismatch(
        stream.append(Input.of("x").fencedBy("other")),
        "{\"fencing_token_mismatch\":\"" + token + "\"}");
    assertThat(stream.tail()).isEqualTo(2);
  }

  @Test
  void a_fencing_token_is_checked_when_it_is_given() {
    S2Stream stream = S2Stream.fresh("fence");
    String wrong = "{\"records\":[{}],\"fencing_token\":\"a\"}";
    assertMismatch(stream.append(wrong), "{\"fencing_token_mismatch\":\"\"}");
    assertOk(stream.append("{\"records\":[{}],\"fencing_token\":\"\"}"));
    assertOk(stream.append(Input.of(fence("a")).fencedBy("")));
    assertOk(stream.append(wrong));
    assertOk(stream.append("{\"records\":[{}]}"));
    assertOk(stream.append("{\"records\":[{}],\"fencing_token\":null}"));
    assertMismatch(
        stream.append("{\"records\":[{}],\"fencing_token\":\"\"}"),
        "{\"fencing_token_mismatch\":\"a\"}");
    assertMismatch(stream.append(Input.of("x").fencedBy("")), "{\"fencing_token_mismatch\":\"a\"}");
    assertThat(stream.tail()).isEqualTo(5);
  }

  @Test
  void conditions_are_looked_at_before_the_commands_of_their_batch() {
    S2Stream stream = S2Stream.fresh("before");
    assertMismatch(
        stream.append(Input.of(fence("a"), Draft.of("x")).fencedBy("a")),
        "{\"fencing_token_mismatch\":\"\"}");
    assertOk(stream.append(Input.of(fence("a"), fence("b"), Draft.of("x")).fencedBy("")));
    assertOk(stream.append(Input.of("y").fencedBy("b")));
  }

  @Test
  void a_sequence_number_must_be_the_next_one() {
    S2Stream stream = S2Stream.fresh("match");
    assertOk(stream.append("{\"records\":[{},{}],\"match_seq_num\":0}"));
    for (String seq : List.of("0", "1", "3", "9223372036854775807")) {
      assertMismatch(
          stream.append("{\"records\":[{}],\"match_seq_num\":" + seq + "}"),
          "{\"seq_num_mismatch\":2}");
      assertMismatch(
          stream.append(Input.of("x").matching(Long.parseLong(seq))), "{\"seq_num_mismatch\":2}");
    }
    assertThat(stream.tail()).isEqualTo(2);
    assertOk(stream.append(Input.of("x").matching(2)));
  }

  @ParameterizedTest
  @CsvSource({"9223372036854775808", "18446744073709551615"})
  void a_sequence_number_beyond_the_signed_ones_is_a_number_too(String seq) {
    S2Stream stream = S2Stream.fresh("unsigned");
    assertMismatch(
        stream.append("{\"records\":[{}],\"match_seq_num\":" + seq + "}"),
        "{\"seq_num_mismatch\":0}");
    assertMismatch(
        stream.append(Input.of("x").matching(Long.parseUnsignedLong(seq))),
        "{\"seq_num_mismatch\":0}");
  }

  @Test
  void the_token_is_looked_at_before_the_number() {
    S2Stream stream = S2Stream.fresh("order");
    assertMismatch(
        stream.append("{\"records\":[{}],\"match_seq_num\":9,\"fencing_token\":\"a\"}"),
        "{\"fencing_token_mismatch\":\"\"}");
    assertMismatch(
        stream.append("{\"records\":[{}],\"match_seq_num\":9,\"fencing_token\":\"\"}"),
        "{\"seq_num_mismatch\":0}");
  }

  @Test
  void of_many_writers_of_one_number_one_wins() {
    S2Stream stream = S2Stream.fresh("race");
    List<CompletableFuture<Answer>> calls =
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    stream
                        .append()
                        .body("{\"records\":[{\"body\":\"" + i + "\"}],\"match_seq_num\":0}")
                        .sendAsync())
            .toList();
    List<Answer> answers = calls.stream().map(CompletableFuture::join).toList();
    assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
    assertThat(answers)
        .filteredOn(answer -> answer.status() != 200)
        .extracting(Answer::body)
        .containsOnly("{\"seq_num_mismatch\":1}");
    assertThat(stream.tail()).isEqualTo(1);
  }

  private static void assertOk(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private static void assertMismatch(Answer answer, String body) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(412);
    assertThat(answer.body()).isEqualTo(body);
    assertThat(answer.header("Content-Type")).startsWith("application/json");
  }

  private static Draft command(String op, ByteString body) {
    return new Draft(null, List.of(Head.of("", op)), body);
  }

  private static Draft fence(String token) {
    return command("fence", ByteString.copyFromUtf8(token));
  }

  private static Draft trim(long until) {
    return command("trim", ByteString.copyFrom(ByteBuffer.allocate(8).putLong(until).flip()));
  }
}
