package dev.parley.session;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state of a session: its row, if it has one, and its streams without their records. Immutable.
 *
 * <p>{@link #version()} counts the events applied, and since every event is one row of the journal,
 * it is at the same time the journal's sequence number of the last of them.
 */
public final class Session {
  /** Streams a session can have: the reserved pair, the lifecycle and the side channels. */
  public static final int MAX_STREAMS = 1_000;

  private final SessionId id;
  private final @Nullable SessionInfo info;
  private final long version;
  private final Streams streams;
  private final Waitpoints waitpoints;
  private final @Nullable Clockwork clockwork;
  private final @Nullable Turns turns;
  private final long lastMessageAt;
  private final Retention retention;

  private Session(
      SessionId id,
      @Nullable SessionInfo info,
      long version,
      Streams streams,
      Waitpoints waitpoints,
      @Nullable Clockwork clockwork,
      @Nullable Turns turns,
      long lastMessageAt,
      Retention retention) {
    this.id = id;
    this.info = info;
    this.version = version;
    this.streams = streams;
    this.waitpoints = waitpoints;
    this.clockwork = clockwork;
    this.turns = turns;
    this.lastMessageAt = lastMessageAt;
    this.retention = retention;
  }

  /** A session to which nothing has happened. */
  public static Session empty(SessionId id) {
    return new Session(
        id, null, 0, Streams.NONE, Waitpoints.EMPTY, null, null, 0, Retention.FOREVER);
  }

  /** The session that a snapshot kept. */
  public static Session restore(
      SessionId id,
      @Nullable SessionInfo info,
      long version,
      Map<Channel, ChannelState> channels,
      Waitpoints waitpoints,
      @Nullable Clockwork clockwork,
      @Nullable Turns turns,
      long lastMessageAt) {
    return new Session(
        id,
        info,
        version,
        new Streams(channels, null),
        waitpoints,
        clockwork,
        turns,
        lastMessageAt,
        Retention.FOREVER);
  }

  /** The same session, kept and counted like this. */
  public Session with(Retention other) {
    return new Session(
        id, info, version, streams, waitpoints, clockwork, turns, lastMessageAt, other);
  }

  public SessionId id() {
    return id;
  }

  /** The row; null as long as nobody created it. */
  public @Nullable SessionInfo info() {
    return info;
  }

  public long version() {
    return version;
  }

  /** The streams that were ever written; none while the session is being restored. */
  public Map<Channel, ChannelState> channels() {
    return streams.visible();
  }

  /** The streams as the journal holds them, those of a session that is being restored, too. */
  public Map<Channel, ChannelState> storedChannels() {
    return streams.stored();
  }

  /** What the session is to become, as long as not all of it is there; null else. */
  public @Nullable Session restoring() {
    return streams.target();
  }

  /**
   * The same session, of which only these parts of its streams are there.
   *
   * @param target what it is to become
   */
  public Session restoring(Map<Channel, ChannelState> stored, Session target) {
    return new Session(
        id,
        info,
        version,
        new Streams(stored, target),
        waitpoints,
        clockwork,
        turns,
        lastMessageAt,
        retention);
  }

  /** What moves the session's end; null for a session without a timeout policy. */
  public @Nullable Clockwork clockwork() {
    return clockwork;
  }

  /**
   * The same session under another setting.
   *
   * @param period how long it stays behind its end; null for ever
   */
  public Session keptFor(@Nullable Duration period) {
    return with(new Retention(period, retention.generation()));
  }

  /** How long it stays when it has ended, and which of its generations this is. */
  public Retention retention() {
    return retention;
  }

  /** What the agent has still to answer; null for a session that nobody answers. */
  public @Nullable Turns turns() {
    return turns;
  }

  /** When the newest message was created, in Unix milliseconds; 0 when there was none. */
  public long lastMessageAt() {
    return lastMessageAt;
  }

  /** Whether the session holds a conversation between a user and an agent (across.md section 1). */
  public boolean isMessaging() {
    return info != null && info.type().equals(SessionInfo.MESSAGING) && clockwork != null;
  }

  /** Whether nothing is known of it. */
  boolean isBlank() {
    return info == null && streams.equals(Streams.NONE) && waitpoints.all().isEmpty();
  }

  /** Who waits, and who has waited lately. */
  public Waitpoints waitpoints() {
    return waitpoints;
  }

  /** The state of a stream; an empty one if it was never written. */
  public ChannelState channel(Channel channel) {
    return channels().getOrDefault(channel, ChannelState.EMPTY);
  }

  /** The name the streams are known by: the external id if there is one (trigger.md section 3). */
  public String canonicalKey() {
    return info != null && info.externalId() != null ? info.externalId() : id.friendlyId();
  }

  /** What follows from the command at this instant, behind what is due. */
  public Decision decide(SessionCommand command, Instant now) {
    return new SessionRules(this, now).decide(command);
  }

  /** What follows from appends that share one commit, decided one after the other. */
  public GroupDecision decideGroup(List<SessionCommand.Appending> group, Instant now) {
    return new SessionRules(this, now).decideGroup(group);
  }

  /** When something will be due that is not decided yet, behind now; null for never. */
  public @Nullable Instant nextDue(Instant now) {
    return DueRules.earlier(DueRules.next(this), new CallbackRules(this, now).nextLook());
  }

  /** The waitpoints whose callback is to be tried now. */
  public Stream<Waitpoint> callbacksDue(Instant now) {
    return waitpoints.callbacksDue(now);
  }

  Session applyAll(List<SessionEvent> events) {
    Session state = this;
    for (SessionEvent event : events) {
      state = state.apply(event);
    }
    return state;
  }

  /** The state after the event. */
  public Session apply(SessionEvent event) {
    if (event instanceof SessionEvent.RecordsAppended appended) {
      if (appended.trimmed()) {
        throw new IllegalStateException(
            "event %d of %s has lost records to a trim; only a snapshot that covers it leads on"
                .formatted(version + 1, id));
      }
      return withAppends(appended.appends()).at(info, clockwork);
    }
    if (event instanceof SessionEvent.Created created) {
      TimeoutPolicy timeout = created.timeout();
      return at(
              created.info(),
              timeout == null ? null : Clockwork.create(timeout, created.info().createdAt()))
          .answeredBy(created.agentId());
    }
    if (event instanceof SessionEvent.Updated
        || event instanceof SessionEvent.Closed
        || event instanceof SessionEvent.RunSwapped) {
      return at(existing().after(event), clockwork);
    }
    if (event instanceof SessionEvent.Touched touched) {
      return at(existing().after(event), existingClockwork().after(touched));
    }
    if (event instanceof SessionEvent.TimeoutChanged changed) {
      return at(existing().after(event), existingClockwork().with(changed.lifetime()));
    }
    if (event instanceof SessionEvent.Warned) {
      return at(info, existingClockwork().with(existingClockwork().lifetime().noteWarning()));
    }
    if (event instanceof SessionEvent.Expired) {
      return at(
          existing().after(event),
          clockwork == null ? null : clockwork.with(clockwork.lifetime().noteExpiry()));
    }
    if (event instanceof SessionEvent.TurnStarted started) {
      return at(existingTurns().started(started.turn()));
    }
    if (event instanceof SessionEvent.TurnEnded ended) {
      return at(existingTurns().ended(ended.answeredTo()));
    }
    if (event instanceof SessionEvent.WaitpointCreated created) {
      return at(waitpoints.with(List.of(created.waitpoint())));
    }
    if (event instanceof SessionEvent.WaitpointCompleted completed) {
      return at(ended(List.of(completed.id()), completed.outcome()));
    }
    if (event instanceof SessionEvent.WaitpointsTimedOut timedOut) {
      return at(ended(timedOut.ids(), new Waitpoint.Outcome(true, timedOut.at(), null)));
    }
    if (event instanceof SessionEvent.CallbacksMoved moved) {
      return at(
          waitpoints.with(
              moved.ids().stream()
                  .map(waitpoints::find)
                  .flatMap(Optional::stream)
                  .map(waitpoint -> waitpoint.with(moved))
                  .toList()));
    }
    if (event instanceof SessionEvent.Purged purged) {
      // Whatever came before: the rows of earlier events may be gone, and their count with them.
      return empty(id).with(retention.purgedAt(purged.version())).at(purged.version());
    }
    return Restoration.after(at(version + 1), event);
  }

  /** The streams after the appends, which will lie in the next event. */
  Session withAppends(List<StreamAppend> appends) {
    Waitpoints waiting = waitpoints;
    long messageAt = lastMessageAt;
    for (StreamAppend append : appends) {
      waiting = waiting.withRecords(append);
      messageAt = Math.max(messageAt, append.newestMessageAt());
    }
    Streams next = streams.with(appends, id, version + 1);
    return new Session(id, info, version, next, waiting, clockwork, turns, messageAt, retention);
  }

  private Session at(long newVersion) {
    return new Session(
        id, info, newVersion, streams, waitpoints, clockwork, turns, lastMessageAt, retention);
  }

  private Session at(@Nullable SessionInfo newInfo, @Nullable Clockwork newClockwork) {
    return new Session(
        id,
        newInfo,
        version + 1,
        streams,
        waitpoints,
        newClockwork,
        turns,
        lastMessageAt,
        retention);
  }

  private Session at(Waitpoints changed) {
    return new Session(
        id, info, version + 1, streams, changed, clockwork, turns, lastMessageAt, retention);
  }

  private Session at(Turns changed) {
    return new Session(
        id, info, version + 1, streams, waitpoints, clockwork, changed, lastMessageAt, retention);
  }

  /** What was written before there was a row is nothing that the agent was asked. */
  private Session answeredBy(@Nullable String agentId) {
    Turns none = agentId == null ? null : new Turns(agentId, channel(Channel.IN).nextSeq(), null);
    return new Session(
        id, info, version, streams, waitpoints, clockwork, none, lastMessageAt, retention);
  }

  private Turns existingTurns() {
    return Objects.requireNonNull(turns, "only a session with an agent has turns");
  }

  private Clockwork existingClockwork() {
    return Objects.requireNonNull(clockwork, "only a session with a timeout is touched");
  }

  private Waitpoints ended(List<String> ids, Waitpoint.Outcome outcome) {
    return waitpoints.with(
        ids.stream()
            .map(waitpoints::find)
            .flatMap(Optional::stream)
            .map(waitpoint -> waitpoint.with(outcome))
            .toList());
  }

  private SessionInfo existing() {
    return Objects.requireNonNull(info, "only a created session is changed");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Session that
        && id.equals(that.id)
        && Objects.equals(info, that.info)
        && version == that.version
        && streams.equals(that.streams)
        && waitpoints.equals(that.waitpoints)
        && Objects.equals(clockwork, that.clockwork)
        && Objects.equals(turns, that.turns)
        && lastMessageAt == that.lastMessageAt
        && retention.equals(that.retention);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, version);
  }

  @Override
  public String toString() {
    return "Session[%s, version %d, %d streams]".formatted(id, version, streams.stored().size());
  }
}
