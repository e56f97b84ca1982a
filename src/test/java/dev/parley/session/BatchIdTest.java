package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchIdTest {
  @Test
  void a_batch_is_known_whole_and_not_by_a_part() {
    PartId id = id(List.of(record("a", 1), record("b", 2))).orElseThrow();
    assertThat(id(List.of(record("a", 1), record("b", 2)))).hasValue(id);
    assertThat(id(List.of(record("a", 1)))).isNotEqualTo(Optional.of(id));
    assertThat(id(List.of(record("b", 2), record("a", 1)))).isNotEqualTo(Optional.of(id));
  }

  @Property(tries = 200)
  void the_same_token_with_another_id_is_another_batch(
      @ForAll @StringLength(7) @CharRange(from = 'A', to = 'Z') String one,
      @ForAll @StringLength(7) @CharRange(from = 'A', to = 'Z') String other) {
    assertThat(id(List.of(envelope("\"x\"", one))).orElseThrow())
        .matches(
            id ->
                id.equals(id(List.of(envelope("\"x\"", other))).orElseThrow())
                    == one.equals(other));
  }

  @Test
  void ids_that_differ_in_a_few_bits_never_meet() {
    Random random = new Random(1);
    Set<PartId> digests = new HashSet<>();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 50_000; i++) {
      String id = Integer.toString(random.nextInt(36 * 36 * 36 * 36 * 36), 36);
      ids.add("0".repeat(7 - id.length()) + id);
    }
    for (String id : ids) {
      digests.add(id(List.of(envelope("\"x\"", id))).orElseThrow());
    }
    assertThat(digests).hasSameSizeAs(ids);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "{\"data\":1}",
        "{\"data\":1,\"id\":\"short\"}",
        "{\"data\":1,\"id\":\"eight888\"}",
        "{\"data\":1,\"id\":\"with.dot\"}",
        "{\"data\":1,\"id\":\"abc.efg\"}",
        "{\"data\":1,\"id\":\"abcdefg\"} ",
        "\"id\":\"abcdefg\"}",
      })
  void what_is_no_envelope_of_the_sdk_is_never_taken_for_a_repetition(String body) {
    RecordContent other = RecordContent.of(Bytes.utf8(body));
    assertThat(id(List.of(other))).isEmpty();
    assertThat(id(List.of(record("a", 1), other))).isEmpty();
  }

  @Test
  void an_envelope_with_headers_is_no_data_record_of_the_sdk() {
    RecordContent plain = record("a", 1);
    RecordContent withHeader =
        new RecordContent(List.of(new Header(Bytes.utf8("k"), Bytes.utf8("v"))), plain.body());
    assertThat(plain.isSdkData()).isTrue();
    assertThat(withHeader.isSdkData()).isFalse();
  }

  private static Optional<PartId> id(List<RecordContent> batch) {
    return BatchId.of(batch, Function.identity());
  }

  private static RecordContent record(String text, int id) {
    return envelope("\"" + text + "\"", "%07d".formatted(id));
  }

  private static RecordContent envelope(String data, String id) {
    return RecordContent.of(Bytes.utf8("{\"data\":" + data + ",\"id\":\"" + id + "\"}"));
  }
}
