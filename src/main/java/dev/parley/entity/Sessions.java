package dev.parley.entity;

import dev.parley.entity.ChannelSource.Ending;
import dev.parley.journal.ChannelJournal;
import dev.parley.journal.DueIndex;
import dev.parley.journal.JournalSpace;
import dev.parley.session.Channel;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SessionReply;
import dev.parley.session.Waitpoint;
import dev.parley.tracing.Tracing;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.MailboxSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** All sessions of the cluster, as the faces see them: ask one, read one. */
public final class Sessions {
  private static final EntityTypeKey<SessionMessage> TYPE_KEY =
      EntityTypeKey.create(SessionMessage.class, SessionEntity.TYPE);

  private final Duration askTimeout;
  private final ActorRef<Tails.Message> tails;
  private final ChannelJournal journal;
  private final AwakeSessions awake;
  private final MessageForm form;
  private final Questions questions;
  private final Readership readership;
  private final Leaving leaving = new Leaving();

  private Sessions(
      ActorSystem<?> system,
      EntitySettings settings,
      ActorRef<Tails.Message> tails,
      ChannelJournal journal,
      AwakeSessions awake,
      MessageForm form,
      CommitListener listener) {
    this.askTimeout = settings.askTimeout();
    this.tails = tails;
    this.journal = journal;
    this.awake = awake;
    this.form = form;
    Tracing tracing = Tracing.of(system);
    this.questions =
        new Questions(ClusterSharding.get(system), TYPE_KEY, settings, listener, tracing);
    this.readership = new Readership(tracing);
  }

  /**
   * Joins this node to the sharding of sessions. To be called once for each actor system.
   *
   * @param tenure whether the sessions of this node are certainly its own
   * @param form knows messages among the records of a conversation
   * @param listener hears of what the sessions of this node have made durable, and how long its own
   *     appends took
   * @param answering makes what works on the turns of agents, which asks the sessions itself
   */
  public static Sessions start(
      ActorSystem<?> system,
      EntitySettings settings,
      CallbackSettings callbacks,
      Clock clock,
      Tenure tenure,
      ChannelJournal journal,
      JournalSpace space,
      MessageForm form,
      CommitListener listener,
      Function<Sessions, Answering> answering,
      Function<Sessions, CallbackSender> sender) {
    ClusterSharding sharding = ClusterSharding.get(system);
    AwakeSessions awake = new AwakeSessions();
    ActorRef<Tails.Message> tails =
        system.systemActorOf(Tails.create(sharding, TYPE_KEY), "tails", Props.empty());
    system.systemActorOf(Redelivery.create(sharding, TYPE_KEY), "redelivery", Props.empty());
    Sessions sessions = new Sessions(system, settings, tails, journal, awake, form, listener);
    Runnable askAgain =
        () -> {
          sessions.questions.askAgain();
          tails.tell(Tails.AskAgain.INSTANCE);
        };
    system.systemActorOf(Removals.create(askAgain), "removals", Props.empty());
    Answering turns = answering.apply(sessions);
    Deliveries deliveries =
        new Deliveries(
            system,
            callbacks,
            sender.apply(sessions),
            (session, done) -> sharding.entityRefFor(TYPE_KEY, session.entityId()).tell(done));
    sharding.init(
        Entity.of(
                TYPE_KEY,
                context ->
                    SessionEntity.create(
                        SessionId.ofEntityId(context.getEntityId()),
                        settings,
                        clock,
                        tenure,
                        space::reclaim,
                        awake,
                        turns,
                        listener,
                        deliveries))
            .withEntityProps(MailboxSelector.fromConfig("pekko.actor.parley-session-mailbox"))
            .withStopMessage(SessionMessage.Stop.INSTANCE));
    return sessions;
  }

  /** The way to put the clock forward that the sessions were started with. */
  public TimeTravel timeTravel(TestClock clock, DueIndex index, Executor executor) {
    return new TimeTravel(clock, this, awake, index, executor);
  }

  /** Who is served by this node, and when it begins to leave. */
  public Leaving leaving() {
    return leaving;
  }

  /** Who reads streams from this node. */
  public Readership readership() {
    return readership;
  }

  /** How many waitpoints wait in the sessions that are awake on this node. */
  public long openWaiters() {
    return awake.waiters().sum();
  }

  /** How many commands this node has asked sessions that have not answered yet. */
  public int underWay() {
    return questions.inFlight().count();
  }

  /** The metered size of what {@link #underWay} counts. */
  public long bytesUnderWay() {
    return questions.inFlight().bytes();
  }

  /** How many sessions are awake on this node and have something to come. */
  public int awaiting() {
    return awake.count();
  }

  /**
   * Asks a session. Never fails: what could not be found out is {@link
   * SessionReply.OutcomeUnknown}, and a node that has too much under way answers {@link
   * SessionReply.Overloaded} at once.
   */
  public CompletionStage<SessionReply> ask(SessionId session, SessionCommand command) {
    return ask(session, SessionMessage.Ask.ANY_GENERATION, command);
  }

  /**
   * Asks one generation of a session; if it has been purged since, the answer is {@link
   * SessionReply.Superseded}. Never fails, as the other.
   *
   * @param generation as an {@link Inspection} tells it
   */
  public CompletionStage<SessionReply> ask(
      SessionId session, long generation, SessionCommand command) {
    CompletionStage<SessionReply> reply = askWhole(session, generation, command);
    return command instanceof SessionCommand.Append
            || command instanceof SessionCommand.AppendSeries
        ? reply.thenCompose(first -> formed(session, generation, command, first))
        : reply;
  }

  /** Writes to a conversation again what was refused because nobody had looked for messages. */
  private CompletionStage<SessionReply> formed(
      SessionId session, long generation, SessionCommand command, SessionReply first) {
    if (first instanceof SessionReply.MessagesWanted wanted
        && command instanceof SessionCommand.Append append) {
      return questions.command(session, generation, formed(wanted.info(), append));
    }
    if (first instanceof SessionReply.SeriesAppended done
        && command instanceof SessionCommand.AppendSeries series) {
      int last = done.replies().size() - 1;
      if (done.replies().get(last) instanceof SessionReply.MessagesWanted wanted) {
        List<SessionCommand.Append> rest =
            series.appends().subList(last, series.appends().size()).stream()
                .map(append -> formed(wanted.info(), append))
                .toList();
        return askWhole(session, generation, new SessionCommand.AppendSeries(rest))
            .thenApply(reply -> joined(done.replies().subList(0, last), reply));
      }
    }
    return CompletableFuture.completedFuture(first);
  }

  private SessionCommand.Append formed(SessionInfo info, SessionCommand.Append append) {
    return append.formed(form.form(info, append.channel(), append.records()));
  }

  /** Asks part by part what does not fit into one message between nodes. */
  private CompletionStage<SessionReply> askWhole(
      SessionId session, long generation, SessionCommand command) {
    return command instanceof SessionCommand.AppendSeries series
        ? askParts(session, generation, SeriesParts.of(series))
        : questions.command(session, generation, command);
  }

  /** A part is asked when all before it is done, since a refusal ends the series. */
  private CompletionStage<SessionReply> askParts(
      SessionId session, long generation, List<SessionCommand.AppendSeries> parts) {
    CompletionStage<SessionReply> first = questions.command(session, generation, parts.get(0));
    if (parts.size() == 1) {
      return first;
    }
    return first.thenCompose(
        reply ->
            reply instanceof SessionReply.SeriesAppended done
                    && done.replies().stream().allMatch(SessionReply.Appended.class::isInstance)
                ? askParts(session, generation, parts.subList(1, parts.size()))
                    .thenApply(rest -> joined(done.replies(), rest))
                : CompletableFuture.completedFuture(reply));
  }

  /** The whole series, or what befell its rest, should that be all there is to say. */
  private static SessionReply joined(List<SessionReply> before, SessionReply rest) {
    List<SessionReply> all = new ArrayList<>(before);
    if (rest instanceof SessionReply.SeriesAppended series) {
      all.addAll(series.replies());
    } else {
      all.add(rest);
    }
    return new SessionReply.SeriesAppended(all);
  }

  /**
   * Stops the agent's work on the turn under way. Answered by {@link SessionReply.TurnOver}. Fails
   * with {@link TimeoutException} when nobody answers.
   */
  public CompletionStage<SessionReply> stopTurn(SessionId session) {
    return questions.<SessionReply>question(session, SessionMessage.StopTurn::new);
  }

  /** The row and the ends of a stream. Fails with {@link TimeoutException} when nobody answers. */
  public CompletionStage<Inspection> inspect(SessionId session, Channel channel) {
    return questions.<Inspection>question(
        session, replyTo -> new SessionMessage.Inspect(channel, replyTo));
  }

  /**
   * A sequence number from which on all records with at least that timestamp are found; some before
   * them may be found, too. Fails with {@link TimeoutException} when nobody answers.
   *
   * @param timestamp Unix milliseconds
   */
  public CompletionStage<Long> locate(SessionId session, Channel channel, long timestamp) {
    return questions.<Long>question(
        session, replyTo -> new SessionMessage.Locate(channel, timestamp, replyTo));
  }

  /**
   * A waitpoint as soon as it has ended, or as it is when that has not happened in time. Fails with
   * {@link TimeoutException} when nobody answers.
   *
   * @param maxWait how long to wait for its end; zero asks how it is now
   */
  public CompletionStage<Optional<Waitpoint>> watch(
      SessionId session, String waitpointId, Duration maxWait) {
    return questions
        .<WaitpointReply>question(
            session, replyTo -> new SessionMessage.Watch(waitpointId, maxWait, replyTo), maxWait)
        .thenApply(reply -> Optional.ofNullable(reply.waitpoint()));
  }

  /**
   * The renewals behind a count as soon as there is one, each once; nothing when none came in time.
   * Those that a session has forgotten, as it does when it restarts, are left out, but never the
   * newest. Fails with {@link TimeoutException} when nobody answers.
   *
   * @param maxWait how long to wait for one; zero asks for those there are
   */
  public CompletionStage<List<Renewals>> renewals(
      SessionId session, long afterCount, Duration maxWait) {
    return questions
        .<RenewalsReply>question(
            session,
            replyTo -> new SessionMessage.WatchRenewals(afterCount, maxWait, replyTo),
            maxWait)
        .thenApply(RenewalsReply::renewals);
  }

  /**
   * Follows a stream until nothing has come for a while, or this node is about to leave.
   *
   * @param fromSeq the first wanted record; at most {@code inspection.tail()}
   * @param inspection of the same stream
   * @param maxSilence how long to wait without a record before the proper end; null is for ever
   * @param pingEvery how often a waiting reader gets a sign of life
   */
  public Source<ReadEvent, NotUsed> follow(
      SessionId session,
      Channel channel,
      long fromSeq,
      Inspection inspection,
      @Nullable Duration maxSilence,
      Duration pingEvery) {
    return source(
        session, channel, fromSeq, inspection, Ending.WITH_THE_NODE, maxSilence, pingEvery);
  }

  /**
   * Follows a stream for somebody who could not go on elsewhere, so also while this node is about
   * to leave.
   */
  public Source<ReadEvent, NotUsed> followToTheEnd(
      SessionId session, Channel channel, long fromSeq, Inspection inspection, Duration pingEvery) {
    return source(session, channel, fromSeq, inspection, Ending.NEVER, null, pingEvery);
  }

  /** Reads what is there at the time of the inspection, then ends. */
  public Source<ReadEvent, NotUsed> drain(
      SessionId session, Channel channel, long fromSeq, Inspection inspection) {
    return source(session, channel, fromSeq, inspection, Ending.AT_THE_TAIL, null, askTimeout);
  }

  private Source<ReadEvent, NotUsed> source(
      SessionId session,
      Channel channel,
      long fromSeq,
      Inspection inspection,
      Ending end,
      @Nullable Duration maxSilence,
      Duration pingEvery) {
    ChannelSource.Spec spec =
        new ChannelSource.Spec(
            new Tails.Key(session, channel, inspection.generation()),
            Math.max(fromSeq, inspection.trimPoint()),
            inspection.tail(),
            end,
            maxSilence,
            pingEvery);
    return Source.fromGraph(new ChannelSource(spec, tails, journal, leaving, readership));
  }
}
