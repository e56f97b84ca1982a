package dev.parley.http.socketio;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Socket.IO on one connection. Packets are handled one after the other; while the client's
 * admission or one of its events is under way, those behind it wait here. Used by the connection's
 * actor alone.
 */
final class SocketSession {
  private static final Logger log = LoggerFactory.getLogger(SocketSession.class);

  /** Packets that may wait before the client is asked for no more. */
  private static final int MAX_WAITING = 64;

  /** What the session needs of its connection. */
  interface Line {
    void send(Encoded packet);

    /** Closes the connection, and with it this session. */
    void close(DisconnectReason reason);

    /** A socket with an id of its own. */
    Socket open(Handshake handshake);

    void tell(ConnectionCommand command);

    /** Tells whether there is a socket, without which a connection is kept only for a while. */
    void hasSocket(boolean present);
  }

  /** A socket and who hears of it. */
  private record Member(Socket socket, SocketListener listener) {}

  private record Waiting(SocketIoPacket packet, int size) {}

  private final Line line;
  private final SocketHandlers handlers;
  private final Handshake.Request request;
  private final PacketDecoder decoder;
  private final int maxPayload;
  private final Deque<Waiting> inbox = new ArrayDeque<>();
  private long inboxSize;
  private boolean busy;
  private boolean handling;
  private @Nullable Member member;
  private @Nullable DisconnectReason ended;
  private boolean over;

  SocketSession(Line line, SocketHandlers handlers, Handshake.Request request, int maxPayload) {
    this.line = line;
    this.handlers = handlers;
    this.request = request;
    this.decoder = new PacketDecoder(maxPayload);
    this.maxPayload = maxPayload;
  }

  /** Whether the client may send more. */
  boolean hasRoom() {
    return inbox.size() < MAX_WAITING && inboxSize < maxPayload;
  }

  /** Whether the connection has ended and everything that came before has been handled. */
  boolean isOver() {
    return over;
  }

  void receive(EnginePacket.Text message) throws MalformedPacketException {
    accept(decoder.text(message.data()), message.data().length());
  }

  void receive(EnginePacket.Binary message) throws MalformedPacketException {
    accept(decoder.binary(message.data()), message.data().length);
  }

  private void accept(Optional<SocketIoPacket> packet, int size) {
    packet.ifPresent(
        complete -> {
          inbox.addLast(new Waiting(complete, size));
          inboxSize += size;
          proceed();
        });
  }

  /** The event hook is done. */
  void handled() {
    busy = false;
    proceed();
  }

  /** The connect hook has decided. */
  void decided(ConnectionCommand.Decided decision) {
    busy = false;
    if (ended == null) {
      if (decision.admission() instanceof Admission.Accepted accepted) {
        admit(decision.handshake(), accepted.listener());
      } else if (decision.admission() instanceof Admission.Refused refused) {
        line.send(PacketEncoder.connectError(SocketIoPacket.MAIN, refused));
      } else {
        log.error("A connection could not be decided about", decision.failure());
        line.send(
            PacketEncoder.connectError(
                SocketIoPacket.MAIN, new Admission.Refused("Internal Server Error")));
      }
    }
    proceed();
  }

  /** Whether the socket is the one that is connected. */
  boolean isCurrent(Socket socket) {
    return member != null && member.socket() == socket;
  }

  /** Drops what the client has sent and nobody has begun to handle. */
  void drop() {
    inbox.clear();
    inboxSize = 0;
  }

  /** The connection has ended. What the client has sent before is still handled. */
  void end(DisconnectReason reason) {
    if (ended == null) {
      ended = reason;
      if (member != null) {
        member.socket().end();
      }
      proceed();
    }
  }

  private void proceed() {
    if (handling) {
      // Called from within a packet's handling, after which the loop below goes on.
      return;
    }
    handling = true;
    while (!busy && !inbox.isEmpty()) {
      Waiting next = inbox.removeFirst();
      inboxSize -= next.size();
      handle(next.packet());
    }
    handling = false;
    if (!busy && ended != null && !over) {
      over = true;
      leave(ended);
    }
  }

  private void handle(SocketIoPacket packet) {
    if (packet instanceof SocketIoPacket.Connect connect) {
      connect(connect);
    } else if (member == null || !packet.namespace().equals(SocketIoPacket.MAIN)) {
      outOfPlace();
    } else if (member.socket().isLeaving()) {
      drop();
    } else if (packet instanceof SocketIoPacket.Event event) {
      handle(event, member);
    } else if (packet instanceof SocketIoPacket.Disconnect) {
      leave(DisconnectReason.CLIENT_DISCONNECT);
      line.hasSocket(false);
    }
  }

  private void connect(SocketIoPacket.Connect packet) {
    if (!packet.namespace().equals(SocketIoPacket.MAIN)) {
      line.send(
          PacketEncoder.connectError(
              packet.namespace(), new Admission.Refused("Invalid namespace")));
      return;
    }
    if (member != null) {
      outOfPlace();
      return;
    }
    if (ended != null) {
      return;
    }
    Handshake handshake = new Handshake(request, packet.auth());
    busy = true;
    guarded(() -> handlers.onConnect(handshake))
        .whenComplete(
            (admission, failure) ->
                line.tell(new ConnectionCommand.Decided(handshake, admission, failure)));
  }

  private void outOfPlace() {
    drop();
    line.close(DisconnectReason.PARSE_ERROR);
  }

  private void admit(Handshake handshake, SocketListener listener) {
    Socket socket = line.open(handshake);
    member = new Member(socket, listener);
    line.hasSocket(true);
    line.send(PacketEncoder.connected(socket.id()));
    reported(socket, () -> listener.onConnected(socket));
  }

  private void handle(SocketIoPacket.Event packet, Member to) {
    SocketEvent event = new SocketEvent(to.socket(), packet);
    CompletableFuture<?> done =
        guarded(() -> to.listener().onEvent(to.socket(), event)).toCompletableFuture();
    busy = !done.isDone();
    done.whenComplete(
        (ignored, failure) -> {
          if (failure != null) {
            log.error("An event of socket {} failed", to.socket().id(), failure);
          }
        });
    if (busy) {
      done.whenComplete((ignored, failure) -> line.tell(ConnectionCommand.Signal.HANDLED));
    }
  }

  private void leave(DisconnectReason reason) {
    Member gone = member;
    if (gone != null) {
      member = null;
      gone.socket().end();
      reported(gone.socket(), () -> gone.listener().onDisconnect(gone.socket(), reason));
    }
  }

  private interface Hook<T> {
    CompletionStage<T> call();
  }

  private static <T> CompletionStage<T> guarded(Hook<T> hook) {
    try {
      return Objects.requireNonNull(hook.call(), "a hook has returned no stage");
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static void reported(Socket socket, Runnable hook) {
    try {
      hook.run();
    } catch (RuntimeException e) {
      log.error("A hook of socket {} failed", socket.id(), e);
    }
  }
}
