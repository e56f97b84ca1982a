package dev.parley.agent;

import java.time.Duration;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@link Agent#answer} promises, whatever an adapter does: one end and nothing after it, an
 * end within the time limit, no failed stream, and no answer that is too large to be stored. When
 * it ends before the adapter does, the adapter is cancelled.
 */
final class OneEnd extends GraphStage<FlowShape<AgentOutput, AgentOutput>> {
  private static final Logger log = LoggerFactory.getLogger(OneEnd.class);
  private static final String TIME_IS_UP = "time is up";

  private final Inlet<AgentOutput> in = Inlet.create("OneEnd.in");
  private final Outlet<AgentOutput> out = Outlet.create("OneEnd.out");
  private final FlowShape<AgentOutput, AgentOutput> shape = FlowShape.of(in, out);
  private final String agentId;
  private final Duration limit;

  OneEnd(String agentId, Duration limit) {
    this.agentId = agentId;
    this.limit = limit;
  }

  @Override
  public FlowShape<AgentOutput, AgentOutput> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private static AgentOutput.Failed failed(String reason, boolean retryable) {
    return new AgentOutput.Failed(reason, retryable);
  }

  private final class Logic extends TimerGraphStageLogic {
    private boolean ending;

    Logic() {
      super(shape);
      setHandler(in, new Input());
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              pull(in);
            }
          });
    }

    @Override
    public void preStart() {
      scheduleOnce(TIME_IS_UP, limit);
    }

    @Override
    public void onTimer(Object timer) {
      end(failed("The agent has not answered within " + AgentLimits.seconds(limit) + ".", true));
    }

    /** Waits until the consumer takes it. */
    private void end(AgentOutput output) {
      if (ending) {
        return;
      }
      ending = true;
      cancelTimer(TIME_IS_UP);
      if (!isClosed(in)) {
        cancel(in);
      }
      emit(out, output, this::completeStage);
    }

    private final class Input extends AbstractInHandler {
      @Override
      public void onPush() {
        AgentOutput output = grab(in);
        if (!output.isEnd()) {
          push(out, output);
        } else if (output instanceof AgentOutput.Completed answer
            && AnswerText.jsonBytes(answer) > AgentOutput.MAX_ANSWER_BYTES) {
          end(
              failed(
                  "The agent has sent more than "
                      + AgentOutput.MAX_ANSWER_BYTES
                      + " bytes of answer.",
                  false));
        } else {
          end(output);
        }
      }

      @Override
      public void onUpstreamFinish() {
        end(failed("The agent ended without an answer.", true));
      }

      @Override
      public void onUpstreamFailure(Throwable failure) {
        // The class alone: a message may quote what was sent.
        log.warn("Agent {} failed: {}", agentId, failure.getClass().getName());
        end(failed("The agent failed.", true));
      }
    }
  }
}
