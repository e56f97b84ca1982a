package dev.parley.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.agent.AgentTurns.Workshop;
import dev.parley.session.Message;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.session.Turn;
import dev.parley.session.TurnOutcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.pattern.Patterns;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an attempt reads of its session and tells it: until it is heard, or nobody wants to hear it
 * any more.
 */
final class TurnEnds {
  private static final Logger log = LoggerFactory.getLogger(TurnEnds.class);

  /** The database may be away for a minute. */
  private static final int TRIES = 90;

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Workshop workshop;
  private final SessionId session;
  private final Turn turn;
  private final String answerId;
  private volatile String inReplyTo = "";
  private volatile boolean abandoned;

  TurnEnds(Workshop workshop, SessionId session, Turn turn) {
    this.workshop = workshop;
    this.session = session;
    this.turn = turn;
    this.answerId = turn.answerId(session);
  }

  String answerId() {
    return answerId;
  }

  /** The id of the message that is answered; empty until it is known. */
  String inReplyTo() {
    return inReplyTo;
  }

  void answering(String messageId) {
    inReplyTo = messageId;
  }

  void abandon() {
    abandoned = true;
  }

  /** Works on the turn, on a thread of the system. Whatever goes wrong, the turn ends. */
  CompletionStage<Done> run(Supplier<CompletionStage<Done>> work) {
    return CompletableFuture.completedFuture(Done.getInstance())
        .thenComposeAsync(done -> work.get(), workshop.system().executionContext()::execute)
        .handle(
            (done, failure) -> {
              if (failure == null) {
                return CompletableFuture.completedFuture(done);
              }
              log.atError()
                  .addKeyValue("session", session.friendlyId())
                  .setCause(failure)
                  .log("The turn {} came to no end", turn);
              return end(TurnOutcome.FAILED, null, error("The agent could not be asked.", ""));
            })
        .thenCompose(Function.identity());
  }

  /**
   * Goes on with what is to be answered, or ends the turn when nothing is or it can't be read.
   *
   * @param history how many messages before it to tell
   */
  CompletionStage<Done> read(
      int history, Function<dev.parley.agent.Turn, CompletionStage<Done>> answer) {
    return Patterns.retry(
            () -> new TurnInput(workshop, session).read(turn.seq(), history),
            TRIES,
            PAUSE,
            workshop.system().classicSystem())
        .handle(
            (input, failure) -> {
              if (failure != null) {
                log.atWarn()
                    .addKeyValue("session", session.friendlyId())
                    .setCause(failure)
                    .log("Can't read what {} is about", turn);
                return end(TurnOutcome.FAILED, null, error("The message can't be read.", ""));
              }
              return input.isEmpty()
                  ? end(TurnOutcome.SKIPPED, null, null)
                  : answer.apply(input.get());
            })
        .thenCompose(Function.identity());
  }

  CompletionStage<Done> end(TurnOutcome outcome, @Nullable Message answer, @Nullable String error) {
    return ask(new SessionCommand.EndTurn(turn, outcome, answer, error))
        .thenApply(reply -> Done.getInstance());
  }

  /**
   * The data of an error record.
   *
   * @param said what was said before; empty for nothing
   */
  String error(String reason, String said) {
    ObjectNode data = AgentJson.newObject().put("type", "error").put("messageId", answerId);
    if (!inReplyTo.isEmpty()) {
      data.put("inReplyTo", inReplyTo);
    }
    data.put("error", reason);
    if (!said.isEmpty()) {
      data.put("partialText", said);
    }
    return AgentJson.text(data);
  }

  /**
   * Asks until there is an answer, or nobody wants one any more. To ask twice does no harm: what
   * was done is done once.
   */
  CompletionStage<SessionReply> ask(SessionCommand command) {
    return abandoned
        ? CompletableFuture.completedFuture(new SessionReply.TurnOver())
        : workshop
            .sessions()
            .ask(session, command)
            .thenCompose(
                reply ->
                    reply instanceof SessionReply.Overloaded
                            || reply instanceof SessionReply.OutcomeUnknown
                        ? askLater(command)
                        : CompletableFuture.completedFuture(reply));
  }

  private CompletionStage<SessionReply> askLater(SessionCommand command) {
    return Patterns.after(PAUSE, workshop.system().classicSystem(), () -> ask(command));
  }
}
