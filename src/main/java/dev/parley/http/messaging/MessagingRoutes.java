package dev.parley.http.messaging;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.pathEndOrSingleSlash;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.entity.Sessions;
import dev.parley.http.messaging.MessagingEndpoints.Handler;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.TimeoutFields;
import dev.parley.session.Activity;
import dev.parley.session.IsoTime;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SessionReply;
import dev.parley.session.SessionStatus;
import dev.parley.session.TimeoutLimits;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.PathMatcher1;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /api/messaging/sessions} (eliza.md section 5), without messages. */
public final class MessagingRoutes {
  private static final PathMatcher0 SESSIONS = segment("api").slash("messaging").slash("sessions");
  private static final PathMatcher1<String> SESSION = SESSIONS.slash(segment());

  private final MessagingEndpoints endpoints;
  private final Sessions sessions;
  private final SessionDirectory directory;
  private final LivingSessions living;
  private final RecentSessions recent;
  private final SessionCreation creation;
  private final TimeoutLimits limits;
  private final Clock clock;
  private final long startedNanos = System.nanoTime();

  MessagingRoutes(
      MessagingEndpoints endpoints,
      Sessions sessions,
      SessionDirectory directory,
      LivingSessions living,
      RecentSessions recent,
      SessionCreation creation,
      TimeoutLimits limits,
      Clock clock) {
    this.endpoints = endpoints;
    this.sessions = sessions;
    this.directory = directory;
    this.living = living;
    this.recent = recent;
    this.creation = creation;
    this.limits = limits;
    this.clock = clock;
  }

  /** {@code health} is a reserved word and comes first (section 2). */
  public Route routes() {
    return concat(
        exactly(SESSIONS, Map.of("POST", this::create, "GET", this::list)),
        exactly(SESSIONS.slash("health"), Map.of("GET", call -> health())),
        pathPrefix(
            SESSION,
            id ->
                concat(
                    pathEndOrSingleSlash(
                        () ->
                            endpoints.route(
                                id,
                                Set.of("GET"),
                                Map.of("GET", call -> get(id), "DELETE", call -> delete(id)))),
                    touching(id, "renew", Activity.MANUAL),
                    touching(id, "heartbeat", Activity.HEARTBEAT),
                    exactly(
                        segment("timeout"), Map.of("PATCH", call -> changeTimeout(call, id))))));
  }

  private Route touching(String id, String action, Activity activity) {
    return pathPrefix(
        segment(action),
        () ->
            pathEndOrSingleSlash(
                () ->
                    endpoints.route(
                        id, Set.of("POST"), Map.of("POST", call -> touch(id, activity)))));
  }

  private Route exactly(PathMatcher0 path, Map<String, Handler> byMethod) {
    return pathPrefix(path, () -> pathEndOrSingleSlash(() -> endpoints.route(byMethod)));
  }

  private CompletionStage<HttpResponse> create(MessagingCall call) {
    return call.json()
        .thenCompose(creation::create)
        .thenApply(session -> Answers.json(201, SessionView.created(session)));
  }

  private CompletionStage<HttpResponse> get(String sessionId) {
    return directory.living(sessionId).thenApply(this::shown);
  }

  private CompletionStage<HttpResponse> touch(String sessionId, Activity activity) {
    return directory.change(sessionId, new SessionCommand.Touch(activity)).thenApply(this::shown);
  }

  private HttpResponse shown(MessagingSession session) {
    return Answers.json(200, SessionView.full(session, clock.instant()));
  }

  /** What is no object is refused behind 404 and 410, as a wrong field is (section 5.5). */
  private CompletionStage<HttpResponse> changeTimeout(MessagingCall call, String sessionId) {
    return call.json()
        .thenCompose(
            body ->
                body.isObject()
                    ? directory
                        .change(
                            sessionId,
                            new SessionCommand.ChangeTimeout(limits, TimeoutFields.read(body)))
                        .thenApply(this::shown)
                    : directory.living(sessionId).thenApply(MessagingRoutes::refuseConfig));
  }

  private static HttpResponse refuseConfig(MessagingSession session) {
    throw MessagingError.invalidTimeout("The body must be an object").refused();
  }

  /**
   * Closes the session for good. Its records stay readable on the durable face until their
   * retention ends (across.md section 1).
   */
  private CompletionStage<HttpResponse> delete(String sessionId) {
    return directory
        .remembered(sessionId)
        .thenCompose(
            session -> {
              SessionDirectory.requireOpen(session);
              SessionId id = SessionId.ofExternal(directory.environmentId(), sessionId);
              return sessions
                  .ask(
                      id,
                      new SessionCommand.Close(
                          SessionInfo.DELETED, null, "delete-" + UUID.randomUUID()))
                  .thenApply(reply -> deleted(id, session, reply));
            });
  }

  private HttpResponse deleted(SessionId id, MessagingSession before, SessionReply reply) {
    if (reply instanceof SessionReply.Row row) {
      if (!SessionInfo.DELETED.equals(row.info().closedReason())) {
        SessionDirectory.requireOpen(
            new MessagingSession(row.info(), before.lifetime(), before.parties()));
      }
      recent.remove(id);
      String message = "Session %s deleted successfully".formatted(before.parties().sessionId());
      ObjectNode body = Json.object().put("success", true).put("message", message);
      // The published client answers its caller with "data" where there is "success" (part 11).
      body.putObject("data").put("success", true).put("message", message);
      return Answers.json(200, body);
    }
    if (reply instanceof SessionReply.OutcomeUnknown) {
      throw MessagingError.of(
              500,
              "SESSION_DELETION_FAILED",
              "Failed to delete session: the store did not answer in time",
              null)
          .refused();
    }
    throw SessionDirectory.unavailable(reply).refused();
  }

  private CompletionStage<HttpResponse> list(MessagingCall call) {
    ListRequest request = ListRequest.read(call);
    return living
        .list(request)
        .thenCompose(
            found ->
                living
                    .count(request, SessionStatus.EXPIRED)
                    .thenCombine(
                        activeCount(request, found),
                        (expired, active) -> listed(request, found, active, expired)));
  }

  /** Exact where all were asked; of a page, what the index says. */
  private CompletionStage<Long> activeCount(ListRequest request, LivingSessions.Found found) {
    return request.limit() == null
        ? CompletableFuture.completedFuture((long) found.sessions().size())
        : living
            .count(request, SessionStatus.ACTIVE)
            .thenApply(active -> Math.max(active, found.sessions().size()));
  }

  private HttpResponse listed(
      ListRequest request, LivingSessions.Found found, long active, long expired) {
    if (found.unreachable() > 0) {
      throw MessagingError.unavailable(
              "%d sessions do not answer at the moment, try again".formatted(found.unreachable()),
              Duration.ofSeconds(1))
          .refused();
    }
    Instant now = clock.instant();
    ObjectNode body = Json.object();
    body.putArray("sessions");
    found
        .sessions()
        .forEach(session -> body.withArray("sessions").add(SessionView.full(session, now)));
    body.put("total", active);
    body.putObject("stats")
        .put("totalSessions", active + expired)
        .put("activeSessions", active)
        .put("expiredSessions", expired);
    if (request.limit() != null) {
      body.put("nextCursor", found.next() == null ? null : found.next().encode());
    }
    return Answers.json(200, body);
  }

  private CompletionStage<HttpResponse> health() {
    return living.list(ListRequest.ALL).thenApply(this::health);
  }

  private HttpResponse health(LivingSessions.Found found) {
    Instant now = clock.instant();
    long expiringSoon =
        found.sessions().stream()
            .filter(session -> session.lifetime().isNearExpiration(now))
            .count();
    ObjectNode body =
        Json.object()
            .put("status", found.unreachable() == 0 ? "healthy" : "degraded")
            .put("activeSessions", found.sessions().size())
            .put("timestamp", IsoTime.format(now))
            .put("expiringSoon", expiringSoon)
            .put("uptime", (System.nanoTime() - startedNanos) / 1e9);
    if (found.unreachable() > 0) {
      body.put("invalidSessions", found.unreachable());
    }
    return Answers.json(200, body);
  }
}
