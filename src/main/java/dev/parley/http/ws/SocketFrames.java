package dev.parley.http.ws;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.http.impl.engine.ws.FrameEvent;
import org.apache.pekko.http.impl.engine.ws.FrameStart;
import org.apache.pekko.http.impl.engine.ws.Protocol;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * Between the connection and Pekko HTTP's WebSocket: puts the code and reason of our own into the
 * close frame, sends pings, and ends a connection of which nothing is heard any more.
 *
 * <p>Pekko HTTP lets a handler of messages close with code 1000 alone, so this works on its frames,
 * whose classes are public in bytecode and internal by name. Nothing else here uses them.
 */
final class SocketFrames
    extends GraphStage<BidiShape<FrameEvent, FrameEvent, FrameEvent, FrameEvent>> {
  private static final int MAX_SILENT_PINGS = 3;
  private static final Option<Object> UNMASKED = Option.empty();
  private static final Protocol.Opcode CLOSE = Protocol.Opcode$.MODULE$.forCode((byte) 8);
  private static final Protocol.Opcode PING = Protocol.Opcode$.MODULE$.forCode((byte) 9);

  private final Inlet<FrameEvent> fromClient = Inlet.create("SocketFrames.fromClient");
  private final Outlet<FrameEvent> toSocket = Outlet.create("SocketFrames.toSocket");
  private final Inlet<FrameEvent> fromSocket = Inlet.create("SocketFrames.fromSocket");
  private final Outlet<FrameEvent> toClient = Outlet.create("SocketFrames.toClient");
  private final AtomicReference<@Nullable Farewell> farewell;
  private final Duration pingInterval;

  /**
   * @param farewell what a close frame of ours is to say; null for what Pekko HTTP says
   */
  SocketFrames(AtomicReference<@Nullable Farewell> farewell, Duration pingInterval) {
    this.farewell = farewell;
    this.pingInterval = pingInterval;
  }

  @Override
  public BidiShape<FrameEvent, FrameEvent, FrameEvent, FrameEvent> shape() {
    return BidiShape.of(fromClient, toSocket, fromSocket, toClient);
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private static final String PING_DUE = "ping";

    private int silentPings;
    private boolean pingWaits;
    private boolean closing;

    private Logic() {
      super(SocketFrames.this.shape());
      setHandler(
          fromClient,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              silentPings = 0;
              push(toSocket, grab(fromClient));
            }

            @Override
            public void onUpstreamFinish() {
              complete(toSocket);
            }
          });
      setHandler(
          toSocket,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              pull(fromClient);
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
              cancel(fromClient);
            }
          });
      setHandler(
          fromSocket,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              // Our frames are whole, so a ping never comes into the middle of one.
              emit(toClient, outgoing(grab(fromSocket)));
            }

            @Override
            public void onUpstreamFinish() {
              complete(toClient);
            }
          });
      setHandler(
          toClient,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              if (!isClosed(fromSocket) && !hasBeenPulled(fromSocket)) {
                pull(fromSocket);
              }
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
              cancel(fromSocket);
            }
          });
    }

    @Override
    public void preStart() {
      scheduleWithFixedDelay(PING_DUE, pingInterval, pingInterval);
    }

    private FrameEvent outgoing(FrameEvent event) {
      if (!(event instanceof FrameStart start) || start.header().opcode() != CLOSE) {
        return event;
      }
      closing = true;
      Farewell ours = farewell.get();
      return ours == null ? event : FrameEvent.closeFrame(ours.code(), ours.reason(), UNMASKED);
    }

    @Override
    public void onTimer(Object timer) {
      if (silentPings >= MAX_SILENT_PINGS) {
        completeStage();
      } else if (!closing && !pingWaits && !isClosed(toClient)) {
        silentPings++;
        pingWaits = true;
        emit(toClient, FrameEvent.empty(PING, true, false, false, false), () -> pingWaits = false);
      } else {
        silentPings++;
      }
    }
  }
}
