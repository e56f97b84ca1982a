package dev.parley.http.ws;

import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.typed.javadsl.ActorSink;

/**
 * A stream on its way to a socket, which takes one event after the other. Told apart by identity.
 */
final class Feed {
  private final UniqueKillSwitch killSwitch;

  private Feed(
      ActorSystem<?> system, Source<FeedEvent, NotUsed> events, ActorRef<SocketMessage> to) {
    Sink<FeedEvent, NotUsed> socket =
        ActorSink.<FeedEvent, SocketMessage, SocketMessage.Signal>actorRefWithBackpressure(
            to,
            (ack, event) -> new SocketMessage.Told(this, event, ack),
            SocketMessage.Begun::new,
            SocketMessage.Signal.MORE,
            SocketMessage.Signal.FEED_OVER,
            failure -> SocketMessage.Signal.FEED_OVER);
    this.killSwitch = events.viaMat(KillSwitches.single(), Keep.right()).to(socket).run(system);
  }

  /** Begins. */
  static Feed start(
      ActorSystem<?> system, Source<FeedEvent, NotUsed> events, ActorRef<SocketMessage> to) {
    return new Feed(system, events, to);
  }

  void stop() {
    killSwitch.shutdown();
  }
}
