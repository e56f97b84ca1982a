package dev.parley.chaos.history;

import static dev.parley.chaos.history.Recorded.items;
import static dev.parley.chaos.history.Violation.Kind.ACCEPTED_AFTER_END;
import static dev.parley.chaos.history.Violation.Kind.DUE_MISSED;
import static dev.parley.chaos.history.Violation.Kind.DUPLICATE;
import static dev.parley.chaos.history.Violation.Kind.ENDED_TWICE;
import static dev.parley.chaos.history.Violation.Kind.END_CHANGED;
import static dev.parley.chaos.history.Violation.Kind.GAP;
import static dev.parley.chaos.history.Violation.Kind.LOST;
import static dev.parley.chaos.history.Violation.Kind.NODES_DISAGREE;
import static dev.parley.chaos.history.Violation.Kind.NOT_A_PREFIX;
import static dev.parley.chaos.history.Violation.Kind.OUT_OF_ORDER;
import static dev.parley.chaos.history.Violation.Kind.PHANTOM;
import static dev.parley.chaos.history.Violation.Kind.READER_STUCK;
import static dev.parley.chaos.history.Violation.Kind.REFUSED_BUT_THERE;
import static dev.parley.chaos.history.Violation.Kind.REFUSED_WITHOUT_END;
import static dev.parley.chaos.history.Violation.Kind.REPEAT_ANSWERED_OTHERWISE;
import static dev.parley.chaos.history.Violation.Kind.STALE_READ;
import static dev.parley.chaos.history.Violation.Kind.TAIL_WENT_BACK;
import static dev.parley.chaos.history.Violation.Kind.TOO_EARLY;
import static dev.parley.chaos.history.Violation.Kind.UNREADABLE;
import static dev.parley.chaos.history.Violation.Kind.WAIT_CHANGED;
import static dev.parley.chaos.history.Violation.Kind.WAIT_MISSED_RECORD;
import static dev.parley.chaos.history.Violation.Kind.WAIT_WRONG_RECORD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.parley.chaos.history.Operation.Entry;
import dev.parley.chaos.history.Operation.Item;
import dev.parley.chaos.history.Violation.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HistoryCheckerTest {
  private static final DueLimits LIMITS =
      new DueLimits(Duration.ofSeconds(1), Duration.ofSeconds(5));

  private static Recorded with() {
    return new Recorded();
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        arguments(
            "an acknowledged record is missing",
            LOST,
            with().acknowledged(1, 2, "a", 0).acknowledged(3, 4, "b", 1).last(0, "a")),
        arguments(
            "another record stands at the acknowledged number",
            LOST,
            with().acknowledged(1, 9, "a", 0).acknowledged(1, 9, "b", 1).last(0, "b", "a")),
        arguments(
            "a record that had no answer is there twice",
            DUPLICATE,
            with().unknown(1, 2, "a").last(0, "a", "a")),
        arguments("nobody sent it", PHANTOM, with().last(0, "x")),
        arguments(
            "the agent is woken up and nobody closed",
            PHANTOM,
            with().last(0, "{\"payload\":{\"trigger\":\"close\"}}")),
        arguments(
            "a refused record is there", REFUSED_BUT_THERE, with().refused(1, 2, "a").last(0, "a")),
        arguments(
            "a number is left out",
            GAP,
            with()
                .acknowledged(1, 2, "a", 0)
                .acknowledged(3, 4, "b", 2)
                .last(0, List.of(new Item(0, "a"), new Item(2, "b")))),
        arguments(
            "numbers begin at 1", GAP, with().acknowledged(1, 2, "a", 1).last(0, items(1, "a"))),
        arguments(
            "one node shows less than the other",
            NODES_DISAGREE,
            with().unknown(1, 2, "a").last(0, "a").last(1)),
        arguments("nobody could read it", UNREADABLE, with().unknown(1, 2, "a")),
        arguments(
            "a read shows what is not there in the end",
            NOT_A_PREFIX,
            with().unknown(1, 2, "a").unknown(3, 4, "b").read(5, 6, 0, "a", "b").last(0, "a")),
        arguments(
            "a read shows another record",
            NOT_A_PREFIX,
            with().unknown(1, 2, "a").unknown(1, 2, "b").read(5, 6, 0, "b").last(0, "a", "b")),
        arguments(
            "a read leaves a record out",
            NOT_A_PREFIX,
            with()
                .unknown(1, 2, "a")
                .unknown(3, 4, "b")
                .unknown(5, 6, "c")
                .add(
                    new Operation.Read(
                        7, 8, 0, "s/in", 0, List.of(new Item(0, "a"), new Item(2, "c")), false))
                .last(0, "a", "b", "c")),
        arguments(
            "a tail lies behind the end",
            NOT_A_PREFIX,
            with().unknown(1, 2, "a").read(3, 4, 2).last(0, "a")),
        arguments(
            "a live reader begins too late",
            NOT_A_PREFIX,
            with()
                .unknown(1, 2, "a")
                .unknown(3, 4, "b")
                .add(
                    new Operation.Follow(
                        5,
                        6,
                        0,
                        "s/in",
                        0,
                        List.of(new Operation.Seen(1, "b", 6)),
                        6L,
                        null,
                        false))
                .last(0, "a", "b")),
        arguments(
            "a live reader sees what is lost",
            NOT_A_PREFIX,
            with().unknown(1, 2, "a").live(3, false, 0, "a").last(0)),
        arguments(
            "a live reader does not come to the end",
            READER_STUCK,
            with().unknown(1, 2, "a").unknown(1, 2, "b").live(5, true, 0, "a").last(0, "a", "b")),
        arguments(
            "a read does not show what was acknowledged before",
            STALE_READ,
            with().acknowledged(1, 2, "a", 0).read(3, 4, 0).last(0, "a")),
        arguments(
            "a read shows less than a read before it",
            TAIL_WENT_BACK,
            with().unknown(1, 20, "a").read(2, 3, 0, "a").read(4, 5, 0).last(0, "a")),
        arguments(
            "a read shows less than a live reader has seen",
            TAIL_WENT_BACK,
            with().unknown(1, 20, "a").live(2, false, 0, "a").read(13, 14, 0).last(0, "a")),
        arguments(
            "a repetition gets another number",
            REPEAT_ANSWERED_OTHERWISE,
            with().acknowledged(1, 2, "a", 0).acknowledged(3, 4, "a", 1).last(0, "a")),
        arguments(
            "a later record gets a lower number",
            OUT_OF_ORDER,
            with().acknowledged(1, 2, "a", 1).acknowledged(3, 4, "b", 0).last(0, "b", "a")),
        arguments(
            "an append is accepted after the close",
            ACCEPTED_AFTER_END,
            with()
                .created(null)
                .close(1, 2, Outcome.OK, "r")
                .acknowledged(3, 4, "a", 0)
                .last(0, "a")),
        arguments(
            "an append is accepted after another was refused",
            ACCEPTED_AFTER_END,
            with()
                .created(null)
                .close(1, 20, Outcome.UNKNOWN, null)
                .refused(2, 3, "a")
                .acknowledged(4, 5, "b", 0)
                .last(0, "b")),
        arguments(
            "an append is accepted after the expiry",
            ACCEPTED_AFTER_END,
            with().created(10L).acknowledged(20, 21, "a", 0).last(0, "a")),
        arguments(
            "an append is refused and nobody has closed",
            REFUSED_WITHOUT_END,
            with().created(null).refused(1, 2, "a").close(3, 4, Outcome.OK, "r").last(0)),
        arguments(
            "an append is refused before the expiry",
            REFUSED_WITHOUT_END,
            with().created(100L).refused(1, 2, "a").last(0)),
        arguments(
            "the second close has changed the reason",
            END_CHANGED,
            with()
                .created(null)
                .close(1, 2, Outcome.OK, "first")
                .close(3, 4, Outcome.OK, "second")),
        arguments(
            "the session is shown with another reason",
            END_CHANGED,
            with().created(null).close(1, 2, Outcome.OK, "first").look(3, "second")),
        arguments(
            "a closed session is open again",
            END_CHANGED,
            with().created(null).close(1, 2, Outcome.OK, "first").look(3, null)),
        arguments(
            "a session expires twice",
            ENDED_TWICE,
            with()
                .created(100L)
                .lifecycle(500, new Entry("expired", 100), new Entry("expired", 150))),
        arguments(
            "a session is closed and expires",
            ENDED_TWICE,
            with()
                .created(100L)
                .lifecycle(500, new Entry("closed", 50), new Entry("expired", 100))),
        arguments(
            "a session expires early",
            TOO_EARLY,
            with().created(100L).lifecycle(500, new Entry("expired", 50))),
        arguments(
            "a session expires late",
            DUE_MISSED,
            with().created(100L).lifecycle(5_000, new Entry("expired", 2_000))),
        arguments(
            "a session expires late even for a fault",
            DUE_MISSED,
            with().created(100L).fault(50, 1_000).lifecycle(50_000, new Entry("expired", 6_100))),
        arguments(
            "a session never expires",
            DUE_MISSED,
            with().created(100L).lifecycle(2_000, new Entry("created", 1))),
        arguments(
            "a waiter has two outcomes",
            WAIT_CHANGED,
            with()
                .wait(1, 2, -1, 100L)
                .unknown(10, 20, "a")
                .waitLook(20, "COMPLETED", "a", 15L)
                .waitLook(130, "TIMED_OUT", null, 100L)
                .last(0, "a")),
        arguments(
            "a waiter completes at two times",
            WAIT_CHANGED,
            waiting().waitLook(20, "COMPLETED", "a", 15L).waitLook(30, "COMPLETED", "a", 16L)),
        arguments(
            "a waiter waits again",
            WAIT_CHANGED,
            waiting().waitLook(13, "COMPLETED", "a", 15L).waitLook(16, "WAITING", null, null)),
        arguments(
            "a waiter gets another record than the first",
            WAIT_WRONG_RECORD,
            waiting().waitLook(20, "COMPLETED", "b", 15L)),
        arguments(
            "a waiter completes without a record",
            WAIT_WRONG_RECORD,
            with()
                .wait(1, 2, 0, 100L)
                .acknowledged(10, 20, "a", 0)
                .waitLook(30, "COMPLETED", "a", 15L)
                .last(0, "a")),
        arguments(
            "a waiter waits behind its record",
            WAIT_MISSED_RECORD,
            waiting().waitLook(30, "WAITING", null, null)),
        arguments(
            "a waiter times out although its record came in time",
            WAIT_MISSED_RECORD,
            waiting().waitLook(130, "TIMED_OUT", null, 100L)),
        arguments(
            "a waiter times out early",
            TOO_EARLY,
            with().wait(1, 2, -1, 100L).waitLook(60, "TIMED_OUT", null, 50L)),
        arguments(
            "a waiter without a deadline times out",
            TOO_EARLY,
            with().wait(1, 2, -1, null).waitLook(60, "TIMED_OUT", null, 50L)),
        arguments(
            "a waiter times out late",
            DUE_MISSED,
            with().wait(1, 2, -1, 100L).waitLook(5_000, "TIMED_OUT", null, 2_000L)),
        arguments(
            "a waiter is forgotten",
            DUE_MISSED,
            with().wait(1, 2, -1, 100L).waitLook(2_000, "WAITING", null, null)));
  }

  /** Waits from 1 to 100 for a record that is acknowledged at 20. */
  private static Recorded waiting() {
    return with()
        .wait(1, 2, -1, 100L)
        .acknowledged(10, 20, "a", 0)
        .acknowledged(21, 22, "b", 1)
        .last(0, "a", "b");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("broken")
  void a_broken_promise_is_found_and_nothing_else(String title, Kind kind, Recorded recorded) {
    List<Violation> found = HistoryChecker.check(recorded.history(), LIMITS);
    assertThat(found).extracting(Violation::kind).contains(kind);
    assertThat(found)
        .extracting(Violation::kind)
        .as("besides, only what follows from it")
        .isSubsetOf(consequences(kind));
  }

  /** Of some broken promises others are broken as well, whatever the history. */
  private static Set<Kind> consequences(Kind kind) {
    return switch (kind) {
      case GAP -> EnumSet.of(GAP, NOT_A_PREFIX);
      case REPEAT_ANSWERED_OTHERWISE -> EnumSet.of(REPEAT_ANSWERED_OTHERWISE, LOST);
      case REFUSED_BUT_THERE -> EnumSet.of(REFUSED_BUT_THERE, REFUSED_WITHOUT_END);
      default -> EnumSet.of(kind);
    };
  }

  @Test
  void every_kind_of_violation_has_its_histories() {
    assertThat(broken().map(arguments -> arguments.get()[1]).collect(Collectors.toSet()))
        .isEqualTo(EnumSet.allOf(Kind.class));
  }

  /** Everything that is allowed, as near as possible to what is not. */
  private static Recorded correct() {
    return with()
        .created(null)
        .acknowledged(1, 2, "a", 0)
        .unknown(3, 4, "b")
        .acknowledged(5, 6, "b", 1)
        .acknowledged(7, 8, "a", 0)
        .unknown(9, 10, "nowhere")
        .unknown(9, 10, "somewhere")
        .acknowledged(11, 20, "late", 4)
        .acknowledged(12, 19, "c", 3)
        .read(2, 3, 0, "a")
        .read(6, 7, 1, "b")
        .read(12, 30, 3)
        .live(21, false, 0, "a", "b", "somewhere")
        .live(40, true, 3, "c", "late", "{\"payload\":{\"trigger\":\"close\"}}")
        .wait(1, 30, 3, 10L)
        .waitLook(29, "TIMED_OUT", null, 10L)
        .fault(40, 5_000)
        .close(50, 60, Outcome.UNKNOWN, null)
        .refused(51, 61, "refused")
        .close(62, 63, Outcome.OK, "r")
        .close(64, 65, Outcome.OK, "r")
        .refused(66, 67, "too late")
        .look(49, null)
        .look(70, "r")
        .lifecycle(80, new Entry("created", 1), new Entry("closed", 55))
        .last(0, "a", "b", "somewhere", "c", "late", "{\"payload\":{\"trigger\":\"close\"}}")
        .last(1, "a", "b", "somewhere", "c", "late", "{\"payload\":{\"trigger\":\"close\"}}");
  }

  @Test
  void a_correct_history_has_no_violations() {
    assertThat(HistoryChecker.check(correct().history(), LIMITS)).isEmpty();
  }

  @Test
  void what_falls_due_during_a_fault_has_until_some_time_after_it() {
    Recorded recorded =
        with()
            .created(100L)
            .fault(50, 1_000)
            .acknowledged(10, 90, "a", 0)
            .refused(99, 101, "b")
            .lifecycle(50_000, new Entry("expired", 5_900))
            .last(0, "a");
    assertThat(HistoryChecker.check(recorded.history(), LIMITS)).isEmpty();
  }

  @Test
  void a_history_is_the_same_after_it_was_written_and_read(@TempDir Path directory)
      throws Exception {
    Path file = directory.resolve("history.ndjson");
    History history = correct().history();
    Files.write(file, history.operations().stream().map(History::line).toList());
    assertThat(History.read(file)).isEqualTo(history);
  }
}
