package dev.parley.session;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Decides commands: behind what is due, by the rules of their kind, with the callbacks that either
 * makes due.
 */
final class SessionRules {
  /** A session that is being restored is soon there, or waits for who restores it. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Session session;
  private final Instant now;

  /** What the time alone has made of the session, and what it is behind that. */
  private final List<SessionEvent> due;

  private final Session state;

  SessionRules(Session session, Instant now) {
    this.session = session;
    this.now = now;
    this.due = new DueRules(session, now).events();
    this.state = session.applyAll(due);
  }

  Decision decide(SessionCommand command) {
    if (command instanceof SessionCommand.Appending && isPurged()) {
      return new Decision(due, new SessionReply.NoSuchSession());
    }
    Decision decision = decideNow(command);
    return new Decision(whole(decision.events()), decision.reply());
  }

  private Decision decideNow(SessionCommand command) {
    if (command instanceof SessionCommand.Portray) {
      return Decision.reply(portrayed());
    }
    if (command instanceof SessionCommand.Restore restore) {
      return new RestoreRules(state, now).decide(restore);
    }
    if (command instanceof SessionCommand.Abandon) {
      return state.restoring() == null
          ? Decision.reply(new SessionReply.NoSuchSession())
          : new PurgeRules(state, now).decide();
    }
    boolean always =
        command instanceof SessionCommand.Purge || command instanceof SessionCommand.Wake;
    if (state.restoring() != null && !always) {
      return Decision.reply(new SessionReply.Overloaded(RETRY_AFTER));
    }
    if (command instanceof SessionCommand.Recall recall) {
      ChannelState channel = state.channel(recall.channel());
      PartIdWindow window = recall.batches() ? channel.batches() : channel.partIds();
      return Decision.reply(
          new SessionReply.Recalled(window.from(recall.fromSeq(), SessionCommand.Recall.MAX_IDS)));
    }
    if (command instanceof SessionCommand.Appending appending) {
      GroupDecision group = new AppendRules(state, now).decide(List.of(appending));
      return new Decision(group.events(), group.replies().get(0));
    }
    if (command instanceof SessionCommand.Wait wait) {
      return new WaitRules(state, now).decide(wait);
    }
    if (command instanceof SessionCommand.CompleteWait complete) {
      return new WaitRules(state, now).decide(complete);
    }
    if (command instanceof SessionCommand.CallbackTried tried) {
      return new CallbackRules(state, now).decide(tried);
    }
    if (command instanceof SessionCommand.Purge) {
      return new PurgeRules(state, now).decide();
    }
    if (command instanceof SessionCommand.Wake) {
      Instant next = DueRules.earlier(DueRules.nextLook(state, now), state.nextDue(now));
      return Decision.reply(new SessionReply.Awake(next));
    }
    if (command instanceof SessionCommand.ResumeTurn) {
      return new TurnRules(state, now).resume();
    }
    if (command instanceof SessionCommand.EndTurn end) {
      return new TurnRules(state, now).end(end);
    }
    return new LifecycleRules(state, now).decide(command);
  }

  private SessionReply portrayed() {
    boolean restoring = state.restoring() != null;
    return new SessionReply.Portrayed(
        restoring ? Session.empty(state.id()) : Portrait.of(state),
        state.version(),
        state.retention().generation(),
        restoring);
  }

  GroupDecision decideGroup(List<SessionCommand.Appending> group) {
    if (isPurged()) {
      return new GroupDecision(
          due, Collections.nCopies(group.size(), new SessionReply.NoSuchSession()));
    }
    if (state.restoring() != null) {
      return new GroupDecision(
          due, Collections.nCopies(group.size(), new SessionReply.Overloaded(RETRY_AFTER)));
    }
    GroupDecision decision = new AppendRules(state, now).decide(group);
    return new GroupDecision(whole(decision.events()), decision.replies());
  }

  /** Records that come too late are meant for what is gone, never for what may come after. */
  private boolean isPurged() {
    return state.retention().generation() != session.retention().generation();
  }

  private List<SessionEvent> whole(List<SessionEvent> decided) {
    List<SessionEvent> all = joined(due, decided);
    return joined(all, new CallbackRules(session, now).owed(all));
  }

  private static List<SessionEvent> joined(List<SessionEvent> first, List<SessionEvent> then) {
    if (first.isEmpty() || then.isEmpty()) {
      return first.isEmpty() ? then : first;
    }
    List<SessionEvent> all = new ArrayList<>(first);
    all.addAll(then);
    return all;
  }
}
