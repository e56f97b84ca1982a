package dev.parley.http.socketio;

import dev.parley.http.shared.FrameLine;
import dev.parley.http.shared.FrameStage;
import org.apache.pekko.actor.typed.ActorRef;

/** Tells a connection of one of its WebSockets, of which an upgrade can bring several. */
record ConnectionOwner(ActorRef<ConnectionCommand> actor)
    implements FrameStage.Owner<EnginePacket> {
  @Override
  public void opened(FrameLine line) {
    actor.tell(new ConnectionCommand.Opened(line));
  }

  @Override
  public void received(FrameLine line, EnginePacket packet) {
    actor.tell(new ConnectionCommand.Received(line, packet));
  }

  @Override
  public void writable(FrameLine line) {
    actor.tell(new ConnectionCommand.Writable(line));
  }

  @Override
  public void gone(FrameLine line) {
    actor.tell(new ConnectionCommand.Closed(line));
  }
}
