package dev.parley.http.s2;

import static dev.parley.http.s2.S2Stream.assertError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import dev.parley.http.Answer;
import dev.parley.http.s2.S2Messages.Draft;
import dev.parley.http.s2.S2Messages.Head;
import dev.parley.http.s2.S2Messages.Input;
import dev.parley.http.s2.S2Messages.Sequenced;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Where a read begins and ends, the same on every face (s2.md section 5.1). */
class ReadPositionsTest {
  /** Six records of ten metered bytes at the times 100, 200, 200, 300, 400 and 500. */
  private static S2Stream six;

  /** The same six, without the first three, and the trim that took them. */
  private static S2Stream trimmed;

  private static S2Stream empty;

  @BeforeAll
  static void write() {
    long[] times = {100, 200, 200, 300, 400, 500};
    List<Draft> drafts =
        Arrays.stream(times)
            .mapToObj(time -> new Draft(time, List.of(), ByteString.copyFromUtf8("xx")))
            .toList();
    Input input = new Input(drafts, null, null);
    six = S2Stream.fresh("six");
    trimmed = S2Stream.fresh("trimmed");
    assertThat(six.append(input).status()).isEqualTo(200);
    assertThat(trimmed.append(input).status()).isEqualTo(200);
    Draft trim =
        new Draft(
            600L,
            List.of(Head.of("", "trim")),
            ByteString.copyFrom(new byte[] {0, 0, 0, 0, 0, 0, 0, 3}));
    assertThat(trimmed.append(Input.of(trim)).status()).isEqualTo(200);
    empty = S2Stream.fresh("empty");
  }

  static Stream<Arguments> reads() {
    String[][] rows = {
      {"seq_num=0", "0 1 2 3 4 5"},
      {"seq_num=4", "4 5"},
      {"seq_num=5&clamp=true", "5"},
      {"seq_num=5&clamp=false", "5"},
      {"timestamp=0", "0 1 2 3 4 5"},
      {"timestamp=100", "0 1 2 3 4 5"},
      {"timestamp=101", "1 2 3 4 5"},
      {"timestamp=200", "1 2 3 4 5"},
      {"timestamp=201", "3 4 5"},
      {"timestamp=500", "5"},
      {"tail_offset=1", "5"},
      {"tail_offset=6", "0 1 2 3 4 5"},
      {"tail_offset=7", "0 1 2 3 4 5"},
      {"tail_offset=9223372036854775807", "0 1 2 3 4 5"},
      {"seq_num=0&count=0", ""},
      {"seq_num=0&count=1", "0"},
      {"seq_num=2&count=3", "2 3 4"},
      {"seq_num=4&count=99", "4 5"},
      {"seq_num=0&bytes=0", ""},
      {"seq_num=0&bytes=9", ""},
      {"seq_num=0&bytes=10", "0"},
      {"seq_num=0&bytes=29", "0 1"},
      {"seq_num=0&bytes=30", "0 1 2"},
      {"seq_num=0&bytes=1000000000000", "0 1 2 3 4 5"},
      {"seq_num=0&count=2&bytes=50", "0 1"},
      {"seq_num=0&count=4&bytes=25", "0 1"},
      {"seq_num=0&until=100", ""},
      {"seq_num=0&until=101", "0"},
      {"seq_num=0&until=200", "0"},
      {"seq_num=0&until=201", "0 1 2"},
      {"seq_num=3&until=500", "3 4"},
      {"timestamp=200&until=400", "1 2 3"},
      {"timestamp=200&until=201", "1 2"},
      {"tail_offset=2&count=1", "4"},
      {"count=2&tail_offset=3&until=401&bytes=100", "3 4"}
    };
    return onEveryFace(rows);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("reads")
  void a_read_begins_and_ends_where_it_says(ReadFace face, String query, String wanted) {
    assertThat(numbers(face.read(six, bounded(face, query)))).isEqualTo(wanted);
  }

  static Stream<Arguments> readsBehindATrim() {
    String[][] rows = {
      {"seq_num=0", "3 4 5 6"},
      {"seq_num=2&count=2", "3 4"},
      {"seq_num=3", "3 4 5 6"},
      {"seq_num=4", "4 5 6"},
      {"timestamp=0", "3 4 5 6"},
      {"timestamp=200", "3 4 5 6"},
      {"timestamp=301", "4 5 6"},
      {"tail_offset=7", "3 4 5 6"},
      {"tail_offset=4", "3 4 5 6"},
      {"tail_offset=2", "5 6"},
      {"seq_num=0&bytes=20", "3 4"},
      {"seq_num=0&until=301", "3"}
    };
    return onEveryFace(rows);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("readsBehindATrim")
  void a_start_below_the_trim_point_is_the_first_surviving_record(
      ReadFace face, String query, String wanted) {
    assertThat(numbers(face.read(trimmed, bounded(face, query)))).isEqualTo(wanted);
  }

  static Stream<Arguments> beyond() {
    String[] queries = {
      "?seq_num=7&count=1",
      "?seq_num=6&count=1",
      "?seq_num=9223372036854775807&count=1",
      "?seq_num=7&clamp=false&count=1",
      "?seq_num=7&clamp=true&count=1",
      "?seq_num=7&clamp=true&bytes=10&wait=0",
      "?seq_num=6&until=1000",
      "?timestamp=501&count=1",
      "?timestamp=501&until=502",
      "?tail_offset=0&count=1",
      "?count=1",
      "?seq_num=7&count=1&wait=1",
      "?seq_num=7&wait=5"
    };
    return Stream.of(ReadFace.values())
        .flatMap(face -> Arrays.stream(queries).map(query -> arguments(face, query)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("beyond")
  void a_read_from_where_nothing_will_come_says_where_the_tail_is(ReadFace face, String query) {
    Answer answer = face.refusal(six, query);
    assertThat(answer.status()).as(answer.body()).isEqualTo(416);
    assertThat(answer.body()).isEqualTo("{\"tail\":{\"seq_num\":6,\"timestamp\":500}}");
    assertThat(answer.header("Content-Type")).startsWith("application/json");
  }

  @ParameterizedTest
  @EnumSource(names = {"JSON", "BASE64", "PROTOBUF"})
  void a_unary_read_counts_as_bounded(ReadFace face) {
    for (String query : List.of("", "?tail_offset=0", "?seq_num=6", "?wait=0", "?clamp=true")) {
      Answer answer = face.refusal(six, query);
      assertThat(answer.status()).as(query + " " + answer.body()).isEqualTo(416);
      assertThat(answer.body()).isEqualTo("{\"tail\":{\"seq_num\":6,\"timestamp\":500}}");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EVENTS", "SESSION"})
  void a_streaming_read_beyond_the_tail_is_refused_even_when_it_may_follow(ReadFace face) {
    Answer answer = face.refusal(six, "?seq_num=7");
    assertThat(answer.status()).isEqualTo(416);
    assertThat(answer.body()).isEqualTo("{\"tail\":{\"seq_num\":6,\"timestamp\":500}}");
  }

  @ParameterizedTest
  @EnumSource
  void a_timestamp_beyond_the_tail_is_a_start_beyond_it_even_when_it_may_follow(ReadFace face) {
    for (String query : List.of("?timestamp=501&wait=1", "?timestamp=99999999999999&wait=1")) {
      Answer answer = face.refusal(six, query);
      assertThat(answer.status()).as(query).isEqualTo(416);
      assertThat(answer.body()).isEqualTo("{\"tail\":{\"seq_num\":6,\"timestamp\":500}}");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_timestamp_beyond_the_tail_that_is_clamped_gives_whatever_comes(ReadFace face) {
    S2Stream stream = S2Stream.fresh("clamped");
    stream.write("old");
    String query = "?timestamp=99999999999999&clamp=true&count=1&wait=5";
    CompletableFuture<List<Sequenced>> read =
        CompletableFuture.supplyAsync(() -> face.read(stream, query));
    // One of them comes behind the tail that the read found.
    for (int i = 0; i < 300 && !read.isDone(); i++) {
      stream.write("new");
    }
    assertThat(read)
        .succeedsWithin(Duration.ofSeconds(8))
        .asInstanceOf(InstanceOfAssertFactories.list(Sequenced.class))
        .extracting(Sequenced::text)
        .containsExactly("new");
  }

  @ParameterizedTest
  @EnumSource(names = {"EVENTS", "SESSION"})
  void a_streaming_read_without_bounds_that_shall_not_wait_just_ends(ReadFace face) {
    assertThat(face.read(six, "?seq_num=6&wait=0")).isEmpty();
    assertThat(face.read(six, "?wait=0")).isEmpty();
    assertThat(face.read(six, "?seq_num=9&clamp=true&wait=0")).isEmpty();
    assertThat(face.read(empty, "?wait=0")).isEmpty();
    assertThat(numbers(face.read(six, "?seq_num=5&wait=0"))).isEqualTo("5");
  }

  @Test
  void an_unwritten_stream_is_an_empty_one() {
    for (ReadFace face : ReadFace.values()) {
      Answer answer = face.refusal(empty, "?seq_num=0&count=1");
      assertThat(answer.status()).as(face.name()).isEqualTo(416);
      assertThat(answer.body()).isEqualTo("{\"tail\":{\"seq_num\":0,\"timestamp\":0}}");
    }
  }

  @Test
  void the_tail_is_told() {
    assertThat(empty.request("GET", "/tail").send().body())
        .isEqualTo("{\"tail\":{\"seq_num\":0,\"timestamp\":0}}");
    Answer answer = six.request("GET", "/tail").send();
    assertThat(answer.body()).isEqualTo("{\"tail\":{\"seq_num\":6,\"timestamp\":500}}");
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(trimmed.request("GET", "/tail").send().body())
        .isEqualTo("{\"tail\":{\"seq_num\":7,\"timestamp\":600}}");
  }

  static Stream<Arguments> invalid() {
    String[] queries = {
      "?seq_num=0&timestamp=0",
      "?seq_num=0&tail_offset=0",
      "?timestamp=0&tail_offset=0",
      "?seq_num=0&timestamp=0&tail_offset=0",
      "?timestamp=200&until=200",
      "?timestamp=201&until=200"
    };
    return Stream.of(ReadFace.values())
        .flatMap(face -> Arrays.stream(queries).map(query -> arguments(face, query)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("invalid")
  void a_contradiction_is_invalid(ReadFace face, String query) {
    assertError(face.refusal(six, query), 422, "invalid");
  }

  static Stream<Arguments> noNumbers() {
    Stream<String> queries =
        Stream.of("seq_num", "timestamp", "tail_offset", "count", "bytes", "until", "wait")
            .flatMap(
                name ->
                    Stream.of("x", "-1", "1.5", "", "0x1", "1%20", "18446744073709551616")
                        .map(value -> "?" + name + "=" + value));
    return Stream.concat(queries, Stream.of("?seq_num=0&clamp=maybe", "?seq_num=0&count=many"))
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("noNumbers")
  void what_is_no_number_is_a_bad_query(String query) {
    assertError(ReadFace.JSON.refusal(six, query), 400, "bad_query");
  }

  @ParameterizedTest
  @EnumSource
  void every_face_says_that_a_query_is_bad(ReadFace face) {
    assertError(face.refusal(six, "?seq_num=x"), 400, "bad_query");
  }

  private static Stream<Arguments> onEveryFace(String[][] rows) {
    return Stream.of(ReadFace.values())
        .flatMap(face -> Arrays.stream(rows).map(row -> arguments(face, row[0], row[1])));
  }

  /** Without a bound a streaming read would follow. */
  private static String bounded(ReadFace face, String query) {
    return "?" + query + (face.isStreaming() ? "&wait=0" : "");
  }

  private static String numbers(List<Sequenced> records) {
    return records.stream().map(record -> "" + record.seq()).collect(Collectors.joining(" "));
  }
}
