package dev.parley.chaos.history;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A promise that was broken.
 *
 * @param what in a sentence, with the values that contradict each other
 * @param operations that show it
 */
public record Violation(Kind kind, String what, List<Operation> operations) {
  /** Which promise. */
  public enum Kind {
    /** An acknowledged record is not at its number in the end. */
    LOST,
    /** A record is there twice. */
    DUPLICATE,
    /** A record is there that nobody sent. */
    PHANTOM,
    /** A record is there although each attempt to append it was refused. */
    REFUSED_BUT_THERE,
    /** The numbers of a stream are not 0, 1, 2 … */
    GAP,
    /** Nodes show a stream differently after everything is over. */
    NODES_DISAGREE,
    /** Nobody could read a stream after everything was over. */
    UNREADABLE,
    /** A reader was shown what is not, or not there, in the final stream, or out of order. */
    NOT_A_PREFIX,
    /** A live reader never came to the end. */
    READER_STUCK,
    /** A read that began after an acknowledgement does not show the record. */
    STALE_READ,
    /** A read shows less than one that ended before it began. */
    TAIL_WENT_BACK,
    /** A repeated part id got another number than the first time. */
    REPEAT_ANSWERED_OTHERWISE,
    /** A record stands before one that was acknowledged before it was sent. */
    OUT_OF_ORDER,
    /** An append was accepted that began after the end of its session was known. */
    ACCEPTED_AFTER_END,
    /** An append was refused although its session had not ended. */
    REFUSED_WITHOUT_END,
    /** The closing of a session was seen in two ways. */
    END_CHANGED,
    /** A session ended more than once. */
    ENDED_TWICE,
    /** What is due happened before its time. */
    TOO_EARLY,
    /** What is due happened too late, or not at all. */
    DUE_MISSED,
    /** A waiter was seen with two outcomes. */
    WAIT_CHANGED,
    /** A waiter ended with another record than the first behind its cursor. */
    WAIT_WRONG_RECORD,
    /** A waiter was not completed by the record that it waited for. */
    WAIT_MISSED_RECORD
  }

  static Violation of(Kind kind, String what, Operation... operations) {
    return new Violation(kind, what, List.of(operations));
  }

  @Override
  public String toString() {
    return operations.stream()
        .map(operation -> "\n    " + shortened(History.line(operation)))
        .collect(Collectors.joining("", kind + ": " + what, ""));
  }

  private static String shortened(String line) {
    return line.length() <= 600 ? line : line.substring(0, 600) + " …";
  }
}
