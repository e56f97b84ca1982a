package dev.parley.ops.alerts;

import ch.qos.logback.classic.LoggerContext;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people what the log calls an error, wherever it comes from: requests that failed
 * unexpectedly, exceptions nobody caught, events a projection had to pass by. Does nothing when
 * there is nobody to tell.
 */
public final class Alerts implements AutoCloseable {
  private final List<Outbox> outboxes = new ArrayList<>();
  private final Scrubber scrubber;
  private final Repeats repeats;
  private final Clock clock;
  private final @Nullable AlertAppender appender;

  private Alerts(
      List<AlertChannel> channels, AlertPolicy policy, Collection<String> secrets, Clock clock) {
    this.scrubber = new Scrubber(secrets);
    this.repeats = new Repeats(policy.repeatAfter(), clock);
    this.clock = clock;
    channels.forEach(channel -> outboxes.add(new Outbox(channel, policy)));
    this.appender = channels.isEmpty() ? null : listen();
  }

  /**
   * Begins to listen to the log.
   *
   * @param sentryDsn if there is a Sentry
   * @param telegram if there is a chat
   * @param secrets what no alert may show
   * @param node what this node is called
   * @param environment development or production
   */
  public static Alerts start(
      Optional<String> sentryDsn,
      Optional<TelegramTarget> telegram,
      AlertPolicy policy,
      Collection<String> secrets,
      String node,
      String environment,
      Clock clock) {
    List<AlertChannel> channels = new ArrayList<>();
    sentryDsn.ifPresent(dsn -> channels.add(new SentryChannel(dsn, node, environment)));
    telegram.ifPresent(target -> channels.add(new TelegramChannel(target, node)));
    return new Alerts(channels, policy, secrets, clock);
  }

  private @Nullable AlertAppender listen() {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (!(factory instanceof LoggerContext context)) {
      return null;
    }
    AlertAppender added = new AlertAppender(this, scrubber, clock);
    added.setContext(context);
    added.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(added);
    return added;
  }

  /** Tells that something has happened that is no error, such as the start of a node. */
  public void event(String text) {
    report(
        new Alert(
            Alert.Kind.EVENT,
            Alerts.class.getName(),
            scrubber.text(text),
            List.of(),
            clock.instant(),
            0));
  }

  /**
   * Tells what a user has to say, where there is a channel for it.
   *
   * @param userId who says it
   * @param text at most 2 000 characters
   * @return whether there is one; it may still fail to come through
   */
  public boolean feedback(String userId, String text) {
    report(
        new Alert(
            Alert.Kind.FEEDBACK,
            Alerts.class.getName(),
            "from the user " + userId + "\n" + scrubber.withoutSecrets(text),
            List.of(),
            clock.instant(),
            0));
    return outboxes.stream().anyMatch(outbox -> outbox.takes(Alert.Kind.FEEDBACK));
  }

  /** Never waits and never fails. */
  void report(Alert alert) {
    repeats.admit(alert).ifPresent(one -> outboxes.forEach(outbox -> outbox.put(one)));
  }

  @Override
  public void close() throws InterruptedException {
    if (appender != null && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(appender);
      appender.stop();
    }
    for (Outbox outbox : outboxes) {
      outbox.close();
    }
  }
}
