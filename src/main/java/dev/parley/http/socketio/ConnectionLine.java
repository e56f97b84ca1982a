package dev.parley.http.socketio;

import org.apache.pekko.actor.typed.ActorRef;

/** The connection as its Socket.IO session sees it. */
record ConnectionLine(
    EngineConnection connection, ActorRef<ConnectionCommand> self, Outbox outbox, Rooms rooms)
    implements SocketSession.Line {

  @Override
  public void send(Encoded packet) {
    // Sent with everything else when the connection is done with what it does now.
    if (outbox.offer(packet) == Outbox.Offer.FULL) {
      self.tell(ConnectionCommand.Signal.UNREAD);
    }
  }

  @Override
  public void close(DisconnectReason reason) {
    connection.close(reason);
  }

  @Override
  public Socket open(Handshake handshake) {
    return new Socket(RandomId.make(), handshake, rooms, outbox, self);
  }

  @Override
  public void tell(ConnectionCommand command) {
    self.tell(command);
  }

  @Override
  public void hasSocket(boolean present) {
    connection.hasSocket(present);
  }
}
