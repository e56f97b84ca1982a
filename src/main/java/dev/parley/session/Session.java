package dev.parley.session;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private final Map<Channel, ChannelState> channels;

  private Session(
      SessionId id, @Nullable SessionInfo info, long version, Map<Channel, ChannelState> channels) {
    this.id = id;
    this.info = info;
    this.version = version;
    this.channels = channels;
  }

  /** A session to which nothing has happened. */
  public static Session empty(SessionId id) {
    return new Session(id, null, 0, Map.of());
  }

  /** The session that a snapshot kept. */
  public static Session restore(
      SessionId id, @Nullable SessionInfo info, long version, Map<Channel, ChannelState> channels) {
    return new Session(id, info, version, Map.copyOf(channels));
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

  /** The streams that were ever written. */
  public Map<Channel, ChannelState> channels() {
    return channels;
  }

  /** The state of a stream; an empty one if it was never written. */
  public ChannelState channel(Channel channel) {
    return channels.getOrDefault(channel, ChannelState.EMPTY);
  }

  /** The name the streams are known by: the external id if there is one (trigger.md section 3). */
  public String canonicalKey() {
    return info != null && info.externalId() != null ? info.externalId() : id.friendlyId();
  }

  /** What follows from the command at this instant. */
  public Decision decide(SessionCommand command, Instant now) {
    if (command instanceof SessionCommand.Appending appending) {
      GroupDecision group = decideGroup(List.of(appending), now);
      return new Decision(
          group.event() == null ? List.of() : List.of(group.event()), group.replies().get(0));
    }
    return new LifecycleRules(this, now).decide(command);
  }

  /** What follows from appends that share one commit, decided one after the other. */
  public GroupDecision decideGroup(List<SessionCommand.Appending> group, Instant now) {
    return new AppendRules(this, now).decide(group);
  }

  /** The state after the event. */
  public Session apply(SessionEvent event) {
    if (event instanceof SessionEvent.RecordsAppended appended) {
      if (appended.trimmed()) {
        throw new IllegalStateException(
            "event %d of %s has lost records to a trim; only a snapshot that covers it leads on"
                .formatted(version + 1, id));
      }
      return withAppends(appended.appends()).at(info, version + 1);
    }
    if (event instanceof SessionEvent.Created created) {
      return at(created.info(), version + 1);
    }
    if (event instanceof SessionEvent.Updated updated) {
      return at(existing().with(updated), version + 1);
    }
    if (event instanceof SessionEvent.Closed closed) {
      return at(existing().with(closed), version + 1);
    }
    if (event instanceof SessionEvent.RunSwapped swapped) {
      return at(existing().with(swapped), version + 1);
    }
    throw new IllegalArgumentException("no rule for " + event.getClass().getName());
  }

  /** The streams after the appends, which will lie in the next event. */
  Session withAppends(List<StreamAppend> appends) {
    Map<Channel, ChannelState> next = new HashMap<>(channels);
    for (StreamAppend append : appends) {
      ChannelState state = next.getOrDefault(append.channel(), ChannelState.EMPTY);
      if (state.nextSeq() != append.firstSeq()) {
        throw new IllegalStateException(
            "gap in %s of %s: next is %d, the event begins at %d"
                .formatted(append.channel(), id, state.nextSeq(), append.firstSeq()));
      }
      next.put(append.channel(), state.append(append, version + 1));
    }
    return new Session(id, info, version, Map.copyOf(next));
  }

  private Session at(@Nullable SessionInfo newInfo, long newVersion) {
    return new Session(id, newInfo, newVersion, channels);
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
        && channels.equals(that.channels);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, version);
  }

  @Override
  public String toString() {
    return "Session[%s, version %d, %d streams]".formatted(id, version, channels.size());
  }
}
