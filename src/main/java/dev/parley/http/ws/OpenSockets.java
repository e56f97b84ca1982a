package dev.parley.http.ws;

import dev.parley.auth.RuntimeTokens.Grant;
import dev.parley.entity.Leaving;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.jspecify.annotations.Nullable;

/**
 * All sockets of this node: how many there may be, whose token has expired, and that they end when
 * the node is about to leave. Thread-safe.
 */
final class OpenSockets {
  /** Tokens follow the server's clock, which may jump, so they are looked at by that. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /** A hint that a login has ended may get lost, so it is looked at without one, too. */
  private static final Duration LOOK_AT_LOGIN_EVERY = Duration.ofSeconds(30);

  /** Numbers the actors, whose names must differ and may be seen in the log. */
  private static final AtomicLong OPENED = new AtomicLong();

  private final ActorSystem<?> system;
  private final ClientSocket.Surroundings around;
  private final Leaving leaving;
  private final AtomicInteger count = new AtomicInteger();
  private final Set<Entry> entries = ConcurrentHashMap.newKeySet();

  OpenSockets(ActorSystem<?> system, ClientSocket.Surroundings around, Leaving leaving) {
    this.system = system;
    this.around = around;
    this.leaving = leaving;
    system
        .scheduler()
        .scheduleAtFixedRate(
            LOOK_EVERY, LOOK_EVERY, () -> look(around.clock()), system.executionContext());
    around.logins().login().onEnd(this::ended);
  }

  /** A socket as its node sees it. */
  final class Entry implements Leaving.Guest {
    private volatile @Nullable ActorRef<SocketMessage> socket;
    private volatile Grant grant;

    /** Soon: the login may have ended between the look before and the entry here. */
    private volatile long lookAtLoginFrom = System.nanoTime();

    private volatile boolean isLeaving;

    private Entry(Grant grant) {
      this.grant = grant;
    }

    /** The socket has another token. */
    void holds(Grant fresh) {
      grant = fresh;
      lookAtLoginFrom = System.nanoTime();
    }

    private void lookAtLogin() {
      lookAtLoginFrom = System.nanoTime() + LOOK_AT_LOGIN_EVERY.toNanos();
      tell(SocketMessage.Signal.LOOK_AT_LOGIN);
    }

    private boolean isToLookAtLogin() {
      return System.nanoTime() - lookAtLoginFrom >= 0;
    }

    private void is(ActorRef<SocketMessage> actor) {
      socket = actor;
      if (isLeaving) {
        actor.tell(SocketMessage.Signal.LEAVE);
      }
    }

    @Override
    public void leave() {
      isLeaving = true;
      tell(SocketMessage.Signal.LEAVE);
    }

    private void tell(SocketMessage.Signal signal) {
      ActorRef<SocketMessage> actor = socket;
      if (actor != null) {
        actor.tell(signal);
      }
    }

    /** The socket has ended. */
    void end() {
      entries.remove(this);
      count.decrementAndGet();
      leaving.exit(this);
    }
  }

  /** The actor of a new socket; empty when there are too many. */
  Optional<ActorRef<SocketMessage>> open(Grant grant) {
    if (count.incrementAndGet() > around.settings().maxSockets()) {
      count.decrementAndGet();
      return Optional.empty();
    }
    Entry entry = new Entry(grant);
    ActorRef<SocketMessage> socket =
        system.systemActorOf(
            ClientSocket.create(around, grant, entry),
            "ws-" + OPENED.incrementAndGet(),
            Props.empty());
    entry.is(socket);
    entries.add(entry);
    leaving.enter(entry);
    return Optional.of(socket);
  }

  private void look(Clock clock) {
    Instant now = clock.instant();
    for (Entry entry : entries) {
      if (!entry.grant.expiresAt().isAfter(now)) {
        entry.tell(SocketMessage.Signal.LOOK_AT_TOKEN);
      } else if (entry.isToLookAtLogin()) {
        entry.lookAtLogin();
      }
    }
  }

  private void ended(String login) {
    for (Entry entry : entries) {
      if (Logins.concerns(login, entry.grant)) {
        entry.lookAtLogin();
      }
    }
  }
}
