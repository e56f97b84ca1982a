package dev.parley.http.messaging.sockets;

import dev.parley.entity.Inspection;
import dev.parley.entity.Sessions;
import dev.parley.http.messaging.MessagingSession;
import dev.parley.http.socketio.Rooms;
import dev.parley.session.Channel;
import dev.parley.session.SequencedRecord;
import dev.parley.session.SessionId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what happens in one session to its room on this node, from the moment it starts until it
 * is stopped. It pulls, so it holds some batches of records at most; emitting never waits for a
 * socket.
 */
final class Feed {
  private static final Logger log = LoggerFactory.getLogger(Feed.class);

  /** After the end of a session nothing comes but what was on its way. */
  private static final Duration AFTER_THE_END = Duration.ofMinutes(1);

  /** What every feed of this node needs. */
  record Surroundings(
      ActorSystem<?> system, Sessions sessions, MessageEvents.AgentNames agents, Rooms rooms) {}

  private final Surroundings around;
  private final LifecycleEvents lifecycle;
  private final MessageEvents messages;
  private final UniqueKillSwitch killSwitch;
  private final CompletionStage<Done> begun;

  /**
   * Starts.
   *
   * @param seen the session's lifecycle channel, from whose tail on that is followed
   */
  Feed(Surroundings around, SessionId id, MessagingSession session, Inspection seen) {
    this.around = around;
    this.lifecycle = new LifecycleEvents(session.parties().sessionId());
    this.messages = new MessageEvents(session.parties(), around.agents());
    Follower follower = new Follower(around.sessions(), id);
    CompletableFuture<Done> in = new CompletableFuture<>();
    CompletableFuture<Done> out = new CompletableFuture<>();
    this.begun = in.thenCombine(out, (one, other) -> Done.getInstance());
    String room = room(id);
    Pair<UniqueKillSwitch, CompletionStage<Done>> running =
        lifecycle(follower, seen.tail().seq())
            .merge(follower.recordsFromNow(Channel.IN, in).mapConcat(r -> list(messages.ofUser(r))))
            .merge(
                follower.recordsFromNow(Channel.OUT, out).mapConcat(r -> list(messages.ofAgent(r))))
            .merge(
                follower
                    .renewalsAfter(session.lifetime().renewalCount())
                    .mapConcat(lifecycle::renewed))
            .viaMat(KillSwitches.single(), Keep.right())
            .toMat(
                Sink.<RoomEvent>foreach(
                    event -> around.rooms().emit(room, event.name(), event.payload())),
                Keep.both())
            .run(around.system());
    this.killSwitch = running.first();
    running.second().whenComplete((done, failure) -> report(id, failure));
  }

  /** The name of a session's room. */
  static String room(SessionId id) {
    return id.friendlyId();
  }

  private Source<RoomEvent, NotUsed> lifecycle(Follower follower, long fromSeq) {
    return follower
        .recordsFrom(Channel.LIFECYCLE, fromSeq)
        .map(this::noteEnd)
        .mapConcat(record -> list(lifecycle.event(record)));
  }

  private SequencedRecord noteEnd(SequencedRecord record) {
    if (LifecycleEvents.isEnd(record)) {
      around
          .system()
          .scheduler()
          .scheduleOnce(AFTER_THE_END, this::stop, around.system().executionContext());
    }
    return record;
  }

  private static void report(SessionId id, @Nullable Throwable failure) {
    if (failure != null) {
      log.atError()
          .addKeyValue("session", id.friendlyId())
          .setCause(failure)
          .log("What happens in a session no longer reaches its sockets");
    }
  }

  private static Iterable<RoomEvent> list(Optional<RoomEvent> event) {
    return event.stream().toList();
  }

  /** Completes when all that happens from then on is brought to the room. */
  CompletionStage<Done> begun() {
    return begun;
  }

  void stop() {
    killSwitch.shutdown();
  }
}
