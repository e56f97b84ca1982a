package dev.parley.agent;

import java.time.Duration;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;

/**
 * Fails with {@link StallException} when the other side gives nothing for too long. Only waiting
 * for it counts: a consumer that does not pull makes nobody stall, which is how this differs from
 * Pekko's {@code idleTimeout}. Noticed at most an eighth of the limit late.
 */
final class StallLimit<T> extends GraphStage<FlowShape<T, T>> {
  private static final String CHECK = "check";

  private final Inlet<T> in = Inlet.create("StallLimit.in");
  private final Outlet<T> out = Outlet.create("StallLimit.out");
  private final FlowShape<T, T> shape = FlowShape.of(in, out);
  private final Duration limit;

  StallLimit(Duration limit) {
    this.limit = limit;
  }

  @Override
  public FlowShape<T, T> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private boolean waiting;
    private long since;

    Logic() {
      super(shape);
      setHandlers(
          in,
          out,
          new AbstractInOutHandler() {
            @Override
            public void onPush() {
              waiting = false;
              push(out, grab(in));
            }

            @Override
            public void onPull() {
              waiting = true;
              since = System.nanoTime();
              pull(in);
            }
          });
    }

    @Override
    public void preStart() {
      Duration pause = limit.dividedBy(8);
      Duration atLeast = Duration.ofMillis(1);
      scheduleWithFixedDelay(CHECK, pause, pause.compareTo(atLeast) < 0 ? atLeast : pause);
    }

    @Override
    public void onTimer(Object timer) {
      if (waiting && System.nanoTime() - since >= limit.toNanos()) {
        failStage(new StallException());
      }
    }
  }

  /** Nothing came for too long. */
  static final class StallException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StallException() {
      super("nothing came for too long", null, false, false);
    }
  }
}
