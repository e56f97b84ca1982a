package dev.parley.session;

import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.CompleteWait;
import dev.parley.session.SessionCommand.Wait;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Registering and completing waitpoints (trigger.md section 5, across.md section 3). */
final class WaitRules {
  private final Session session;
  private final Instant now;

  WaitRules(Session session, Instant now) {
    this.session = session;
    this.now = now;
  }

  Decision decide(Wait wait) {
    SessionInfo info = session.info();
    if (info == null && wait.rowRequired()) {
      return Decision.reply(new SessionReply.NoSuchSession());
    }
    // Before everything that may have changed since: a repetition gets the first answer.
    Optional<Waitpoint> earlier = session.waitpoints().findByKey(wait.idempotencyKey(), now);
    if (earlier.isPresent()) {
      return Decision.reply(new SessionReply.WaitpointIs(earlier.get(), true));
    }
    if (info != null) {
      switch (info.status(now)) {
        case CLOSED -> {
          return Decision.reply(new SessionReply.Closed(info.closedReason()));
        }
        case EXPIRED -> {
          return Decision.reply(new SessionReply.Expired());
        }
        case ACTIVE -> {}
      }
    }
    Waitpoints waitpoints = session.waitpoints();
    if (waitpoints.pending() >= Waitpoints.MAX_PENDING
        || (wait.callback() != null && waitpoints.callbacks() >= Waitpoints.MAX_CALLBACKS)) {
      return Decision.reply(new SessionReply.TooManyWaitpoints());
    }
    Waitpoint waitpoint =
        new Waitpoint(
            wait.id(),
            wait.channel(),
            wait.afterSeq(),
            now,
            wait.timeoutAt(),
            wait.tags(),
            wait.idempotencyKey(),
            wait.idempotencyKeyExpiresAt(),
            outcomeAtOnce(wait),
            wait.callback());
    return new Decision(
        List.of(new SessionEvent.WaitpointCreated(waitpoint)),
        new SessionReply.WaitpointIs(waitpoint, false));
  }

  /** What it waits for may be there already. */
  private Waitpoint.@Nullable Outcome outcomeAtOnce(Wait wait) {
    if (wait.channel() != null) {
      ChannelState channel = session.channel(wait.channel());
      long from = Math.max(wait.afterSeq() + 1, channel.trimPoint());
      if (channel.newestSeq() >= from) {
        return new Waitpoint.Outcome(false, now, new Waitpoint.Output(wait.channel(), from));
      }
    }
    return wait.timeoutAt() == null || wait.timeoutAt().isAfter(now)
        ? null
        : new Waitpoint.Outcome(true, now, null);
  }

  Decision decide(CompleteWait complete) {
    Optional<Waitpoint> found = session.waitpoints().find(complete.id());
    if (found.isEmpty()) {
      return Decision.reply(new SessionReply.NoSuchWaitpoint());
    }
    if (!found.get().isPending()) {
      return Decision.reply(new SessionReply.WaitpointIs(found.get(), true));
    }
    if (complete.data() == null) {
      return completed(found.get(), List.of(), null);
    }
    Bytes envelope = Envelope.ofJson(complete.data(), complete.id());
    StreamAppend output =
        Placement.of(session, now)
            .place(Append.single(Channel.WAITPOINTS, RecordContent.of(envelope), null));
    return completed(
        found.get(),
        List.of(new SessionEvent.RecordsAppended(List.of(output))),
        new Waitpoint.Output(Channel.WAITPOINTS, output.firstSeq()));
  }

  private Decision completed(
      Waitpoint waitpoint, List<SessionEvent> before, Waitpoint.@Nullable Output output) {
    Waitpoint.Outcome outcome = new Waitpoint.Outcome(false, now, output);
    List<SessionEvent> events = new ArrayList<>(before);
    events.add(new SessionEvent.WaitpointCompleted(waitpoint.id(), outcome));
    return new Decision(events, new SessionReply.WaitpointIs(waitpoint.with(outcome), false));
  }
}
