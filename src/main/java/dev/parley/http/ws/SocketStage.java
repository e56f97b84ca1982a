package dev.parley.http.ws;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
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
import org.jspecify.annotations.Nullable;
import scala.runtime.BoxedUnit;

/**
 * The WebSocket of one {@link ClientSocket}. It brings one frame at a time, and takes frames when
 * the ones before have left: so neither side can be flooded by the other.
 */
final class SocketStage extends GraphStage<FlowShape<Incoming, Message>> {
  private final Inlet<Incoming> in = Inlet.create("SocketStage.in");
  private final Outlet<Message> out = Outlet.create("SocketStage.out");
  private final ActorRef<SocketMessage> socket;
  private final AtomicReference<@Nullable Farewell> farewell;

  /**
   * @param farewell is given what the close frame is to say
   */
  SocketStage(ActorRef<SocketMessage> socket, AtomicReference<@Nullable Farewell> farewell) {
    this.socket = socket;
    this.farewell = farewell;
  }

  /** The WebSocket as its actor sees it. All methods only leave word. */
  interface Line {
    /** Asks for the next frame. To be called once for each that was received, and once at first. */
    void next();

    /** Writes frames. To be called when the line is writable, which it then no longer is. */
    void write(List<String> frames);

    /** Closes after what was written. */
    void close(Farewell farewell);

    /** Ends at once; what the client has not read is dropped. */
    void abort();
  }

  @Override
  public FlowShape<Incoming, Message> shape() {
    return FlowShape.of(in, out);
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private enum Order {
    NEXT,
    ABORT
  }

  private final class Logic extends GraphStageLogic implements Line {
    private final AsyncCallback<Order> orders = createAsyncCallback(this::onOrder);
    private final AsyncCallback<List<String>> writes = createAsyncCallback(this::onWrite);
    private final AsyncCallback<Farewell> closes = createAsyncCallback(this::onClose);
    private boolean closing;

    private Logic() {
      super(SocketStage.this.shape());
      setHandlers(
          in,
          out,
          new AbstractInOutHandler() {
            @Override
            public void onPush() {
              Incoming frame = grab(in);
              if (closing) {
                pull(in);
              } else {
                socket.tell(new SocketMessage.Received(frame));
              }
            }

            @Override
            public void onPull() {
              socket.tell(SocketMessage.Signal.WRITABLE);
            }
          });
    }

    @Override
    public void preStart() {
      // An actor that is gone already can't close what it never hears of.
      getStageActor(
              event -> {
                if (event._2() instanceof Terminated) {
                  completeStage();
                }
                return BoxedUnit.UNIT;
              })
          .watch(Adapter.toClassic(socket));
      socket.tell(new SocketMessage.Opened(this));
    }

    @Override
    public void postStop() {
      socket.tell(SocketMessage.Signal.GONE);
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
    public void close(Farewell last) {
      closes.invoke(last);
    }

    @Override
    public void abort() {
      orders.invoke(Order.ABORT);
    }

    private void onOrder(Order order) {
      if (order == Order.ABORT) {
        completeStage();
      } else {
        pullOnce();
      }
    }

    private void onClose(Farewell last) {
      if (!closing) {
        closing = true;
        farewell.set(last);
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
