package dev.parley.session;

import dev.parley.session.SessionCommand.ChangeTimeout;
import dev.parley.session.SessionCommand.Close;
import dev.parley.session.SessionCommand.Create;
import dev.parley.session.SessionCommand.EndAndContinue;
import dev.parley.session.SessionCommand.Update;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the control plane may do to a session (trigger.md sections 3.2 to 3.7). */
final class LifecycleRules {
  private final Session session;
  private final @Nullable SessionInfo info;
  private final Instant now;

  LifecycleRules(Session session, Instant now) {
    this.session = session;
    this.info = session.info();
    this.now = now;
  }

  Decision decide(SessionCommand command) {
    if (command instanceof Create create) {
      return info == null ? create(create) : writeThrough(create, info);
    }
    if (info == null) {
      return Decision.reply(new SessionReply.NoSuchSession());
    }
    if (command instanceof Update update) {
      return update(update, info);
    }
    if (command instanceof Close close) {
      return close(close, info);
    }
    if (command instanceof EndAndContinue swap) {
      return endAndContinue(swap, info);
    }
    if (command instanceof SessionCommand.Touch touch) {
      return touch(touch.activity(), info);
    }
    if (command instanceof ChangeTimeout change) {
      return changeTimeout(change, info);
    }
    throw new IllegalArgumentException("no rule for " + command.getClass().getName());
  }

  private Decision touch(Activity activity, SessionInfo row) {
    Clockwork clockwork = session.clockwork();
    if (clockwork == null) {
      return Decision.reply(new SessionReply.NoTimeout());
    }
    if (row.closedAt() != null) {
      return Decision.reply(new SessionReply.Closed(row.closedReason()));
    }
    dev.parley.session.Touch touch = clockwork.lifetime().on(activity, now);
    if (touch instanceof dev.parley.session.Touch.AtMaximum) {
      return Decision.reply(new SessionReply.AtMaximum(clockwork.lifetime()));
    }
    if (touch instanceof dev.parley.session.Touch.Expired) {
      return Decision.reply(new SessionReply.Expired());
    }
    SessionEvent.Touched touched = clockwork.touched(touch, activity, now);
    boolean reported = touched.report() == SessionEvent.Report.NOW;
    return new Decision(
        reported ? List.of(lifecycle(LifecycleRecord.renewed(touched)), touched) : List.of(touched),
        new SessionReply.Alive(
            row.endingAt(touched.lifetime().expiresAt()),
            touched.lifetime(),
            touch instanceof dev.parley.session.Touch.Renewed));
  }

  private Decision changeTimeout(ChangeTimeout change, SessionInfo row) {
    Clockwork clockwork = session.clockwork();
    if (clockwork == null) {
      return Decision.reply(new SessionReply.NoTimeout());
    }
    if (row.closedAt() != null) {
      return Decision.reply(new SessionReply.Closed(row.closedReason()));
    }
    if (clockwork.lifetime().isExpired(now)) {
      return Decision.reply(new SessionReply.Expired());
    }
    TimeoutTiers.Outcome outcome =
        TimeoutTiers.patch(change.limits(), clockwork.lifetime().policy(), change.request());
    if (outcome instanceof TimeoutTiers.Outcome.Refused refused) {
      return Decision.reply(new SessionReply.InvalidTimeout(refused.reason()));
    }
    Lifetime changed =
        clockwork.lifetime().withPolicy(((TimeoutTiers.Outcome.Accepted) outcome).policy(), now);
    return new Decision(
        List.of(new SessionEvent.TimeoutChanged(changed, now)),
        new SessionReply.Alive(row.endingAt(changed.expiresAt()), changed, false));
  }

  private Decision create(Create create) {
    SessionInfo row =
        new SessionInfo(
            create.externalId(),
            create.type(),
            create.taskIdentifier(),
            create.triggerConfig(),
            create.tags() == null ? List.of() : create.tags(),
            create.metadata(),
            create.runId(),
            now,
            now,
            create.timeout() == null
                ? create.expiresAt()
                : Lifetime.create(create.timeout(), now).expiresAt(),
            null,
            null,
            null);
    return new Decision(
        List.of(
            new SessionEvent.Created(row, create.timeout(), create.agentId()),
            lifecycle(LifecycleRecord.created(now))),
        new SessionReply.Started(row, false));
  }

  private Decision writeThrough(Create create, SessionInfo row) {
    return switch (row.status(now)) {
      case CLOSED -> Decision.reply(new SessionReply.Closed(row.closedReason()));
      case EXPIRED -> Decision.reply(new SessionReply.Expired());
      case ACTIVE ->
          change(
              row,
              new SessionEvent.Updated(
                  // With a timeout another face runs the session, and keeps what it needs there.
                  session.clockwork() == null ? create.triggerConfig() : row.triggerConfig(),
                  create.tags() == null ? row.tags() : create.tags(),
                  create.metadata() == null ? row.metadata() : create.metadata(),
                  create.expiresAt() == null || session.clockwork() != null
                      ? row.expiresAt()
                      : create.expiresAt(),
                  now),
              true);
    };
  }

  private Decision update(Update update, SessionInfo row) {
    if (update.externalId() != null
        && !Objects.equals(update.externalId().value(), row.externalId())) {
      return Decision.reply(new SessionReply.ExternalIdFixed());
    }
    return change(
        row,
        new SessionEvent.Updated(
            row.triggerConfig(),
            update.tags() == null ? row.tags() : update.tags(),
            update.metadata() == null ? row.metadata() : update.metadata().value(),
            row.expiresAt(),
            now),
        false);
  }

  /** An event only when something differs: repeating a request writes nothing. */
  private Decision change(SessionInfo row, SessionEvent.Updated event, boolean create) {
    SessionInfo changed = row.after(event);
    boolean same =
        row.triggerConfig().equals(changed.triggerConfig())
            && row.tags().equals(changed.tags())
            && Objects.equals(row.metadata(), changed.metadata())
            && Objects.equals(row.expiresAt(), changed.expiresAt());
    SessionInfo after = same ? row : changed;
    return new Decision(
        same ? List.of() : List.of(event),
        create ? new SessionReply.Started(after, true) : new SessionReply.Row(after));
  }

  private Decision close(Close close, SessionInfo row) {
    if (row.closedAt() != null) {
      return Decision.reply(new SessionReply.Row(row));
    }
    SessionEvent.Closed closed = new SessionEvent.Closed(now, close.reason());
    LifecycleRecord record =
        SessionInfo.DELETED.equals(close.reason())
            ? LifecycleRecord.deleted(now)
            : LifecycleRecord.closed(now, close.reason());
    StreamAppend reported = record.place(session, now);
    boolean external = !row.currentRunId().equals(close.callingRunId());
    TurnRules turns = new TurnRules(session, now);
    List<StreamAppend> records = new ArrayList<>(turns.interruption());
    if (external) {
      records.add(
          LifecycleRecord.wakeUp(session.canonicalKey(), close.recordId())
              .place(session, Channel.IN, now));
    }
    records.add(reported);
    // The records first: they are the last ones accepted, and the log says so.
    List<SessionEvent> events = new ArrayList<>();
    events.add(new SessionEvent.RecordsAppended(records));
    events.addAll(turns.interrupted());
    events.add(closed);
    return new Decision(events, new SessionReply.Row(row.after(closed)));
  }

  private Decision endAndContinue(EndAndContinue swap, SessionInfo row) {
    return switch (row.status(now)) {
      case CLOSED -> Decision.reply(new SessionReply.Closed(row.closedReason()));
      case EXPIRED -> Decision.reply(new SessionReply.Expired());
      case ACTIVE ->
          row.currentRunId().equals(swap.callingRunId())
              ? new Decision(
                  List.of(new SessionEvent.RunSwapped(swap.newRunId(), now)),
                  new SessionReply.Continued(swap.newRunId(), true))
              : Decision.reply(new SessionReply.Continued(row.currentRunId(), false));
    };
  }

  private SessionEvent lifecycle(LifecycleRecord record) {
    return new SessionEvent.RecordsAppended(List.of(record.place(session, now)));
  }
}
