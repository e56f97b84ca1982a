package dev.parley.http.webchat;

import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.auth.EmailAddress;
import dev.parley.auth.Environment;
import dev.parley.auth.RuntimeTokens;
import dev.parley.entity.webchat.EntityNames;
import dev.parley.entity.webchat.EntryPoint;
import dev.parley.entity.webchat.Webchats;
import dev.parley.http.messaging.MessagingRefused;
import dev.parley.http.messaging.MessagingSession;
import dev.parley.http.messaging.SessionCreation;
import dev.parley.http.messaging.UuidShape;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.BodySchema;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.IncomingBody;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.Refused;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code POST /api/webchat/session}: a visitor of a page gets a messaging session and the tokens
 * that reach it and nothing else (web-runtime.md section 4, across.md section 6).
 */
final class VisitorSessionRoutes {
  private static final int MAX_BODY = 16_384;
  private static final BodySchema SESSION = BodySchema.load("webchat-session");

  /** A session of a new random id has never been purged. */
  private static final long FIRST_GENERATION = 0;

  private final Endpoints endpoints;
  private final Webchats webchats;
  private final SessionCreation creation;
  private final RuntimeTokens tokens;
  private final WebchatFace.Options options;
  private final Clock clock;

  VisitorSessionRoutes(
      Endpoints endpoints,
      Webchats webchats,
      SessionCreation creation,
      RuntimeTokens tokens,
      WebchatFace.Options options,
      Clock clock) {
    this.endpoints = endpoints;
    this.webchats = webchats;
    this.creation = creation;
    this.tokens = tokens;
    this.options = options;
    this.clock = clock;
  }

  Route routes() {
    return path(
        segment("api").slash("webchat").slash("session"),
        () -> endpoints.own().open("POST", MAX_BODY, this::open).route());
  }

  private CompletionStage<HttpResponse> open(HttpRequest request, IncomingBody body) {
    return options
        .rateLimit()
        .take(request)
        .thenCompose(
            usage -> {
              if (!usage.isAllowed()) {
                throw new Refused(
                    Answers.retryLater(
                        Answers.error(429, "Too many sessions from one address, come again later"),
                        usage.untilReset()));
              }
              return body.read(MAX_BODY);
            })
        .thenApply(SESSION::read)
        .thenCompose(
            wanted ->
                webchats
                    .byKey(wanted.path("apiKey").asText())
                    .thenCompose(found -> open(request, wanted, organization(found))));
  }

  private static Webchats.Keyed organization(Optional<Webchats.Keyed> found) {
    return found.orElseThrow(
        () ->
            new Refused(
                Answers.error(
                    401, "apiKey is the key of no webchat; copy the snippet of the page again")));
  }

  private CompletionStage<HttpResponse> open(
      HttpRequest request, JsonNode wanted, Webchats.Keyed organization) {
    AllowedOrigins.require(request, organization.settings());
    String eventId = wanted.path("eventId").asText();
    if (eventId.isEmpty()) {
      throw BodySchema.invalid("eventId is missing");
    }
    String visitorId = visitorId(wanted);
    return entryPoint(eventId, organization.id())
        .thenCompose(entryPoint -> create(eventId, entryPoint, visitorId))
        .thenApply(session -> opened(session, organization.id()));
  }

  private static String visitorId(JsonNode wanted) {
    if (!wanted.hasNonNull("visitorId")) {
      return UUID.randomUUID().toString();
    }
    String visitorId = wanted.get("visitorId").textValue();
    if (!UuidShape.matches(visitorId)) {
      throw BodySchema.invalid("visitorId must be a UUID, or left out for a new visitor");
    }
    if (UUID.fromString(visitorId).version() == EmailAddress.USER_ID_VERSION) {
      throw BodySchema.invalid("visitorId is a UUID as accounts have them, take a random one");
    }
    return visitorId.toLowerCase(Locale.ROOT);
  }

  /** An event of another organization is as good as none. */
  private CompletionStage<EntryPoint> entryPoint(String eventId, String organizationId) {
    CompletionStage<Optional<EntryPoint>> found =
        EntityNames.isValid(eventId)
            ? webchats.entryPoint(eventId)
            : CompletableFuture.completedFuture(Optional.empty());
    return found.thenApply(
        entryPoint ->
            entryPoint
                .filter(EntryPoint::published)
                .filter(published -> published.organizationId().equals(organizationId))
                .orElseThrow(
                    () ->
                        new Refused(
                            Answers.error(
                                409,
                                "Nothing is published for this event; publish an agent for it"))));
  }

  private CompletionStage<MessagingSession> create(
      String eventId, EntryPoint entryPoint, String visitorId) {
    ObjectNode body = Json.object().put("agentId", entryPoint.agentId()).put("userId", visitorId);
    body.putObject("metadata")
        .put("eventId", eventId)
        .put("organizationId", entryPoint.organizationId());
    try {
      return creation.create(body).exceptionallyCompose(VisitorSessionRoutes::refused);
    } catch (MessagingRefused refused) {
      return refused(refused);
    }
  }

  private static CompletionStage<MessagingSession> refused(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (!(cause instanceof MessagingRefused refused)) {
      return CompletableFuture.failedFuture(cause);
    }
    return CompletableFuture.failedFuture(
        new Refused(
            refused.status() == 404
                ? Answers.error(409, "The agent of this event does not run; start it")
                : Answers.unavailable(
                    "The session could not be made at the moment, try again",
                    Duration.ofSeconds(1))));
  }

  private HttpResponse opened(MessagingSession session, String organizationId) {
    Instant now = clock.instant();
    Environment environment = options.environment();
    RuntimeTokens.Visit visit =
        new RuntimeTokens.Visit(
            environment,
            session.parties().sessionId(),
            FIRST_GENERATION,
            organizationId,
            now.plus(options.sessionTokenLife()));
    return Answers.json(
        201,
        Json.object()
            .put("sessionId", session.parties().sessionId())
            .put("visitorId", session.parties().userId())
            .put("wsToken", tokens.socketToken(visit.until(now.plus(options.socketTokenLife()))))
            .put("sessionToken", tokens.sessionToken(visit))
            .put("expiresAt", Json.date(session.lifetime().expiresAt())));
  }
}
