package dev.parley.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages in streams, wherever the pieces begin and end. */
class FramingTest {
  private static Framing.Frame message(String data) {
    return new Framing.Frame("message", data);
  }

  static Stream<Arguments> events() {
    return Stream.of(
        Arguments.of("data: a\n\n", List.of(message("a"))),
        Arguments.of("data:a\r\n\r\ndata: b\r\rdata: c\n\n", list("a", "b", "c")),
        Arguments.of("data: a\r\n\n", List.of(message("a"))),
        Arguments.of("data:  a \n\n", List.of(message(" a "))),
        Arguments.of("data: a\ndata: b\ndata\n\n", List.of(message("a\nb\n"))),
        Arguments.of("\uFEFFdata: a\n\n", List.of(message("a"))),
        Arguments.of("data: \uFEFF\n\n", List.of(message("\uFEFF"))),
        Arguments.of(": ping\n\nid: 7\nretry: 1\n\ndata: a\n\n", List.of(message("a"))),
        Arguments.of(
            "event: done\ndata: a\n\ndata: b\n\n",
            List.of(new Framing.Frame("done", "a"), message("b"))),
        Arguments.of("event: lost\n\ndata: a\n\n", List.of(message("a"))),
        Arguments.of("data\n\n", List.of(message(""))),
        Arguments.of("data: a", List.of(message("a"))),
        Arguments.of("data: größe 😀\n\n", List.of(message("größe 😀"))),
        Arguments.of("", List.of()));
  }

  private static List<Framing.Frame> list(String... data) {
    return Stream.of(data).map(FramingTest::message).toList();
  }

  @ParameterizedTest
  @MethodSource("events")
  void events_are_what_the_standard_says(String body, List<Framing.Frame> frames) {
    assertThat(read(SseFraming::new, List.of(ByteString.fromArray(Cut.utf8(body)))).frames())
        .isEqualTo(frames);
  }

  @ParameterizedTest
  @MethodSource("events")
  void events_are_the_same_byte_by_byte(String body, List<Framing.Frame> frames) {
    assertThat(read(SseFraming::new, Cut.pieces(Cut.utf8(body), 0, 1)).frames()).isEqualTo(frames);
  }

  @Test
  void lines_end_with_lf_or_cr_lf_and_keep_a_cr_within() {
    String body = "{\"a\":1}\r\n\n  \n{\"b\":\r2}\n{\"größe\":\"😀\"}";
    assertThat(read(NdjsonFraming::new, Cut.pieces(Cut.utf8(body), 0, 1)).frames())
        .isEqualTo(list("{\"a\":1}", "{\"b\":\r2}", "{\"größe\":\"😀\"}"));
  }

  @Provide
  Arbitrary<byte[]> bodies() {
    return Arbitraries.of(
            "data: ",
            "data:",
            "event: x",
            "{\"delta\":\"ä😀\"}",
            "\n",
            "\r",
            "\r\n",
            "\n\n",
            ": c",
            "\uFEFF",
            "😀",
            "x")
        .list()
        .ofMaxSize(40)
        .map(parts -> Cut.utf8(String.join("", parts)));
  }

  @Property(tries = 1_000)
  void any_cut_of_a_body_gives_the_same_messages(
      @ForAll("bodies") byte[] body, @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int n) {
    assertSameForAnyCut(body, seed, n);
  }

  @Property(tries = 1_000)
  void any_cut_of_any_bytes_gives_the_same_messages(
      @ForAll byte[] body, @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int n) {
    assertSameForAnyCut(body, seed, n);
  }

  private static void assertSameForAnyCut(byte[] body, long seed, int length) {
    List<Supplier<Framing>> framings = List.of(SseFraming::new, NdjsonFraming::new);
    for (Supplier<Framing> framing : framings) {
      assertThat(read(framing, Cut.pieces(body, seed, length)))
          .isEqualTo(read(framing, List.of(ByteString.fromArray(body))));
    }
  }

  @Test
  void the_longest_line_passes_and_one_byte_more_does_not_and_what_was_before_counts() {
    String longest = "x".repeat(LineDecoder.MAX_LINE);
    for (int piece : List.of(1_000, 3_000_000)) {
      assertThat(read(NdjsonFraming::new, Cut.pieces(Cut.utf8("a\n" + longest + "\n"), 1, piece)))
          .isEqualTo(new Result(list("a", longest), Optional.empty()));
      assertThat(
              read(NdjsonFraming::new, Cut.pieces(Cut.utf8("a\n" + longest + "y\nb\n"), 1, piece)))
          .isEqualTo(new Result(list("a"), Optional.of("a line of more than 1048576 bytes")));
      assertThat(
              read(SseFraming::new, Cut.pieces(Cut.utf8("data: a\n\n" + longest + "y"), 1, piece)))
          .isEqualTo(new Result(list("a"), Optional.of("a line of more than 1048576 bytes")));
    }
  }

  @Test
  void an_event_of_many_lines_is_bounded_too() {
    String line = "data: " + "x".repeat(1_000) + "\n";
    SseFraming framing = new SseFraming();
    ByteString bytes = ByteString.fromArray(Cut.utf8(line));
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 2_000; i++) {
                framing.feed(bytes, frame -> {});
              }
            })
        .isInstanceOf(TooLongException.class)
        .hasMessage("an event of more than 1048576 characters");
  }

  private record Result(List<Framing.Frame> frames, Optional<String> tooLong) {}

  private static Result read(Supplier<Framing> kind, List<ByteString> pieces) {
    Framing framing = kind.get();
    List<Framing.Frame> frames = new ArrayList<>();
    try {
      for (ByteString piece : pieces) {
        framing.feed(piece, frames::add);
      }
      framing.end(frames::add);
      return new Result(frames, Optional.empty());
    } catch (TooLongException e) {
      return new Result(frames, Optional.of(e.getMessage()));
    }
  }
}
