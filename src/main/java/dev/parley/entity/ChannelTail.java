package dev.parley.entity;

import dev.parley.entity.SessionMessage.Read;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/**
 * Follows one stream for all its readers on this node: one pull at a time goes to the session, and
 * its answer, the same object, to everyone who stood at that place. A reader that stands elsewhere
 * is passed on to the session and costs the others nothing.
 */
final class ChannelTail extends AbstractBehavior<ChannelTail.Message> {
  static final Duration MAX_WAIT = Duration.ofSeconds(15);

  private static final Duration NO_ANSWER = MAX_WAIT.plusSeconds(3);
  private static final int MAX_BATCH_BYTES = 512 * 1024;
  private static final long MAX_RING_BYTES = 1024 * 1024;

  sealed interface Message {}

  record Follow(Tails.Next next) implements Message {}

  private record Answer(ReadReply reply) implements Message {}

  private enum PullLost implements Message {
    INSTANCE
  }

  /** What the session was asked may be lost. */
  enum AskAgain implements Message {
    INSTANCE
  }

  enum Stop implements Message {
    INSTANCE
  }

  private enum Idle implements Message {
    INSTANCE
  }

  private final Tails.Key key;
  private final EntityRef<SessionMessage> session;
  private final ActorRef<Tails.Message> tails;
  private final TimerScheduler<Message> timers;
  private final ActorRef<ReadReply> answers;

  private final Deque<RecordBatch> ring = new ArrayDeque<>();
  private long ringBytes;
  private List<ActorRef<ReadReply>> waiting = new ArrayList<>();

  /** The place behind the ring, for which those who wait are waiting; negative when unknown. */
  private long nextSeq = -1;

  private boolean pulling;

  private ChannelTail(
      ActorContext<Message> context,
      Tails.Key key,
      EntityRef<SessionMessage> session,
      ActorRef<Tails.Message> tails,
      TimerScheduler<Message> timers) {
    super(context);
    this.key = key;
    this.session = session;
    this.tails = tails;
    this.timers = timers;
    this.answers = context.messageAdapter(ReadReply.class, Answer::new);
    context.setReceiveTimeout(MAX_WAIT.multipliedBy(2), Idle.INSTANCE);
  }

  static Behavior<Message> create(
      Tails.Key key, EntityRef<SessionMessage> session, ActorRef<Tails.Message> tails) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new ChannelTail(context, key, session, tails, timers)));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Follow.class, follow -> onNext(follow.next()))
        .onMessage(Answer.class, answer -> onAnswer(answer.reply()))
        .onMessageEquals(PullLost.INSTANCE, this::onPullLost)
        .onMessageEquals(AskAgain.INSTANCE, this::onAskAgain)
        .onMessageEquals(Idle.INSTANCE, this::onIdle)
        .onMessageEquals(Stop.INSTANCE, Behaviors::stopped)
        .build();
  }

  private Behavior<Message> onNext(Tails.Next next) {
    if (nextSeq < 0) {
      nextSeq = next.fromSeq();
    }
    if (next.fromSeq() == nextSeq) {
      waiting.add(next.replyTo());
      pull();
      return this;
    }
    for (RecordBatch batch : ring) {
      if (batch.firstSeq() == next.fromSeq()) {
        next.replyTo().tell(new ReadReply.Records(batch));
        return this;
      }
    }
    session.tell(
        new Read(
            key.channel(),
            key.generation(),
            next.fromSeq(),
            next.maxBytes(),
            MAX_WAIT,
            next.replyTo()));
    return this;
  }

  private void pull() {
    if (!pulling) {
      pulling = true;
      timers.startSingleTimer(PullLost.INSTANCE, NO_ANSWER);
      session.tell(
          new Read(key.channel(), key.generation(), nextSeq, MAX_BATCH_BYTES, MAX_WAIT, answers));
    }
  }

  private Behavior<Message> onAnswer(ReadReply reply) {
    if (reply instanceof ReadReply.Records records && records.batch().endSeq() <= nextSeq) {
      // The answer to a question that was asked twice; the next one is under way.
      return this;
    }
    pulling = false;
    timers.cancel(PullLost.INSTANCE);
    if (reply instanceof ReadReply.Records records && records.batch().firstSeq() == nextSeq) {
      remember(records.batch());
    } else {
      forget();
    }
    List<ActorRef<ReadReply>> readers = waiting;
    waiting = new ArrayList<>();
    readers.forEach(reader -> reader.tell(reply));
    return this;
  }

  private void remember(RecordBatch batch) {
    ring.addLast(batch);
    ringBytes += batch.meteredBytes();
    nextSeq = batch.endSeq();
    while (ringBytes > MAX_RING_BYTES && ring.size() > 1) {
      ringBytes -= ring.removeFirst().meteredBytes();
    }
  }

  private void forget() {
    ring.clear();
    ringBytes = 0;
    nextSeq = -1;
  }

  /** The session moved or restarted while the pull was waiting there. */
  private Behavior<Message> onPullLost() {
    pulling = false;
    if (waiting.isEmpty()) {
      forget();
    } else {
      pull();
    }
    return this;
  }

  private Behavior<Message> onAskAgain() {
    return pulling ? onPullLost() : this;
  }

  private Behavior<Message> onIdle() {
    tails.tell(new Tails.Unused(key, getContext().getSelf()));
    return this;
  }
}
