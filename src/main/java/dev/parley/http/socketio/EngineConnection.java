package dev.parley.http.socketio;

import dev.parley.http.shared.FrameLine;
import dev.parley.http.shared.Refused;
import dev.parley.http.socketio.ConnectionCommand.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Engine.IO connection: its transport and the upgrade of it, the heartbeat, and the order in
 * which packets leave. It stays until its socket has heard of its end.
 */
final class EngineConnection extends AbstractBehavior<ConnectionCommand> {
  private static final Logger log = LoggerFactory.getLogger(EngineConnection.class);

  /** Packets that are given to a WebSocket at once. */
  private static final int WEB_SOCKET_BATCH = 64;

  private final SocketIoSettings settings;
  private final ConnectionEntry entry;
  private final Heartbeat heartbeat;
  private final TimerScheduler<ConnectionCommand> timers;
  private final SocketSession session;
  private final Outbox outbox;

  /** Null until the WebSocket that a connection began with is there. */
  private @Nullable Transport transport;

  private @Nullable Upgrade upgrade;

  /** Requests that sent something and wait until they may send more. */
  private final List<CompletableFuture<Done>> posted = new ArrayList<>();

  /** Whether the WebSocket has not been asked for its next packet. */
  private boolean nextIsDue;

  /** Why the connection closes once everything is sent. */
  private @Nullable DisconnectReason closing;

  private boolean closed;

  /**
   * @param polling whether it begins with polling
   */
  static Behavior<ConnectionCommand> create(
      ConnectionEntry entry,
      Handshake.Request request,
      boolean polling,
      SocketIoSettings settings,
      SocketHandlers handlers,
      Rooms rooms) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    new EngineConnection(
                        context, timers, entry, request, polling, settings, handlers, rooms)));
  }

  private EngineConnection(
      ActorContext<ConnectionCommand> context,
      TimerScheduler<ConnectionCommand> timers,
      ConnectionEntry entry,
      Handshake.Request request,
      boolean polling,
      SocketIoSettings settings,
      SocketHandlers handlers,
      Rooms rooms) {
    super(context);
    this.settings = settings;
    this.entry = entry;
    this.timers = timers;
    this.heartbeat = new Heartbeat(timers, settings);
    this.outbox = new Outbox(settings.maxUnsent());
    this.transport = polling ? new Transport.Polling() : null;
    this.session =
        new SocketSession(
            new ConnectionLine(this, context.getSelf(), outbox, rooms),
            handlers,
            request,
            settings.maxPayload());
    outbox.control(Encoded.control(EnginePacket.Type.OPEN, entry.open(settings, polling)));
    heartbeat.start();
    hasSocket(false);
  }

  @Override
  public Receive<ConnectionCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(ConnectionCommand.Poll.class, command -> after(() -> onPoll(command.answer())))
        .onMessage(ConnectionCommand.Posted.class, command -> after(() -> onPosted(command)))
        .onMessage(ConnectionCommand.Opened.class, command -> after(() -> onOpened(command)))
        .onMessage(ConnectionCommand.Received.class, command -> after(() -> onReceived(command)))
        .onMessage(ConnectionCommand.Writable.class, command -> after(() -> onWritable(command)))
        .onMessage(ConnectionCommand.Closed.class, command -> after(() -> onClosed(command)))
        .onMessage(
            ConnectionCommand.Decided.class, command -> after(() -> session.decided(command)))
        .onMessage(
            ConnectionCommand.Disconnect.class, command -> after(() -> onDisconnect(command)))
        .onMessage(Signal.class, signal -> after(() -> onSignal(signal)))
        .onSignal(PostStop.class, signal -> onStop())
        .build();
  }

  private Behavior<ConnectionCommand> after(Runnable step) {
    step.run();
    flush();
    takeMore();
    return closed && session.isOver() ? Behaviors.stopped() : this;
  }

  private void onSignal(Signal signal) {
    switch (signal) {
      case UNSENT -> {
        // What waits is sent after every step.
      }
      case UNREAD -> abort(DisconnectReason.UNREAD);
      case HANDLED -> session.handled();
      case MISUSED -> close(DisconnectReason.TRANSPORT_ERROR);
      case SHUT_DOWN -> close(DisconnectReason.SERVER_SHUTTING_DOWN);
      case PING_DUE -> {
        outbox.control(Encoded.PING);
        heartbeat.pinged();
      }
      case PONG_OVERDUE -> abort(DisconnectReason.PING_TIMEOUT);
      case UPGRADE_OVERDUE -> endUpgrade();
      case NUDGE_POLL -> nudge();
      case CONNECT_OVERDUE -> close(DisconnectReason.NEVER_CONNECTED);
      case LINGER_OVER -> abort(DisconnectReason.SERVER_DISCONNECT);
    }
  }

  private void onPoll(CompletableFuture<String> answer) {
    if (closed) {
      answer.completeExceptionally(new Refused(EngineError.UNKNOWN_SID.response()));
    } else if (!(transport instanceof Transport.Polling polling)) {
      answer.completeExceptionally(new Refused(EngineError.BAD_REQUEST.response()));
    } else if (!polling.poll(answer)) {
      answer.completeExceptionally(new Refused(EngineError.BAD_REQUEST.response()));
      close(DisconnectReason.TRANSPORT_ERROR);
    }
  }

  private void onPosted(ConnectionCommand.Posted command) {
    if (closed) {
      command.taken().completeExceptionally(new Refused(EngineError.UNKNOWN_SID.response()));
      return;
    }
    if (!(transport instanceof Transport.Polling)) {
      command.taken().completeExceptionally(new Refused(EngineError.BAD_REQUEST.response()));
      return;
    }
    for (EnginePacket packet : command.packets()) {
      if (packet instanceof EnginePacket.Malformed) {
        command.taken().completeExceptionally(new Refused(EngineError.BAD_REQUEST.response()));
      }
      if (!closed) {
        onPacket(packet);
      }
    }
    posted.add(command.taken());
  }

  private void onOpened(ConnectionCommand.Opened command) {
    FrameLine channel = command.channel();
    if (closed || upgrade != null || (transport instanceof Transport.WebSocket)) {
      channel.close();
    } else if (transport == null) {
      transport = new Transport.WebSocket(channel);
      nextIsDue = true;
    } else {
      upgrade = new Upgrade(channel);
      timers.startSingleTimer(
          Signal.UPGRADE_OVERDUE, Signal.UPGRADE_OVERDUE, settings.upgradeTimeout());
      channel.next();
    }
  }

  private void onReceived(ConnectionCommand.Received command) {
    if (upgrade != null && upgrade.isOver(command.channel())) {
      onProbing(upgrade, command.packet());
    } else if (isTransport(command.channel())) {
      nextIsDue = true;
      if (!closed) {
        onPacket(command.packet());
      }
    }
  }

  private void onProbing(Upgrade probing, EnginePacket packet) {
    switch (probing.take(packet)) {
      case PROBED -> {
        probing.channel().next();
        timers.startTimerWithFixedDelay(Signal.NUDGE_POLL, Signal.NUDGE_POLL, Upgrade.NUDGE);
        nudge();
      }
      case UPGRADED -> {
        forgetUpgrade();
        // The official client waits for its last poll; whoever does not gets its end.
        if (transport instanceof Transport.Polling polling && polling.isWritable()) {
          polling.write(List.of(Encoded.NOOP));
        }
        Transport.WebSocket upgraded = new Transport.WebSocket(probing.channel());
        if (probing.isWritable()) {
          upgraded.becomeWritable();
        }
        transport = upgraded;
        nextIsDue = true;
      }
      case FAILED -> endUpgrade();
    }
  }

  private void onWritable(ConnectionCommand.Writable command) {
    if (upgrade != null && upgrade.isOver(command.channel())) {
      upgrade.becomeWritable();
    } else if (transport instanceof Transport.WebSocket webSocket
        && webSocket.isOver(command.channel())) {
      // Also the answer to a probe ends here, when nothing was taken yet.
      outbox.sent();
      webSocket.becomeWritable();
    }
  }

  private void onClosed(ConnectionCommand.Closed command) {
    if (upgrade != null && upgrade.isOver(command.channel())) {
      forgetUpgrade();
    } else if (isTransport(command.channel())) {
      close(closing == null ? DisconnectReason.TRANSPORT_CLOSE : closing);
    }
  }

  private void onDisconnect(ConnectionCommand.Disconnect command) {
    if (!closed && closing == null && session.isCurrent(command.socket())) {
      outbox.control(PacketEncoder.disconnect());
      outbox.close();
      closing = DisconnectReason.SERVER_DISCONNECT;
      session.drop();
      session.end(closing);
      timers.startSingleTimer(Signal.LINGER_OVER, Signal.LINGER_OVER, settings.lingerTimeout());
    }
  }

  private void onPacket(EnginePacket packet) {
    heartbeat.alive();
    if (closing != null && !(packet instanceof EnginePacket.Control)) {
      // Sent before the client knew that its socket is gone.
      return;
    }
    try {
      if (packet instanceof EnginePacket.Text text) {
        session.receive(text);
      } else if (packet instanceof EnginePacket.Binary binary) {
        session.receive(binary);
      } else if (packet instanceof EnginePacket.Control control) {
        onControl(control.type());
      } else {
        throw new MalformedPacketException(packet.toString());
      }
    } catch (MalformedPacketException e) {
      log.debug("A client sent what can't be read: {}", e.getMessage());
      close(DisconnectReason.PARSE_ERROR);
    }
  }

  private void onControl(EnginePacket.Type type) {
    switch (type) {
      case PONG -> heartbeat.ponged();
      case PING -> close(DisconnectReason.TRANSPORT_ERROR);
      case CLOSE -> {
        if (transport instanceof Transport.Polling polling && polling.isWritable()) {
          polling.write(List.of(Encoded.NOOP));
        }
        close(DisconnectReason.TRANSPORT_CLOSE);
      }
      default -> {
        // Of no meaning from a client; servers ignore them.
      }
    }
  }

  /** Sends what can be sent, and closes when that was all and we are to close. */
  private void flush() {
    outbox.heard();
    Transport current = transport;
    if (closed || current == null) {
      return;
    }
    boolean polling = current instanceof Transport.Polling;
    if (current.isWritable() && !outbox.isEmpty()) {
      List<Encoded> packets = outbox.take(polling ? Integer.MAX_VALUE : WEB_SOCKET_BATCH);
      if (polling) {
        outbox.sent();
      }
      current.write(packets);
    }
    // A polling client gets the end with its next poll: in the same answer it would overtake the
    // disconnect, which the official client handles a moment later.
    if (closing != null && outbox.isEmpty() && (!polling || current.isWritable())) {
      close(closing);
    }
  }

  /** Lets the client send more when there is room for it. */
  private void takeMore() {
    if (!closed && !session.hasRoom()) {
      return;
    }
    posted.forEach(taken -> taken.complete(Done.getInstance()));
    posted.clear();
    if (nextIsDue && transport instanceof Transport.WebSocket webSocket) {
      nextIsDue = false;
      webSocket.next();
    }
  }

  /** Ends a poll so that the client can go on with its upgrade. */
  private void nudge() {
    if (upgrade != null
        && outbox.isEmpty()
        && transport instanceof Transport.Polling polling
        && polling.isWritable()) {
      polling.write(List.of(Encoded.NOOP));
    }
  }

  private boolean isTransport(FrameLine channel) {
    return transport instanceof Transport.WebSocket webSocket && webSocket.isOver(channel);
  }

  private void endUpgrade() {
    if (upgrade != null) {
      upgrade.channel().close();
      forgetUpgrade();
    }
  }

  private void forgetUpgrade() {
    upgrade = null;
    timers.cancel(Signal.UPGRADE_OVERDUE);
    timers.cancel(Signal.NUDGE_POLL);
  }

  /** A connection without a socket is kept only for a while. */
  void hasSocket(boolean present) {
    if (present) {
      timers.cancel(Signal.CONNECT_OVERDUE);
    } else if (!closed) {
      timers.startSingleTimer(
          Signal.CONNECT_OVERDUE, Signal.CONNECT_OVERDUE, settings.connectTimeout());
    }
  }

  /** Closes; what was written already still arrives. */
  void close(DisconnectReason reason) {
    end(reason, false);
  }

  private void abort(DisconnectReason reason) {
    end(reason, true);
  }

  private void end(DisconnectReason reason, boolean atOnce) {
    if (closed) {
      return;
    }
    closed = true;
    entry.remove();
    timers.cancelAll();
    outbox.discard();
    endUpgrade();
    if (transport != null && atOnce) {
      transport.abort();
    } else if (transport != null) {
      transport.close();
    }
    session.end(reason);
  }

  private Behavior<ConnectionCommand> onStop() {
    close(DisconnectReason.SERVER_SHUTTING_DOWN);
    takeMore();
    entry.terminated();
    return this;
  }
}
