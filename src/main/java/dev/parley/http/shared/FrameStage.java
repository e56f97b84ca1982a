package dev.parley.http.shared;

import java.util.List;
import org.apache.pekko.actor.Terminated;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.TextMessage;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import scala.runtime.BoxedUnit;

/**
 * The WebSocket of one actor. It brings one frame at a time, and takes frames when the ones before
 * have left: so neither side can be flooded by the other. It closes when its actor has ended.
 *
 * @param <T> a frame of the client, as it was read
 */
public final class FrameStage<T> extends GraphStage<FlowShape<T, Message>> {
  private final Inlet<T> in = Inlet.create("FrameStage.in");
  private final Outlet<Message> out = Outlet.create("FrameStage.out");
  private final Owner<T> owner;

  public FrameStage(Owner<T> owner) {
    this.owner = owner;
  }

  /** How the actor of a WebSocket hears of it. */
  public interface Owner<T> {
    /** Whose end closes the line. */
    ActorRef<?> actor();

    /** The WebSocket is there; comes first. */
    void opened(FrameLine line);

    /** A frame came that was asked for. */
    void received(FrameLine line, T frame);

    /** What was written has left. */
    void writable(FrameLine line);

    /** The WebSocket has ended; comes last. */
    void gone(FrameLine line);
  }

  @Override
  public FlowShape<T, Message> shape() {
    return FlowShape.of(in, out);
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private enum Order {
    NEXT,
    CLOSE,
    ABORT
  }

  private final class Logic extends GraphStageLogic implements FrameLine {
    private final AsyncCallback<Order> orders = createAsyncCallback(this::onOrder);
    private final AsyncCallback<List<String>> writes = createAsyncCallback(this::onWrite);
    private boolean closing;

    private Logic() {
      super(FrameStage.this.shape());
      setHandlers(
          in,
          out,
          new AbstractInOutHandler() {
            @Override
            public void onPush() {
              T frame = grab(in);
              if (closing) {
                pull(in);
              } else {
                owner.received(Logic.this, frame);
              }
            }

            @Override
            public void onPull() {
              owner.writable(Logic.this);
            }
          });
    }

    @Override
    public void preStart() {
      // An actor that is gone already can't close what it never hears of.
      getStageActor(
              event -> {
                if (event._2() instanceof Terminated) {
                  onOrder(Order.CLOSE);
                }
                return BoxedUnit.UNIT;
              })
          .watch(Adapter.toClassic(owner.actor()));
      owner.opened(this);
    }

    @Override
    public void postStop() {
      owner.gone(this);
    }

    @Override
    public void next() {
      orders.invoke(Order.NEXT);
    }

    @Override
    public void write(List<String> frames) {
      writes.invoke(frames);
    }

    @Override
    public void close() {
      orders.invoke(Order.CLOSE);
    }

    @Override
    public void abort() {
      orders.invoke(Order.ABORT);
    }

    private void onOrder(Order order) {
      switch (order) {
        case NEXT -> pullOnce();
        case CLOSE -> closeOnce();
        case ABORT -> completeStage();
      }
    }

    private void closeOnce() {
      if (!closing) {
        closing = true;
        complete(out);
        // The client's own close must still be read.
        pullOnce();
      }
    }

    private void pullOnce() {
      if (!isClosed(in) && !hasBeenPulled(in)) {
        pull(in);
      }
    }

    private void onWrite(List<String> frames) {
      // With the last of them the next pull finds its way to onPull again.
      emitMultiple(
          out, frames.stream().map(frame -> (Message) TextMessage.create(frame)).iterator());
    }
  }
}
