package dev.parley.http.shared;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.entity.Sessions;
import dev.parley.projection.SessionTraces;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SessionReply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.apache.pekko.pattern.Patterns;

/**
 * A purge that somebody asks for and waits for: the session is closed, so that readers and waiters
 * come to their end, then purged, and the answer comes when nothing is left of it in any table.
 */
public final class PurgeAtOnce {
  /** What a caller without the secret key is told. */
  public static final String KEY_NEEDED =
      "Purging takes everything of a session away for good and needs the secret key as bearer;"
          + " neither a public token nor the key of the messaging API is enough";

  /** How long a caller waits for the proof. The purge goes on without it. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final ActorSystem<?> system;
  private final Sessions sessions;
  private final SessionTraces traces;

  /** What came of it. */
  public sealed interface Outcome {}

  /** Nothing is left. */
  public record Purged(ObjectNode proof) implements Outcome {}

  /** There was nothing, and nothing is left of what may have been. */
  public record NothingThere() implements Outcome {}

  /** What could not be done now or is not done yet, for the caller, who may come again. */
  public record Unfinished(String text, Duration retryAfter) implements Outcome {}

  public PurgeAtOnce(ActorSystem<?> system, Sessions sessions, SessionTraces traces) {
    this.system = system;
    this.sessions = sessions;
    this.traces = traces;
  }

  /** Whether a request with the method {@code DELETE} asks for a purge. */
  public static boolean isWanted(HttpRequest request) {
    try {
      return request.method().name().equals("DELETE")
          && request
              .getUri()
              .query(StandardCharsets.UTF_8, Uri.RELAXED)
              .get("purge")
              .filter("true"::equals)
              .isPresent();
    } catch (IllegalUriException e) {
      return false;
    }
  }

  /** Never fails but for the database. */
  public CompletionStage<Outcome> purge(SessionId id) {
    return sessions
        .ask(id, new SessionCommand.Close(SessionInfo.DELETED, null, "purge-" + UUID.randomUUID()))
        .thenCompose(
            reply ->
                reply instanceof SessionReply.Row || reply instanceof SessionReply.NoSuchSession
                    ? traces.count(id, SessionTraces.ALL).thenCompose(before -> purge(id, before))
                    : unanswered(reply));
  }

  private CompletionStage<Outcome> purge(SessionId id, SessionTraces.Count before) {
    return sessions
        .ask(id, new SessionCommand.Purge())
        .thenCompose(
            reply -> {
              if (reply instanceof SessionReply.Purged purged) {
                return nothingLeft(id, purged.version())
                    .thenApply(left -> left ? new Purged(proof(id, before, purged)) : unfinished());
              }
              // One that was purged before, but perhaps not to its end.
              return reply instanceof SessionReply.NoSuchSession
                  ? nothingLeft(id, SessionTraces.ALL)
                      .thenApply(left -> left ? new NothingThere() : unfinished())
                  : unanswered(reply);
            });
  }

  private static CompletionStage<Outcome> unanswered(SessionReply reply) {
    if (reply instanceof SessionReply.Overloaded overloaded) {
      return CompletableFuture.completedFuture(
          new Unfinished(
              "Too much is under way at the moment, nothing was purged, try again",
              overloaded.retryAfter()));
    }
    if (reply instanceof SessionReply.OutcomeUnknown unknown) {
      return CompletableFuture.completedFuture(
          new Unfinished(
              "The session may or may not have been purged, try again: 404 says that nothing is left",
              unknown.retryAfter()));
    }
    throw new IllegalStateException("no answer for " + reply.getClass().getName());
  }

  private static Outcome unfinished() {
    return new Unfinished(
        "The session is purged, and what is stored of it is still being removed; try again: 404"
            + " says that nothing is left",
        RETRY_AFTER);
  }

  private CompletionStage<Boolean> nothingLeft(SessionId id, long version) {
    return nothingLeft(id, version, System.nanoTime() + PATIENCE.toNanos());
  }

  private CompletionStage<Boolean> nothingLeft(SessionId id, long version, long deadline) {
    return traces
        .count(id, version)
        .thenCompose(
            count -> {
              if (count.total() == 0 || System.nanoTime() - deadline > 0) {
                return CompletableFuture.completedFuture(count.total() == 0);
              }
              return Patterns.after(
                  LOOK_EVERY,
                  system.classicSystem().scheduler(),
                  system.executionContext(),
                  () -> nothingLeft(id, version, deadline));
            });
  }

  private static ObjectNode proof(
      SessionId id, SessionTraces.Count before, SessionReply.Purged purged) {
    ObjectNode proof = Json.object().put("purged", true).put("id", id.friendlyId());
    proof
        .putObject("removed")
        .put("records", purged.records())
        .put("streams", purged.streams())
        .put("events", before.events())
        .put("snapshots", before.snapshots())
        .put("indexRows", before.indexRows())
        .put("dueTimes", before.dueTimes())
        .put("files", before.files());
    return proof.put("remaining", 0);
  }
}
