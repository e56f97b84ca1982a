package dev.parley.http.channels;

import dev.parley.entity.Inspection;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Refused;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a subscriber wants to read (trigger.md section 4.4).
 *
 * @param fromSeq the first wanted record
 * @param maxSilence how long to wait without a record
 * @param settledOnly whether to end at the tail because the last turn is over
 */
record SubscribeHeaders(long fromSeq, Duration maxSilence, boolean settledOnly) {
  private static final Duration DEFAULT_SILENCE = Duration.ofSeconds(60);
  private static final int MAX_SECONDS = 600;

  /** A number, alone or as the first of the triple that our own id lines carry. */
  private static final Pattern LAST_EVENT_ID =
      Pattern.compile("([0-9]+)(?:-.*|,[0-9]+,[0-9]+)?", Pattern.DOTALL);

  /**
   * @throws Refused with 400 when {@code Timeout-Seconds} is none
   */
  static SubscribeHeaders read(Call call, boolean out, Inspection inspection) {
    boolean peek = out && call.header("X-Peek-Settled").filter("1"::equals).isPresent();
    return new SubscribeHeaders(
        fromSeq(call, inspection), maxSilence(call), peek && inspection.settled());
  }

  private static long fromSeq(Call call, Inspection inspection) {
    long tail = inspection.tail().seq();
    return call.header("Last-Event-ID")
        .map(id -> Math.min(after(id), tail))
        .orElseGet(
            () ->
                call.header("X-Trigger-Stream-Start").filter("latest"::equals).isPresent()
                    ? tail
                    : 0L);
  }

  /** The place behind the record that the client saw last; 0 when the id is not one of ours. */
  static long after(String lastEventId) {
    Matcher matcher = LAST_EVENT_ID.matcher(lastEventId.trim());
    if (!matcher.matches()) {
      return 0;
    }
    String digits = matcher.group(1);
    return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits) + 1;
  }

  private static Duration maxSilence(Call call) {
    String text = call.header("Timeout-Seconds").orElse("");
    if (text.isEmpty()) {
      return DEFAULT_SILENCE;
    }
    if (!text.matches("[+-]?[0-9]{1,9}")) {
      throw refused("Invalid timeout seconds");
    }
    int seconds = Integer.parseInt(text);
    if (seconds <= 0) {
      throw refused("Timeout seconds must be greater than 0");
    }
    if (seconds > MAX_SECONDS) {
      throw refused("Timeout seconds must be less than 600");
    }
    return Duration.ofSeconds(seconds);
  }

  private static Refused refused(String text) {
    return new Refused(Answers.text(400, text));
  }
}
