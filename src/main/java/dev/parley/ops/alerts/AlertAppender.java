package dev.parley.ops.alerts;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/** Makes alerts of the errors in the log of this server and of the actors beneath it. */
final class AlertAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
  private static final List<String> LISTENED_TO = List.of("dev.parley.", "org.apache.pekko.");
  private static final String OWN = AlertAppender.class.getPackageName() + ".";
  private static final int MAX_CAUSES = 5;
  private static final int MAX_FRAMES = 50;

  private final Alerts alerts;
  private final Scrubber scrubber;
  private final Clock clock;

  AlertAppender(Alerts alerts, Scrubber scrubber, Clock clock) {
    this.alerts = alerts;
    this.scrubber = scrubber;
    this.clock = clock;
    setName("alerts");
  }

  @Override
  protected void append(ILoggingEvent event) {
    String logger = event.getLoggerName();
    if (event.getLevel().isGreaterOrEqual(Level.ERROR)
        && LISTENED_TO.stream().anyMatch(logger::startsWith)
        && !logger.startsWith(OWN)) {
      alerts.report(alert(event));
    }
  }

  private Alert alert(ILoggingEvent event) {
    IThrowableProxy failure = event.getThrowableProxy();
    String text =
        scrubber.line(
            String.valueOf(event.getMessage()),
            event.getArgumentArray(),
            failure == null ? null : failure.getMessage());
    return new Alert(
        Alert.Kind.ERROR,
        event.getLoggerName(),
        text + request(event),
        causes(failure),
        clock.instant(),
        0);
  }

  /** By which the line is found in the log. */
  private static String request(ILoggingEvent event) {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    return pairs == null
        ? ""
        : pairs.stream()
            .filter(pair -> pair.key.equals("request"))
            .map(pair -> " [" + pair.value + "]")
            .collect(Collectors.joining());
  }

  private static List<Alert.Cause> causes(@Nullable IThrowableProxy outermost) {
    List<Alert.Cause> causes = new ArrayList<>();
    for (IThrowableProxy one = outermost;
        one != null && causes.size() < MAX_CAUSES;
        one = one.getCause()) {
      StackTraceElementProxy[] frames = one.getStackTraceElementProxyArray();
      List<StackTraceElement> elements =
          frames == null
              ? List.of()
              : Arrays.stream(frames)
                  .limit(MAX_FRAMES)
                  .map(StackTraceElementProxy::getStackTraceElement)
                  .toList();
      causes.add(new Alert.Cause(one.getClassName(), elements));
    }
    return causes;
  }
}
