package dev.parley.entity;

import dev.parley.entity.SessionMessage.CoolDown;
import dev.parley.entity.SessionMessage.Inspect;
import dev.parley.entity.SessionMessage.Locate;
import dev.parley.entity.SessionMessage.Read;
import dev.parley.entity.SessionMessage.ReadsDue;
import dev.parley.entity.SessionMessage.Watch;
import dev.parley.entity.SessionMessage.WatchRenewals;
import dev.parley.session.ChannelState;
import dev.parley.session.Position;
import dev.parley.session.Session;
import dev.parley.session.SessionEvent;
import dev.parley.session.StreamAppend;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Everybody who looks at a session: those who read records, who wait for the end of a waitpoint,
 * and who want to hear of renewals. They see nothing but what is durable, and only while that is
 * certainly all there is; else they ask again, or go on waiting.
 */
final class SessionReaders {
  /** How often those who have waited long enough are looked for. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** How soon a read that could not be answered for want of certainty is looked at again. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  private final TimerScheduler<SessionMessage> timers;
  private final Tenure tenure;
  private final Duration coolDown;
  private final HotTail hotTail;
  private final WaitingReads waitingReads = new WaitingReads();
  private final Watchers watchers = new Watchers();
  private final RecentRenewals renewals = new RecentRenewals();

  /** Of the commit that is being shown. */
  private @Nullable SpanContext shown;

  SessionReaders(TimerScheduler<SessionMessage> timers, Tenure tenure, EntitySettings settings) {
    this.timers = timers;
    this.tenure = tenure;
    this.coolDown = settings.hotTailCoolDown();
    this.hotTail = new HotTail(settings.hotTailMaxBytes());
  }

  void recovered(Session session) {
    renewals.recovered(session);
  }

  /**
   * Shows durable events to those who wait for them. Nobody waits in vain for what has come while
   * it was not to be seen.
   *
   * @param trace of their commit; null when nobody traces it
   */
  void show(Session session, List<? extends SessionEvent> events, @Nullable SpanContext trace) {
    shown = trace;
    if (session.restoring() != null) {
      return;
    }
    if (events.stream().anyMatch(SessionEvent.Restored.class::isInstance)) {
      renewals.recovered(session);
      waitingReads.drainAll(read -> read(session, read));
      return;
    }
    for (SessionEvent event : events) {
      if (event instanceof SessionEvent.RecordsAppended appended) {
        showRecords(session, appended);
      }
    }
    shown = null;
    long now = System.nanoTime();
    renewals.note(events);
    renewals.answer(session, now);
    if (!watchers.isEmpty()) {
      watchers.answer(session, now);
    }
  }

  private void showRecords(Session session, SessionEvent.RecordsAppended appended) {
    appended.appends().forEach(hotTail::add);
    for (StreamAppend append : appended.appends()) {
      waitingReads.drain(append.channel(), read -> read(session, read));
    }
    if (!timers.isTimerActive(CoolDown.INSTANCE)) {
      timers.startSingleTimer(CoolDown.INSTANCE, coolDown);
    }
  }

  /** Lets go of records that nobody has read lately. */
  void coolDown() {
    hotTail.clear();
  }

  void read(Session session, Read read) {
    if (!tenure.holds()) {
      timers.startSingleTimer(read.replyTo(), read, LOOK_AGAIN);
      return;
    }
    if (read.generation() != session.retention().generation()) {
      read.replyTo().tell(new ReadReply.Gone());
      return;
    }
    ChannelState channel = session.channel(read.channel());
    long from = Math.max(read.fromSeq(), channel.trimPoint());
    if (from < channel.nextSeq()) {
      Optional<RecordBatch> batch = hotTail.read(read.channel(), channel, from, read.maxBytes());
      read.replyTo()
          .tell(
              batch.isPresent()
                  ? new ReadReply.Records(batch.get(), shown)
                  : new ReadReply.InJournal(
                      from,
                      channel.tail(),
                      channel.index().versionAtOrBefore(from),
                      session.version()));
    } else if (read.maxWait().isZero() || read.fromSeq() < from) {
      // In the second case all that was asked for has been trimmed, and the reader moves up.
      read.replyTo().tell(new ReadReply.AtTail(channel.tail()));
    } else {
      waitingReads.add(read, System.nanoTime());
      scheduleReadsDue(read.maxWait());
    }
  }

  void watch(Session session, Watch watch) {
    if (tenure.holds()) {
      watchers.add(watch, session, System.nanoTime());
      scheduleWatchesDue();
    }
  }

  void watch(Session session, WatchRenewals watch) {
    if (tenure.holds()) {
      renewals.add(watch, session, System.nanoTime());
      scheduleWatchesDue();
    }
  }

  /** Answers those who have waited long enough. */
  void due(Session session) {
    long now = System.nanoTime();
    watchers.answer(session, now);
    renewals.answer(session, now);
    waitingReads.drainDue(
        now,
        read -> read.replyTo().tell(new ReadReply.AtTail(session.channel(read.channel()).tail())));
    if (!waitingReads.isEmpty()) {
      scheduleReadsDue(LOOK_EVERY);
    }
    scheduleWatchesDue();
  }

  /** With a timer of their own: that of the reads may be set for much later. */
  private void scheduleWatchesDue() {
    if ((!watchers.isEmpty() || renewals.isAwaited()) && !timers.isTimerActive(watchers)) {
      timers.startSingleTimer(watchers, ReadsDue.INSTANCE, LOOK_EVERY);
    }
  }

  private void scheduleReadsDue(Duration in) {
    if (!timers.isTimerActive(ReadsDue.INSTANCE)) {
      timers.startSingleTimer(ReadsDue.INSTANCE, in);
    }
  }

  void inspect(Session session, Inspect inspect) {
    if (tenure.holds()) {
      ChannelState channel = session.channel(inspect.channel());
      inspect
          .replyTo()
          .tell(
              new Inspection(
                  session.info(),
                  session.clockwork(),
                  channel.trimPoint(),
                  channel.tail(),
                  channel.settled(),
                  session.turns() == null ? Long.MAX_VALUE : session.turns().answeredTo(),
                  session.retention().generation()));
    }
  }

  void locate(Session session, Locate locate) {
    if (tenure.holds()) {
      ChannelState channel = session.channel(locate.channel());
      locate
          .replyTo()
          .tell(Math.max(channel.index().seqBefore(locate.timestamp()), channel.trimPoint()));
    }
  }

  /** The session leaves this node: who goes on looking asks again, and finds it elsewhere. */
  void leave(Session session) {
    watchers.answerAll(session);
    renewals.answerAll(session);
    askAgain();
  }

  /** A commit has failed: what is remembered may be what another owner has written otherwise. */
  void forget() {
    hotTail.clear();
    askAgain();
  }

  /** Says nothing of the tail, as it is not known any more; a reader that hears this asks again. */
  private void askAgain() {
    waitingReads.drainAll(
        read -> read.replyTo().tell(new ReadReply.AtTail(new Position(read.fromSeq(), 0))));
  }

  /** All that could be read has been purged. */
  void purged() {
    hotTail.clear();
    waitingReads.drainAll(read -> read.replyTo().tell(new ReadReply.Gone()));
  }
}
