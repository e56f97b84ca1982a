package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchWindowTest {
  @Test
  void the_last_batches_are_found_and_older_ones_are_forgotten() {
    BatchWindow window = BatchWindow.EMPTY;
    int count = BatchWindow.MAX_COUNT + 10;
    for (int i = 0; i < count; i++) {
      window = window.add(batch(i), 3L * i);
    }
    for (int i = 0; i < count; i++) {
      assertThat(window.find(batch(i)))
          .isEqualTo(i < 10 ? OptionalLong.empty() : OptionalLong.of(3L * i));
    }
    assertThat(window.digests()).hasSize(BatchWindow.MAX_COUNT);
  }

  @Test
  void a_batch_is_known_whole_and_not_by_a_part() {
    BatchWindow window = BatchWindow.EMPTY.add(List.of(record("a", 1), record("b", 2)), 7);
    assertThat(window.find(List.of(record("a", 1), record("b", 2)))).hasValue(7);
    assertThat(window.find(List.of(record("a", 1)))).isEmpty();
    assertThat(window.find(List.of(record("b", 2), record("a", 1)))).isEmpty();
    assertThat(window.find(List.of(record("a", 1), record("b", 2), record("c", 3)))).isEmpty();
  }

  @Property(tries = 200)
  void the_same_token_with_another_id_is_another_batch(
      @ForAll @StringLength(7) @CharRange(from = 'A', to = 'Z') String one,
      @ForAll @StringLength(7) @CharRange(from = 'A', to = 'Z') String other) {
    BatchWindow window = BatchWindow.EMPTY.add(List.of(envelope("\"x\"", one)), 1);
    assertThat(window.find(List.of(envelope("\"x\"", other))).isPresent())
        .isEqualTo(one.equals(other));
  }

  @Test
  void ids_that_differ_in_a_few_bits_never_meet() {
    Random random = new Random(1);
    Set<Long> digests = new HashSet<>();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 50_000; i++) {
      String id = Integer.toString(random.nextInt(36 * 36 * 36 * 36 * 36), 36);
      ids.add("0".repeat(7 - id.length()) + id);
    }
    for (String id : ids) {
      digests.add(BatchWindow.EMPTY.add(List.of(envelope("\"x\"", id)), 1).digests()[0]);
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
    List<RecordContent> batch = List.of(RecordContent.of(Bytes.utf8(body)));
    assertThat(BatchWindow.EMPTY.add(batch, 1)).isSameAs(BatchWindow.EMPTY);
    assertThat(BatchWindow.EMPTY.add(List.of(record("a", 1)), 1).find(batch)).isEmpty();
  }

  @Test
  void an_envelope_with_headers_is_no_data_record_of_the_sdk() {
    RecordContent plain = record("a", 1);
    RecordContent withHeader =
        new RecordContent(List.of(new Header(Bytes.utf8("k"), Bytes.utf8("v"))), plain.body());
    assertThat(plain.isSdkData()).isTrue();
    assertThat(withHeader.isSdkData()).isFalse();
  }

  private static List<RecordContent> batch(int i) {
    return List.of(record("token", i));
  }

  private static RecordContent record(String text, int id) {
    return envelope("\"" + text + "\"", "%07d".formatted(id));
  }

  private static RecordContent envelope(String data, String id) {
    return RecordContent.of(Bytes.utf8("{\"data\":" + data + ",\"id\":\"" + id + "\"}"));
  }
}
