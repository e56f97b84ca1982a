package dev.parley.journal;

import dev.parley.journal.proto.Expired;
import dev.parley.journal.proto.Report;
import dev.parley.journal.proto.TimeoutChanged;
import dev.parley.journal.proto.Touched;
import dev.parley.journal.proto.Warned;
import dev.parley.session.Activity;
import dev.parley.session.Lifetime;
import dev.parley.session.SessionEvent;
import dev.parley.session.TimeoutPolicy;
import java.time.Instant;
import java.util.Locale;

/** Timeouts and their events to and from the messages of {@code journal.proto}. */
public final class LifetimeCodec {
  private LifetimeCodec() {}

  static Touched toProto(SessionEvent.Touched event) {
    return Touched.newBuilder()
        .setLifetime(toProto(event.lifetime()))
        .setCause(event.cause().cause())
        .setAt(event.at().toEpochMilli())
        .setReport(Report.valueOf(event.report().name()))
        .build();
  }

  static TimeoutChanged toProto(SessionEvent.TimeoutChanged event) {
    return TimeoutChanged.newBuilder()
        .setLifetime(toProto(event.lifetime()))
        .setAt(event.at().toEpochMilli())
        .build();
  }

  static Warned toProto(SessionEvent.Warned event) {
    return Warned.newBuilder().setAt(event.at().toEpochMilli()).build();
  }

  static Expired toProto(SessionEvent.Expired event) {
    return Expired.newBuilder()
        .setExpiresAt(event.expiresAt().toEpochMilli())
        .setNoticedAt(event.noticedAt().toEpochMilli())
        .build();
  }

  public static dev.parley.journal.proto.TimeoutPolicy toProto(TimeoutPolicy policy) {
    return dev.parley.journal.proto.TimeoutPolicy.newBuilder()
        .setTimeoutMinutes(policy.timeoutMinutes())
        .setAutoRenew(policy.autoRenew())
        .setMaxDurationMinutes(policy.maxDurationMinutes())
        .setWarningThresholdMinutes(policy.warningThresholdMinutes())
        .build();
  }

  public static dev.parley.journal.proto.Lifetime toProto(Lifetime lifetime) {
    return dev.parley.journal.proto.Lifetime.newBuilder()
        .setCreatedAt(lifetime.createdAt().toEpochMilli())
        .setBase(lifetime.base().toEpochMilli())
        .setLastActivity(lifetime.lastActivity().toEpochMilli())
        .setRenewalCount(lifetime.renewalCount())
        .setPolicy(toProto(lifetime.policy()))
        .setWarned(lifetime.warned())
        .setExpiryNoted(lifetime.expiryNoted())
        .build();
  }

  static SessionEvent touched(Touched message) {
    return new SessionEvent.Touched(
        fromProto(message.getLifetime()),
        activity(message.getCause()),
        Instant.ofEpochMilli(message.getAt()),
        SessionEvent.Report.valueOf(message.getReport().name()));
  }

  static SessionEvent timeoutChanged(TimeoutChanged message) {
    return new SessionEvent.TimeoutChanged(
        fromProto(message.getLifetime()), Instant.ofEpochMilli(message.getAt()));
  }

  static SessionEvent warned(Warned message) {
    return new SessionEvent.Warned(Instant.ofEpochMilli(message.getAt()));
  }

  static SessionEvent expired(Expired message) {
    return new SessionEvent.Expired(
        Instant.ofEpochMilli(message.getExpiresAt()), Instant.ofEpochMilli(message.getNoticedAt()));
  }

  /**
   * @throws IllegalArgumentException when a number is out of its bounds
   */
  public static TimeoutPolicy fromProto(dev.parley.journal.proto.TimeoutPolicy message) {
    return new TimeoutPolicy(
        message.getTimeoutMinutes(),
        message.getAutoRenew(),
        message.getMaxDurationMinutes(),
        message.getWarningThresholdMinutes());
  }

  /**
   * @throws IllegalArgumentException when its times are out of order
   */
  public static Lifetime fromProto(dev.parley.journal.proto.Lifetime message) {
    return new Lifetime(
        Instant.ofEpochMilli(message.getCreatedAt()),
        Instant.ofEpochMilli(message.getBase()),
        Instant.ofEpochMilli(message.getLastActivity()),
        message.getRenewalCount(),
        fromProto(message.getPolicy()),
        message.getWarned(),
        message.getExpiryNoted());
  }

  /**
   * @param cause as {@link Activity#cause()} tells it
   * @throws IllegalArgumentException when there is no such activity
   */
  public static Activity activity(String cause) {
    return Activity.valueOf(cause.toUpperCase(Locale.ROOT));
  }
}
