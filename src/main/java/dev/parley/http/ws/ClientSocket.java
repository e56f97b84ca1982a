package dev.parley.http.ws;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.auth.RuntimeTokens.Grant;
import dev.parley.http.ws.SocketMessage.Signal;
import dev.parley.session.SessionId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket of a client (across.md section 5). Its requests are handled one after the other.
 * What it has subscribed to is held back while much waits to be sent; when nothing is read for long
 * then, the socket is closed.
 */
final class ClientSocket extends AbstractBehavior<SocketMessage> {
  private static final Logger log = LoggerFactory.getLogger(ClientSocket.class);
  private static final Duration OPENING_LIMIT = Duration.ofSeconds(10);
  private static final Duration CLOSING_LIMIT = Duration.ofSeconds(10);

  private final Surroundings around;
  private final TimerScheduler<SocketMessage> timers;
  private final OpenSockets.Entry entry;
  private final Subscriptions subscriptions = new Subscriptions();
  private final Outbox outbox;

  /** Streams that wait until there is room. */
  private final List<ActorRef<Signal>> heldBack = new ArrayList<>();

  private Grant grant;
  private @Nullable SocketLine line;
  private boolean writable;

  /** Whether the next frame of the client has not been asked for. */
  private boolean nextIsDue;

  private boolean closing;

  /** What every socket of this node needs. */
  record Surroundings(
      SocketSettings settings,
      RequestHandling handling,
      SessionStreams streams,
      Logins logins,
      Clock clock) {}

  /**
   * @param grant what its client may do
   * @param entry to be kept up to date and left at the end
   */
  static Behavior<SocketMessage> create(Surroundings around, Grant grant, OpenSockets.Entry entry) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new ClientSocket(context, timers, around, grant, entry)));
  }

  private ClientSocket(
      ActorContext<SocketMessage> context,
      TimerScheduler<SocketMessage> timers,
      Surroundings around,
      Grant grant,
      OpenSockets.Entry entry) {
    super(context);
    this.around = around;
    this.timers = timers;
    this.grant = grant;
    this.entry = entry;
    this.outbox = new Outbox(around.settings().maxUnsent());
    timers.startSingleTimer(Signal.NEVER_OPENED, OPENING_LIMIT);
  }

  @Override
  public Receive<SocketMessage> createReceive() {
    return newReceiveBuilder()
        .onMessage(SocketMessage.Opened.class, message -> after(() -> onOpened(message.line())))
        .onMessage(SocketMessage.Received.class, message -> after(() -> onFrame(message.frame())))
        .onMessage(SocketMessage.Handled.class, message -> after(() -> onHandled(message)))
        .onMessage(
            SocketMessage.LookedAtLogin.class, message -> after(() -> onLookedAtLogin(message)))
        .onMessage(SocketMessage.Begun.class, message -> after(() -> heldBack.add(message.ack())))
        .onMessage(SocketMessage.Told.class, message -> after(() -> onTold(message)))
        .onMessageEquals(Signal.GONE, Behaviors::stopped)
        .onMessageEquals(Signal.NEVER_OPENED, Behaviors::stopped)
        .onMessage(Signal.class, signal -> after(() -> onSignal(signal)))
        .onSignal(PostStop.class, signal -> onStop())
        .build();
  }

  private Behavior<SocketMessage> after(Runnable step) {
    step.run();
    if (!closing) {
      send();
      takeMore();
      watchReader();
    }
    return this;
  }

  private void onOpened(SocketLine opened) {
    timers.cancel(Signal.NEVER_OPENED);
    line = opened;
    nextIsDue = true;
    lookAtToken();
  }

  private void onSignal(Signal signal) {
    switch (signal) {
      case WRITABLE -> {
        writable = true;
        timers.cancel(Signal.UNREAD);
      }
      case LOOK_AT_TOKEN -> lookAtToken();
      case LOOK_AT_LOGIN -> lookAtLogin();
      case LEAVE -> close(Farewell.LEAVING);
      case UNREAD -> close(Farewell.unread(subscriptions.delivered()));
      case NEVER_CLOSED -> {
        if (line != null) {
          line.abort();
        }
      }
      case GONE, NEVER_OPENED, FEED_OVER, MORE -> {
        // The first two are handled before; a feed that is over needs nothing.
      }
    }
  }

  private void lookAtToken() {
    if (!grant.expiresAt().isAfter(around.clock().instant())) {
      close(Farewell.EXPIRED);
    }
  }

  /** A login that can't be asked for is looked at again later. */
  private void lookAtLogin() {
    Logins.keyOf(grant)
        .ifPresent(
            key ->
                getContext()
                    .pipeToSelf(
                        around.logins().goesOn(grant),
                        (goesOn, failure) ->
                            new SocketMessage.LookedAtLogin(key, failure != null || goesOn)));
  }

  private void onLookedAtLogin(SocketMessage.LookedAtLogin looked) {
    // It may have another one by now.
    if (!looked.goesOn() && Logins.keyOf(grant).equals(Optional.of(looked.sessionKey()))) {
      close(Farewell.LOGGED_OUT);
    }
  }

  private void onFrame(Incoming frame) {
    if (frame instanceof Incoming.Unusable unusable) {
      close(unusable.farewell());
    } else if (frame instanceof Incoming.Request request) {
      JsonNode ref = request.body().get("ref");
      try {
        handle(ref, ClientRequest.read(request.body()));
      } catch (RequestRefused refused) {
        refuse(ref, refused);
        nextIsDue = true;
      }
    }
  }

  private void handle(@Nullable JsonNode ref, ClientRequest request) {
    if (request instanceof ClientRequest.Subscribe subscribe) {
      requireRoom();
      await(ref, around.handling().subscribe(grant, subscribe));
    } else if (request instanceof ClientRequest.Append append) {
      await(ref, around.handling().append(grant, append));
    } else if (request instanceof ClientRequest.Unsubscribe unsubscribe) {
      unsubscribe(ref, unsubscribe);
      nextIsDue = true;
    } else if (request instanceof ClientRequest.Authenticate authenticate) {
      await(ref, around.handling().authenticate(grant, authenticate.token()));
    }
  }

  private void requireRoom() {
    int most = around.settings().maxSubscriptions();
    if (subscriptions.count() >= most) {
      throw new RequestRefused(
          "too_many_subscriptions", "At most %d for one socket; end some".formatted(most));
    }
  }

  private void await(@Nullable JsonNode ref, CompletionStage<RequestHandling.Outcome> outcome) {
    getContext()
        .pipeToSelf(outcome, (found, failure) -> new SocketMessage.Handled(ref, found, failure));
  }

  private void onHandled(SocketMessage.Handled handled) {
    nextIsDue = true;
    if (closing) {
      return;
    }
    if (handled.outcome() instanceof RequestHandling.Appended appended) {
      outbox.add(OutgoingFrames.acknowledged(handled.ref(), appended.seq()));
    } else if (handled.outcome() instanceof RequestHandling.Found found) {
      subscribe(handled.ref(), found);
    } else if (handled.outcome() instanceof RequestHandling.Authenticated fresh) {
      authenticated(handled.ref(), fresh.grant());
    } else {
      refuse(handled.ref(), refusal(handled.failure()));
    }
  }

  private static RequestRefused refusal(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof RequestRefused refused) {
      return refused;
    }
    if (!(cause instanceof TimeoutException)) {
      log.error("A request on a socket failed", cause);
    }
    return cause instanceof TimeoutException
        ? new RequestRefused("unavailable", "The session does not answer at the moment, try again")
        : new RequestRefused("internal_error", "Internal Server Error");
  }

  private void subscribe(@Nullable JsonNode ref, RequestHandling.Found found) {
    if (subscriptions.contains(found.id(), found.channel())) {
      refuse(
          ref,
          new RequestRefused(
              "already_subscribed", "This stream is followed already; unsubscribe first"));
      return;
    }
    outbox.add(OutgoingFrames.subscribed(ref, found));
    long generation = found.lifecycle().generation();
    subscriptions.add(
        new Subscription(found.session(), found.id(), found.channel(), found.from()),
        feed(around.streams().records(found.id(), generation, found.channel(), found.from())),
        () -> feed(around.streams().lifecycle(found.id(), found.lifecycle())));
  }

  private Feed feed(Source<FeedEvent, NotUsed> events) {
    return Feed.start(getContext().getSystem(), events, getContext().getSelf());
  }

  private void unsubscribe(@Nullable JsonNode ref, ClientRequest.Unsubscribe request) {
    boolean done =
        SessionId.parse(grant.environment().id(), request.session())
            .filter(id -> subscriptions.remove(id, request.channel()))
            .isPresent();
    if (!done) {
      throw new RequestRefused("not_subscribed", "This stream is not followed");
    }
    outbox.add(OutgoingFrames.unsubscribed(ref));
  }

  private void authenticated(@Nullable JsonNode ref, Grant fresh) {
    grant = fresh;
    entry.holds(fresh);
    outbox.add(OutgoingFrames.authenticated(ref, grant.expiresAt()));
  }

  private void onTold(SocketMessage.Told told) {
    if (closing) {
      return;
    }
    heldBack.add(told.ack());
    if (told.event() instanceof FeedEvent.Records records) {
      subscriptions.of(told.feed()).ifPresent(found -> outbox.add(found, records.batch()));
    } else if (told.event() instanceof FeedEvent.Lifecycle lifecycle) {
      subscriptions.lifecycleFrame(told.feed(), lifecycle.event()).ifPresent(outbox::add);
    } else {
      subscriptions.of(told.feed()).ifPresent(this::purged);
    }
  }

  private void purged(Subscription subscription) {
    subscriptions.remove(subscription.id(), subscription.channel());
    outbox.add(
        OutgoingFrames.error(
            null,
            "session_purged",
            "The session %s has been purged, nothing more comes of it"
                .formatted(subscription.session())));
  }

  private void refuse(@Nullable JsonNode ref, RequestRefused refused) {
    outbox.add(OutgoingFrames.error(ref, refused.code(), refused.text()));
  }

  private void send() {
    if (line == null || !writable) {
      return;
    }
    List<String> frames = outbox.take();
    if (!frames.isEmpty()) {
      writable = false;
      line.write(frames);
    }
  }

  /** Lets client and streams go on when there is room. */
  private void takeMore() {
    if (outbox.isFull()) {
      return;
    }
    heldBack.forEach(stream -> stream.tell(Signal.MORE));
    heldBack.clear();
    if (nextIsDue && line != null) {
      nextIsDue = false;
      line.next();
    }
  }

  private void watchReader() {
    if (outbox.isFull() && !writable && !timers.isTimerActive(Signal.UNREAD)) {
      timers.startSingleTimer(Signal.UNREAD, around.settings().unreadLimit());
    }
  }

  private void close(Farewell farewell) {
    if (closing) {
      return;
    }
    closing = true;
    timers.cancel(Signal.UNREAD);
    subscriptions.stopAll();
    heldBack.clear();
    outbox.clear();
    if (line != null) {
      line.close(farewell);
    }
    timers.startSingleTimer(Signal.NEVER_CLOSED, CLOSING_LIMIT);
  }

  private Behavior<SocketMessage> onStop() {
    subscriptions.stopAll();
    entry.end();
    return this;
  }
}
