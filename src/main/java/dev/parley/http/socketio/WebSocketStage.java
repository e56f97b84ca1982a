package dev.parley.http.socketio;

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
 * One WebSocket of a connection. It brings one packet at a time, and takes packets when the ones
 * before have left: so neither side can be flooded by the other.
 */
final class WebSocketStage extends GraphStage<FlowShape<EnginePacket, Message>> {
  private final Inlet<EnginePacket> in = Inlet.create("WebSocketStage.in");
  private final Outlet<Message> out = Outlet.create("WebSocketStage.out");
  private final ActorRef<ConnectionCommand> connection;

  WebSocketStage(ActorRef<ConnectionCommand> connection) {
    this.connection = connection;
  }

  @Override
  public FlowShape<EnginePacket, Message> shape() {
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

  private final class Logic extends GraphStageLogic implements WebSocketChannel {
    private final AsyncCallback<Order> orders = createAsyncCallback(this::onOrder);
    private final AsyncCallback<List<Encoded>> writes = createAsyncCallback(this::onWrite);
    private boolean closing;

    private Logic() {
      super(WebSocketStage.this.shape());
      setHandlers(
          in,
          out,
          new AbstractInOutHandler() {
            @Override
            public void onPush() {
              EnginePacket packet = grab(in);
              if (closing) {
                pull(in);
              } else {
                connection.tell(new ConnectionCommand.Received(Logic.this, packet));
              }
            }

            @Override
            public void onPull() {
              connection.tell(new ConnectionCommand.Writable(Logic.this));
            }
          });
    }

    @Override
    public void preStart() {
      // A connection that is gone already can't close what it never hears of.
      getStageActor(
              event -> {
                if (event._2() instanceof Terminated) {
                  onOrder(Order.CLOSE);
                }
                return BoxedUnit.UNIT;
              })
          .watch(Adapter.toClassic(connection));
      connection.tell(new ConnectionCommand.Opened(this));
    }

    @Override
    public void postStop() {
      connection.tell(new ConnectionCommand.Closed(this));
    }

    @Override
    public void next() {
      orders.invoke(Order.NEXT);
    }

    @Override
    public void write(List<Encoded> packets) {
      writes.invoke(packets);
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

    private void onWrite(List<Encoded> packets) {
      // With the last of them the next pull finds its way to onPull again.
      emitMultiple(
          out,
          packets.stream().map(packet -> (Message) TextMessage.create(packet.text())).iterator());
    }
  }
}
