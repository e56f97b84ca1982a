package dev.parley.entity;

import dev.parley.journal.ChannelJournal;
import dev.parley.journal.RepeatedFailure;
import dev.parley.session.Position;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import scala.runtime.BoxedUnit;

/**
 * One reader of one stream: pulls batches, one ahead of its consumer, from memory or the journal,
 * and at the tail waits for more. A consumer that stops pulling holds two batches and disturbs
 * nobody.
 */
final class ChannelSource extends GraphStage<SourceShape<ReadEvent>> {
  private static final RepeatedFailure CANT_READ =
      new RepeatedFailure(
          LoggerFactory.getLogger(ChannelSource.class),
          "Can't read from the journal, readers have to come again");
  private static final int BATCH_BYTES = 512 * 1024;
  private static final int READ_AHEAD = 2;

  /** At the tail the session waits for records; before it, it answers at once. */
  private static final Duration NO_ANSWER_AT_TAIL = ChannelTail.MAX_WAIT.plusSeconds(5);

  private static final Duration NO_ANSWER = Duration.ofSeconds(5);

  private static final ReadEvent GONE = new ReadEvent.Failed("the session has been purged");

  private static final ReadEvent NODE_LEAVES = new ReadEvent.Failed(Leaving.COME_AGAIN);

  /** When a reader comes to its end, other than by silence. */
  enum Ending {
    /** Where the stream ended when the read began. */
    AT_THE_TAIL,

    /** When this node leaves: the client can go on elsewhere. */
    WITH_THE_NODE,

    /** Never: nobody could go on elsewhere. */
    NEVER
  }

  /**
   * What to read.
   *
   * @param fromSeq the first wanted record
   * @param tail where the stream ends now
   * @param end when to end
   * @param maxSilence how long to wait without a record before the end; null is for ever
   * @param pingEvery how often a waiting reader gets a sign of life
   */
  record Spec(
      Tails.Key key,
      long fromSeq,
      Position tail,
      Ending end,
      @Nullable Duration maxSilence,
      Duration pingEvery) {}

  private final Outlet<ReadEvent> out = Outlet.create("ChannelSource.out");
  private final Spec spec;
  private final ActorRef<Tails.Message> tails;
  private final ChannelJournal journal;
  private final Leaving leaving;
  private final Readership readership;

  ChannelSource(
      Spec spec,
      ActorRef<Tails.Message> tails,
      ChannelJournal journal,
      Leaving leaving,
      Readership readership) {
    this.spec = spec;
    this.tails = tails;
    this.journal = journal;
    this.leaving = leaving;
    this.readership = readership;
  }

  @Override
  public SourceShape<ReadEvent> shape() {
    return SourceShape.of(out);
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private static final String PING = "ping";
    private static final String SILENCE = "silence";
    private static final String LOST = "lost";

    private final Deque<ReadEvent> ready = new ArrayDeque<>();
    private final AsyncCallback<JournalAnswer> journalAnswers = createAsyncCallback(this::onPage);
    private final AsyncCallback<ReadEvent> ends = createAsyncCallback(this::end);
    private final Leaving.Guest guest = this::leave;
    private @Nullable ActorRef<ReadReply> self;
    private long nextSeq = spec.fromSeq();
    private Position tail = spec.tail();
    private boolean asking;
    private boolean ended;
    private boolean following;
    private long journalVersion = 1;
    private int journalRows = ChannelJournal.FIRST_ROWS;

    private Logic() {
      super(ChannelSource.this.shape());
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              deliver();
            }
          });
    }

    @Override
    public void preStart() {
      self =
          Adapter.toTyped(
              getStageActor(
                      message -> {
                        onReply((ReadReply) message._2());
                        return BoxedUnit.UNIT;
                      })
                  .ref());
      awaitSilence();
      readership.begins();
      leaving.enter(guest);
      proceed();
    }

    @Override
    public void postStop() {
      leaving.exit(guest);
      readership.ends();
    }

    private void leave() {
      if (spec.end() == Ending.WITH_THE_NODE) {
        ends.invoke(NODE_LEAVES);
      }
    }

    /** Asks for more, as far as the consumer has room for it. */
    private void proceed() {
      if (ended || asking) {
        return;
      }
      // A drain ends where the stream ended when it began, however fast others write.
      if (spec.end() == Ending.AT_THE_TAIL && nextSeq >= spec.tail().seq()) {
        end(new ReadEvent.Done());
        return;
      }
      boolean atTail = nextSeq >= tail.seq();
      if (atTail && !following && spec.end() != Ending.AT_THE_TAIL) {
        following = true;
        emit(new ReadEvent.Ping(tail));
        scheduleWithFixedDelay(PING, spec.pingEvery(), spec.pingEvery());
      }
      // Handing out the ping may have asked already.
      if (!asking && !ended && ready.size() < READ_AHEAD) {
        asking = true;
        scheduleOnce(LOST, atTail ? NO_ANSWER_AT_TAIL : NO_ANSWER);
        tails.tell(new Tails.Next(spec.key(), nextSeq, BATCH_BYTES, self));
      }
    }

    private void onReply(ReadReply reply) {
      if (!asking) {
        return;
      }
      if (reply instanceof ReadReply.Records records) {
        onRecords(records.batch(), records.trace());
      } else if (reply instanceof ReadReply.InJournal place) {
        readJournal(place);
      } else if (reply instanceof ReadReply.Gone) {
        answered();
        end(GONE);
      } else if (reply instanceof ReadReply.AtTail at) {
        nextSeq = Math.max(nextSeq, at.tail().seq());
        answered();
        proceed();
      }
    }

    private void onRecords(RecordBatch batch, @Nullable SpanContext trace) {
      // An answer to a question asked twice repeats what was delivered; a trim may skip ahead.
      if (batch.endSeq() <= nextSeq) {
        return;
      }
      if (batch.firstSeq() < nextSeq) {
        answered();
        proceed();
        return;
      }
      answered();
      nextSeq = batch.endSeq();
      learn(batch.tail());
      awaitSilence();
      readership.reads(spec.key(), batch, trace);
      emit(new ReadEvent.Batch(batch, following));
      proceed();
    }

    /** The end only grows; a batch that was first read for somebody else knows an older one. */
    private void learn(Position end) {
      if (end.seq() > tail.seq()) {
        tail = end;
      }
    }

    private void readJournal(ReadReply.InJournal place) {
      cancelTimer(LOST);
      learn(place.tail());
      if (place.fromSeq() > nextSeq) {
        nextSeq = place.fromSeq();
      }
      journal
          .read(
              new ChannelJournal.Query(
                  SessionEntity.persistenceId(spec.key().session()).id(),
                  spec.key().channel(),
                  nextSeq,
                  place.tail().seq(),
                  Math.max(journalVersion, place.fromVersion()),
                  place.toVersion(),
                  RecordBatch.MAX_RECORDS,
                  BATCH_BYTES,
                  journalRows))
          .whenComplete(
              (page, failure) ->
                  journalAnswers.invoke(new JournalAnswer(place.tail(), page, failure)));
    }

    private void onPage(JournalAnswer answer) {
      if (answer.failure() != null) {
        CANT_READ.warn(answer.failure());
        end(new ReadEvent.Failed("the journal can't be read at the moment"));
        return;
      }
      if (answer.page().purged()) {
        end(GONE);
        return;
      }
      journalVersion = answer.page().nextVersion();
      journalRows = answer.page().rows();
      if (answer.page().records().isEmpty()) {
        // All that was in the range is durable, so what is not there has been trimmed away.
        nextSeq = Math.max(nextSeq, answer.end().seq());
        answered();
        proceed();
      } else {
        onRecords(new RecordBatch(answer.page().records(), tail), null);
      }
    }

    private void answered() {
      asking = false;
      cancelTimer(LOST);
    }

    @Override
    public void onTimer(Object timer) {
      if (timer.equals(PING)) {
        if (ready.isEmpty() && nextSeq >= tail.seq()) {
          emit(new ReadEvent.Ping(tail));
        }
      } else if (timer.equals(SILENCE)) {
        onSilence();
      } else {
        asking = false;
        proceed();
      }
    }

    /** A consumer that is slow to take what is there must not be told that this was all. */
    private void onSilence() {
      if (following && asking && ready.isEmpty()) {
        end(new ReadEvent.Done());
      } else {
        awaitSilence();
      }
    }

    private void awaitSilence() {
      if (spec.maxSilence() != null) {
        scheduleOnce(SILENCE, spec.maxSilence());
      }
    }

    private void end(ReadEvent last) {
      if (!ended) {
        ended = true;
        emit(last);
      }
    }

    private void emit(ReadEvent event) {
      ready.addLast(event);
      deliver();
    }

    private void deliver() {
      if (isAvailable(out) && !ready.isEmpty()) {
        push(out, ready.removeFirst());
        if (ended && ready.isEmpty()) {
          completeStage();
        } else {
          proceed();
        }
      }
    }
  }

  /**
   * @param end of the range that was asked for
   */
  private record JournalAnswer(
      Position end, ChannelJournal.@Nullable Page page, @Nullable Throwable failure) {}
}
