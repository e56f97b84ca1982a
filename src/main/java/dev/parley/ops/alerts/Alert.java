package dev.parley.ops.alerts;

import java.time.Instant;
import java.util.List;

/**
 * Something people should know of, without secrets and, feedback apart, without what clients have
 * written.
 *
 * @param source the class that told it
 * @param text at most a few hundred characters, of feedback 2 000
 * @param causes the failure behind it, the outermost first; empty when there is none
 * @param repeats how often the same has been told since it was sent last
 */
record Alert(Kind kind, String source, String text, List<Cause> causes, Instant at, long repeats) {
  /** How much it matters. */
  enum Kind {
    ERROR,
    WARNING,
    EVENT,
    /** What a user wants to tell those who run the server. */
    FEEDBACK
  }

  /** A failure, without its text, which may repeat what a client has sent. */
  record Cause(String type, List<StackTraceElement> frames) {
    Cause {
      frames = List.copyOf(frames);
    }
  }

  Alert {
    causes = List.copyOf(causes);
  }

  Alert repeated(long times) {
    return new Alert(kind, source, text, causes, at, times);
  }

  /** Equal for alerts of which one is enough. */
  String sameness() {
    String failure =
        causes.isEmpty()
            ? ""
            : causes.get(0).type()
                + causes.get(0).frames().stream().limit(3).map(String::valueOf).toList();
    return kind + "|" + source + "|" + (causes.isEmpty() ? text : "") + "|" + failure;
  }
}
