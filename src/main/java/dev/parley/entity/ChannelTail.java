package dev.parley.entity;

import dev.parley.entity.SessionMessage.Read;
import dev.parley.session.Position;
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

  /**
   * @param pull the number of the question
   */
  private record Answer(int pull, ReadReply reply) implements Message {}

  private record PullLost(int pull) implements Message {}

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

  private final Deque<RecordBatch> ring = new ArrayDeque<>();
  private long ringBytes;
  private List<ActorRef<ReadReply>> waiting = new ArrayList<>();

  /** The place behind the ring, for which those who wait are waiting; negative when unknown. */
  private long nextSeq = -1;

  /**
   * The number of the newest question. What was asked before it may still be answered, when those
   * who waited for that are gone and others wait elsewhere.
   */
  private int newestPull;

  private boolean pulling;

  private ChannelTail(
      ActorContext<Message> context,
      Tails.Key key,
      EntityRef<SessionMessage> session,
      ActorRef<Tails.Message> tails) {
    super(context);
    this.key = key;
    this.session = session;
    this.tails = tails;
    context.setReceiveTimeout(MAX_WAIT.multipliedBy(2), Idle.INSTANCE);
  }

  static Behavior<Message> create(
      Tails.Key key, EntityRef<SessionMessage> session, ActorRef<Tails.Message> tails) {
    return Behaviors.setup(context -> new ChannelTail(context, key, session, tails));
  }

  @Override
  public Receive<Message> createReceive() {
    return newReceiveBuilder()
        .onMessage(Follow.class, follow -> onNext(follow.next()))
        .onMessage(Answer.class, this::onAnswer)
        .onMessage(PullLost.class, lost -> isAwaited(lost.pull()) ? onPullLost() : this)
        .onMessageEquals(AskAgain.INSTANCE, this::onAskAgain)
        .onMessageEquals(Idle.INSTANCE, this::onIdle)
        .onMessageEquals(Stop.INSTANCE, this::onStop)
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
      int pull = ++newestPull;
      long fromSeq = nextSeq;
      getContext()
          .ask(
              ReadReply.class,
              session,
              NO_ANSWER,
              (ActorRef<ReadReply> replyTo) ->
                  new Read(
                      key.channel(), key.generation(), fromSeq, MAX_BATCH_BYTES, MAX_WAIT, replyTo),
              (reply, failure) -> failure == null ? new Answer(pull, reply) : new PullLost(pull));
    }
  }

  private boolean isAwaited(int pull) {
    return pulling && pull == newestPull;
  }

  private Behavior<Message> onAnswer(Answer answer) {
    ReadReply reply = answer.reply();
    boolean goesOn =
        reply instanceof ReadReply.Records records && records.batch().firstSeq() == nextSeq;
    if (!goesOn && !isAwaited(answer.pull())) {
      return this;
    }
    pulling = false;
    if (reply instanceof ReadReply.Records records && goesOn) {
      remember(records.batch());
    } else {
      forget();
    }
    tellAll(reply);
    return this;
  }

  private void tellAll(ReadReply reply) {
    List<ActorRef<ReadReply>> readers = waiting;
    waiting = new ArrayList<>();
    readers.forEach(reader -> reader.tell(reply));
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

  /** Who began to follow while this was on its way asks again, and gets another tail. */
  private Behavior<Message> onStop() {
    tellAll(new ReadReply.AtTail(new Position(nextSeq, 0)));
    return Behaviors.stopped();
  }
}
