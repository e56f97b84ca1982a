package dev.parley.http.shared;

import dev.parley.auth.Resource;
import dev.parley.entity.Inspection;
import dev.parley.entity.Sessions;
import dev.parley.session.Channel;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * Which session a URL names and whether the caller may touch it, in the order of trigger.md section
 * 1.2: an action refuses an under-scoped token before it says whether the row exists, a GET after.
 */
public final class SessionAccess {
  /** The names a scope may use for what is asked for. */
  public interface Names {
    /**
     * @param info the row, if it is known
     */
    Collection<Resource> of(SessionId id, @Nullable SessionInfo info);
  }

  /** A session that may be read, with one of its streams. */
  public record Readable(SessionId id, Inspection inspection) {}

  private final Sessions sessions;

  public SessionAccess(Sessions sessions) {
    this.sessions = sessions;
  }

  /**
   * The session for an action. The row is looked up only when a token might name it by an external
   * id that the URL does not show. Fails with {@link Refused}: 403, or {@code notFound} when no
   * session can have that key.
   */
  public CompletionStage<SessionId> forAction(
      Call call, String action, String key, Names names, HttpResponse notFound) {
    Optional<SessionId> parsed = SessionId.parse(call.credential().environment().id(), key);
    if (parsed.isEmpty()) {
      boolean allowed = call.credential().allows(action, SessionKeys.asWritten(key));
      throw new Refused(allowed ? notFound : Answers.forbidden());
    }
    SessionId id = parsed.get();
    if (call.credential().allows(action, names.of(id, null))) {
      return call.credential().isOfOneGeneration()
          ? current(call, id)
          : CompletableFuture.completedFuture(id);
    }
    if (!key.startsWith(SessionId.PREFIX)) {
      throw new Refused(Answers.forbidden());
    }
    return sessions
        .inspect(id, Channel.IN)
        .thenApply(
            inspection -> {
              require(call, action, names.of(id, inspection.info()));
              return id;
            });
  }

  private CompletionStage<SessionId> current(Call call, SessionId id) {
    return sessions
        .inspect(id, Channel.IN)
        .thenApply(
            inspection -> {
              requireCurrent(call, inspection);
              return id;
            });
  }

  /** What was granted for a session that has been purged since opens none that came after it. */
  private static void requireCurrent(Call call, Inspection inspection) {
    if (!call.credential().opens(inspection.generation())) {
      throw new Refused(Answers.forbidden());
    }
  }

  /**
   * The session for a GET. Fails with {@link Refused}: {@code notFound} when it has no row and
   * needs one, else 403.
   *
   * @param rowOptional whether an external id may be read before its row exists (section 4)
   */
  public CompletionStage<Readable> forLoader(
      Call call,
      Channel channel,
      String key,
      Names names,
      boolean rowOptional,
      HttpResponse notFound) {
    SessionId id =
        SessionId.parse(call.credential().environment().id(), key)
            .orElseThrow(() -> new Refused(notFound));
    return sessions
        .inspect(id, channel)
        .thenApply(
            inspection -> {
              boolean rowNeeded = !rowOptional || key.startsWith(SessionId.PREFIX);
              if (inspection.info() == null && rowNeeded) {
                throw new Refused(notFound);
              }
              require(call, "read", names.of(id, inspection.info()));
              requireCurrent(call, inspection);
              return new Readable(id, inspection);
            });
  }

  /** Fails with 403 unless the caller may do this to one of the resources. */
  public static void require(Call call, String action, Collection<Resource> resources) {
    if (!call.credential().allows(action, resources)) {
      throw new Refused(Answers.forbidden());
    }
  }
}
