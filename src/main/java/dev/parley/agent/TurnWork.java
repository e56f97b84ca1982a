package dev.parley.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.agent.AgentTurns.Workshop;
import dev.parley.entity.Answering;
import dev.parley.session.Activity;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Envelope;
import dev.parley.session.Message;
import dev.parley.session.PartId;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import dev.parley.session.TurnOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt of an agent at a turn. What it says becomes records of {@code .out} as it comes; what
 * comes while a commit is under way goes into the next one. A piece that got no answer is sent
 * again under the same part id, so that none is lost or doubled.
 */
final class TurnWork implements Answering.Work {
  private static final Logger log = LoggerFactory.getLogger(TurnWork.class);
  private static final int MAX_BATCH_BYTES = 500_000;
  private static final int MAX_BATCH = 256;

  /** A silent agent keeps its session alive, and awake. */
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(20);

  private final Workshop workshop;
  private final SessionId session;
  private final String agentId;
  private final @Nullable AgentDefinition agent;
  private final dev.parley.session.Turn turn;
  private final TurnEnds ends;
  private final SharedKillSwitch life = KillSwitches.shared("turn");
  private final StringBuilder said = new StringBuilder();
  private int nextIndex;
  private volatile boolean stopped;

  /**
   * @param agent null when there is none of that id, or it does not run
   */
  TurnWork(
      Workshop workshop,
      SessionId session,
      String agentId,
      @Nullable AgentDefinition agent,
      dev.parley.session.Turn turn) {
    this.workshop = workshop;
    this.session = session;
    this.agentId = agentId;
    this.agent = agent;
    this.turn = turn;
    this.ends = new TurnEnds(workshop, session, turn);
  }

  void start() {
    Cancellable signs =
        workshop
            .system()
            .scheduler()
            .scheduleWithFixedDelay(
                SIGN_OF_LIFE,
                SIGN_OF_LIFE,
                () -> workshop.sessions().ask(session, new SessionCommand.Touch(Activity.AGENT)),
                workshop.system().executionContext());
    ends.run(this::work).whenComplete((done, failure) -> signs.cancel());
  }

  @Override
  public void stop() {
    stopped = true;
    life.shutdown();
  }

  @Override
  public void abandon() {
    ends.abandon();
    life.shutdown();
  }

  private CompletionStage<Done> work() {
    if (agent == null) {
      return ends.end(TurnOutcome.FAILED, null, ends.error("The agent is not available.", ""));
    }
    return ends.read(agent.kind().history(), input -> answer(agent, input));
  }

  private CompletionStage<Done> answer(AgentDefinition agent, Turn input) {
    ends.answering(input.message().id());
    Agent adapter;
    try {
      adapter = workshop.agents().agent(agent);
    } catch (IllegalArgumentException e) {
      log.error("The agent {} can't be used: {}", agent.id(), e.getMessage());
      return ends.end(TurnOutcome.FAILED, null, ends.error("The agent is not available.", ""));
    }
    return adapter
        .answer(input)
        .via(life.flow())
        .batchWeighted(
            MAX_BATCH_BYTES,
            TurnWork::weight,
            output -> {
              List<AgentOutput> batch = new ArrayList<>();
              batch.add(output);
              return batch;
            },
            (batch, output) -> {
              batch.add(output);
              return batch;
            })
        .mapAsync(1, this::say)
        .takeWhile(goesOn -> goesOn)
        .runWith(Sink.ignore(), workshop.system())
        .thenCompose(done -> stopped ? ends.end(TurnOutcome.STOPPED, partial(), null) : done());
  }

  private static long weight(AgentOutput output) {
    return output instanceof AgentOutput.TextDelta delta
        ? Math.max(MAX_BATCH_BYTES / MAX_BATCH, AnswerText.jsonBytes(delta.text()))
        : 1;
  }

  /** Whether there may be more to say. */
  private CompletionStage<Boolean> say(List<AgentOutput> batch) {
    AgentOutput last = batch.get(batch.size() - 1);
    List<String> deltas = new ArrayList<>(batch.size());
    for (AgentOutput output : batch) {
      if (output instanceof AgentOutput.TextDelta delta) {
        deltas.add(delta.text());
      }
    }
    CompletionStage<Boolean> written =
        deltas.isEmpty() ? CompletableFuture.completedFuture(true) : write(deltas);
    return written.thenCompose(
        goesOn -> goesOn && last.isEnd() ? end(last).thenApply(done -> false) : just(goesOn));
  }

  private static CompletionStage<Boolean> just(boolean value) {
    return CompletableFuture.completedFuture(value);
  }

  private static CompletionStage<Done> done() {
    return CompletableFuture.completedFuture(Done.getInstance());
  }

  private CompletionStage<Boolean> write(List<String> deltas) {
    List<SessionCommand.Draft> drafts = new ArrayList<>(deltas.size());
    PartId part = PartId.of("turn:" + ends.answerId() + ":" + nextIndex);
    for (String delta : deltas) {
      drafts.add(new SessionCommand.Draft(null, delta(delta, nextIndex++)));
    }
    return ends.ask(
            new SessionCommand.Append(Channel.OUT, drafts, part, null, null, true, true, turn))
        .thenApply(
            reply -> {
              if (reply instanceof SessionReply.Appended) {
                deltas.forEach(said::append);
                return true;
              }
              return false;
            });
  }

  private RecordContent delta(String text, int index) {
    ObjectNode data =
        AgentJson.newObject()
            .put("type", "text-delta")
            .put("messageId", ends.answerId())
            .put("inReplyTo", ends.inReplyTo())
            .put("index", index)
            .put("delta", text);
    Bytes envelope = Envelope.ofJson(AgentJson.text(data), ends.answerId() + "-" + index);
    return RecordContent.of(envelope);
  }

  private CompletionStage<Done> end(AgentOutput output) {
    return output instanceof AgentOutput.Completed completed
        ? ends.end(TurnOutcome.ANSWERED, message(completed.text(), more(completed)), null)
        : ends.end(
            TurnOutcome.FAILED,
            null,
            ends.error(((AgentOutput.Failed) output).reason(), said.toString()));
  }

  /** What was said until the stop; null for nothing. */
  private @Nullable Message partial() {
    return said.isEmpty() ? null : message(said.toString(), "\"stopped\":true");
  }

  private Message message(String text, String more) {
    return new Message(
        ends.answerId(),
        Message.Role.AGENT,
        text,
        agentId,
        ends.inReplyTo(),
        more,
        ends.answerId());
  }

  private static String more(AgentOutput.Completed completed) {
    ObjectNode more = AgentJson.newObject();
    if (completed.thought() != null) {
      more.put("thought", completed.thought());
    }
    if (!completed.actions().isEmpty()) {
      completed.actions().forEach(more.putArray("actions")::add);
    }
    if (!completed.attachments().isEmpty()) {
      var attachments = more.putArray("attachments");
      completed.attachments().forEach(one -> attachments.add(one.toJson()));
    }
    return ConversationForm.fields(more);
  }
}
