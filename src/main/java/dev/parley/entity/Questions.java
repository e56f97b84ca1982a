package dev.parley.entity;

import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.tracing.Carried;
import dev.parley.tracing.Tracing;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** One message to one session and its answer; commands are bounded, counted and traced. */
final class Questions {
  /**
   * What follows an answer runs on the thread that brings it; it only shapes a response. Without an
   * executor of its own, a future that began in Scala would take a new thread for each step.
   */
  private static final Executor ON_THE_SPOT = Runnable::run;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final ClusterSharding sharding;
  private final EntityTypeKey<SessionMessage> type;
  private final Duration timeout;
  private final InFlight inFlight;
  private final OpenCommands open = new OpenCommands(System::nanoTime);
  private final CommitListener listener;
  private final Tracing tracing;

  /**
   * @param listener hears how long appends took
   */
  Questions(
      ClusterSharding sharding,
      EntityTypeKey<SessionMessage> type,
      EntitySettings settings,
      CommitListener listener,
      Tracing tracing) {
    this.sharding = sharding;
    this.type = type;
    this.timeout = settings.askTimeout();
    this.inFlight = new InFlight(settings.inFlightMaxCount(), settings.inFlightMaxBytes());
    this.listener = listener;
    this.tracing = tracing;
  }

  /** The commands that are under way. */
  InFlight inFlight() {
    return inFlight;
  }

  /** A command. Never fails. */
  CompletionStage<SessionReply> command(
      SessionId session, long generation, SessionCommand command) {
    long bytes =
        command instanceof SessionCommand.Appending appending ? appending.meteredSize() : 0;
    if (bytes > SessionCommand.Append.MAX_METERED_SIZE) {
      return CompletableFuture.completedFuture(tooLarge(command));
    }
    if (!inFlight.enter(bytes)) {
      return CompletableFuture.completedFuture(new SessionReply.Overloaded(RETRY_AFTER));
    }
    CompletableFuture<SessionReply> result = new CompletableFuture<>();
    AppendTrace trace = AppendTrace.begin(tracing, session, command);
    long begin = System.nanoTime();
    EntityRef<SessionMessage> entity = sharding.entityRefFor(type, session.entityId());
    entity
        .<SessionReply>ask(
            replyTo -> {
              SessionMessage ask =
                  new SessionMessage.Ask(command, generation, replyTo, trace.context());
              if (hasPartId(command)) {
                open.add(result, () -> entity.tell(ask));
              }
              return ask;
            },
            timeout)
        .whenCompleteAsync(
            (answer, failure) -> {
              open.remove(result);
              inFlight.leave(bytes);
              SessionReply reply =
                  failure == null ? answer : new SessionReply.OutcomeUnknown(RETRY_AFTER);
              if (command instanceof SessionCommand.Appending) {
                listener.answered(reply, System.nanoTime() - begin);
                trace.end(reply);
              }
              result.complete(reply);
            },
            ON_THE_SPOT);
    return Carried.here(result);
  }

  private static boolean hasPartId(SessionCommand command) {
    return command instanceof SessionCommand.Append append && append.partId() != null
        || command instanceof SessionCommand.Send send && send.partId() != null;
  }

  /** A node is gone: what can be asked twice and was asked of its sessions is asked again. */
  void askAgain() {
    open.sendLateAgain();
  }

  /** What every session answers, and must be answered here: the message might vanish on its way. */
  private static SessionReply tooLarge(SessionCommand command) {
    SessionReply refusal =
        new SessionReply.InvalidAppend("record batch must not exceed a metered size of 1 MiB");
    return command instanceof SessionCommand.AppendSeries
        ? new SessionReply.SeriesAppended(List.of(refusal))
        : refusal;
  }

  /** Anything else. Fails with {@link TimeoutException} when nobody answers. */
  <R> CompletionStage<R> question(
      SessionId session, Function<ActorRef<R>, SessionMessage> message) {
    return question(session, message, Duration.ZERO);
  }

  /**
   * A question whose answer may have to wait for something. Fails with {@link TimeoutException}
   * when nobody answers.
   *
   * @param maxWait how long the session waits at most
   */
  <R> CompletionStage<R> question(
      SessionId session, Function<ActorRef<R>, SessionMessage> message, Duration maxWait) {
    CompletableFuture<R> result = new CompletableFuture<>();
    // The session looks at those who have waited long enough once a second.
    ask(session, message, timeout.plus(maxWait))
        .whenCompleteAsync(
            (answer, failure) -> {
              if (failure == null) {
                result.complete(answer);
              } else {
                result.completeExceptionally(
                    new TimeoutException("session " + session.friendlyId() + " does not answer"));
              }
            },
            ON_THE_SPOT);
    return Carried.here(result);
  }

  private <R> CompletionStage<R> ask(
      SessionId session, Function<ActorRef<R>, SessionMessage> message, Duration patience) {
    return sharding.entityRefFor(type, session.entityId()).ask(message::apply, patience);
  }
}
