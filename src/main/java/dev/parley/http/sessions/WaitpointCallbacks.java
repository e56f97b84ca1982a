package dev.parley.http.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.agent.RefusedAddressException;
import dev.parley.agent.SignedPosts;
import dev.parley.auth.Environment;
import dev.parley.auth.Environments;
import dev.parley.entity.CallbackSender;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Json;
import dev.parley.session.Callback;
import dev.parley.session.SessionId;
import dev.parley.session.Waitpoint;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Posts the document of a waitpoint that has ended to its callback URL (issue 4, "Waiters"). A
 * successful status settles it, and so does 410.
 */
public final class WaitpointCallbacks implements CallbackSender {
  private static final Logger log = LoggerFactory.getLogger(WaitpointCallbacks.class);
  private static final int GONE = 410;

  private final WaitpointDocument document;
  private final SignedPosts posts;
  private final Environments environments;
  private final Executor executor;

  public WaitpointCallbacks(
      ActorSystem<?> system, Sessions sessions, SignedPosts posts, Environments environments) {
    this.document = new WaitpointDocument(system, sessions);
    this.posts = posts;
    this.environments = environments;
    this.executor = system.executionContext()::execute;
  }

  /** The id of a delivery: the same in every try, and another one for every waitpoint. */
  private static String delivery(Waitpoint waitpoint) {
    return "delivery" + waitpoint.id().substring(waitpoint.id().indexOf('_'));
  }

  @Override
  public CompletionStage<Boolean> send(SessionId session, Waitpoint waitpoint) {
    Callback callback = Objects.requireNonNull(waitpoint.callback(), "only callbacks are sent");
    Environment environment = environments.byId(session.environmentId()).orElse(null);
    if (environment == null) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("no key: the environment is not configured any more"));
    }
    return document
        .of(callback.origin(), session, waitpoint)
        .thenComposeAsync(
            json ->
                posts.post(
                    callback.url(),
                    delivery(waitpoint),
                    Json.text(json).getBytes(UTF_8),
                    environment.callbackSecret()),
            executor)
        .handleAsync((status, failure) -> settles(waitpoint, status, failure), executor);
  }

  /** The URL is kept out of the log, as it may hold secrets of the receiver. */
  private static boolean settles(
      Waitpoint waitpoint, @Nullable Integer status, @Nullable Throwable failure) {
    if (status != null && (status / 100 == 2 || status == GONE)) {
      return true;
    }
    String reason = failure == null ? "the answer is " + status : reason(failure);
    // Once is enough for the operator; what comes after is the same or better.
    log.atLevel(waitpoint.callback().tries() == 0 ? Level.INFO : Level.DEBUG)
        .log("The callback of {} was not taken: {}", waitpoint.id(), reason);
    return false;
  }

  private static String reason(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause instanceof RefusedAddressException
        ? String.valueOf(cause.getMessage())
        : cause.getClass().getSimpleName();
  }
}
