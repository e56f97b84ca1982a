package dev.parley.http.webchat;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.entity.webchat.EntityNames;
import dev.parley.entity.webchat.EntryPoint;
import dev.parley.entity.webchat.EntryPointReply;
import dev.parley.entity.webchat.OrganizationSettings;
import dev.parley.entity.webchat.Webchats;
import dev.parley.entity.webchat.WidgetDomain;
import dev.parley.http.messaging.UuidShape;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.BodySchema;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Endpoints.Access;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.Refused;
import dev.parley.http.shared.WebOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.PathMatcher1;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/admin/organizations/:org/webchat} and {@code /api/admin/events/:event}, with the
 * secret key of the environment that the webchat's sessions belong to (across.md section 6).
 */
final class WebchatAdminRoutes {
  private static final PathMatcher0 ADMIN = segment("api").slash("admin");
  private static final PathMatcher1<String> WEBCHAT =
      ADMIN.slash("organizations").slash(segment()).slash("webchat");
  private static final PathMatcher1<String> EVENT = ADMIN.slash("events").slash(segment());

  private static final int MAX_BODY = 65_536;
  private static final BodySchema ORGANIZATION = BodySchema.load("webchat-organization");
  private static final BodySchema ENTRY_POINT = BodySchema.load("webchat-event");

  private final Endpoints endpoints;
  private final Webchats webchats;
  private final String environmentId;

  WebchatAdminRoutes(Endpoints endpoints, Webchats webchats, String environmentId) {
    this.endpoints = endpoints;
    this.webchats = webchats;
    this.environmentId = environmentId;
  }

  Route routes() {
    return concat(
        path(
            WEBCHAT,
            id ->
                endpoints
                    .own()
                    .loader("GET", Access.SECRET_KEY, on(id, call -> settings(id)))
                    .action("PUT", Access.SECRET_KEY, MAX_BODY, on(id, call -> change(call, id)))
                    .route()),
        path(
            WEBCHAT.slash("rotate-key"),
            id ->
                endpoints
                    .own()
                    .action("POST", Access.SECRET_KEY, MAX_BODY, on(id, call -> rotate(id)))
                    .route()),
        path(
            EVENT,
            id ->
                endpoints
                    .own()
                    .loader("GET", Access.SECRET_KEY, on(id, call -> retrieve(id)))
                    .action("PUT", Access.SECRET_KEY, MAX_BODY, on(id, call -> put(call, id)))
                    .action("DELETE", Access.SECRET_KEY, MAX_BODY, on(id, call -> remove(id)))
                    .route()));
  }

  /** What comes before every handler here. */
  private Endpoints.Handler on(String id, Endpoints.Handler handler) {
    return call -> {
      if (!call.credential().environment().id().equals(environmentId)) {
        throw new Refused(
            Answers.error(
                403,
                "Webchats belong to the server's default environment; use a secret key of that"));
      }
      if (!EntityNames.isValid(id)) {
        throw BodySchema.invalid("the id in the path must be " + EntityNames.RULE);
      }
      return handler.apply(call);
    };
  }

  private CompletionStage<HttpResponse> settings(String id) {
    return webchats.settings(id).thenApply(shown(id));
  }

  private CompletionStage<HttpResponse> rotate(String id) {
    return webchats.rotateKey(id).thenApply(shown(id));
  }

  private CompletionStage<HttpResponse> change(Call call, String id) {
    return call.json(ORGANIZATION)
        .thenCompose(
            body ->
                webchats.change(
                    id,
                    widgetDomain(body.path("widgetDomain")),
                    origins(body.path("allowedOrigins"))))
        .thenApply(shown(id));
  }

  private static @Nullable WidgetDomain widgetDomain(JsonNode value) {
    return value.isTextual() ? WidgetDomain.parse(value.textValue()).orElseThrow() : null;
  }

  private static @Nullable List<String> origins(JsonNode value) {
    if (!value.isArray()) {
      return null;
    }
    List<String> origins = new ArrayList<>();
    for (JsonNode each : value) {
      String origin =
          WebOrigin.parse(each.textValue())
              .orElseThrow(
                  () ->
                      BodySchema.invalid(
                          ("allowedOrigins holds %s; an origin is scheme, host and port alone, such"
                                  + " as https://www.example.com, or https://*.example.com for all"
                                  + " below that domain")
                              .formatted(Json.text(each))));
      if (!origins.contains(origin)) {
        origins.add(origin);
      }
    }
    return origins;
  }

  private static Function<OrganizationSettings, HttpResponse> shown(String id) {
    return settings -> {
      ObjectNode body =
          Json.object()
              .put("organizationId", id)
              .put("apiKey", settings.requiredKey())
              .put("widgetDomain", settings.widgetDomain().text());
      ArrayNode origins = body.putArray("allowedOrigins");
      settings.allowedOrigins().forEach(origins::add);
      return Answers.json(200, body);
    };
  }

  private CompletionStage<HttpResponse> retrieve(String id) {
    return webchats
        .entryPoint(id)
        .thenApply(
            found ->
                found
                    .map(entryPoint -> Answers.json(200, document(id, entryPoint)))
                    .orElseGet(() -> Answers.notFound("Event not found")));
  }

  private CompletionStage<HttpResponse> put(Call call, String id) {
    return call.json(ENTRY_POINT)
        .thenCompose(
            body -> {
              EntryPoint entryPoint = entryPoint(body);
              return webchats
                  .put(id, entryPoint)
                  .thenApply(
                      reply ->
                          Answers.json(isNew(id, reply) ? 201 : 200, document(id, entryPoint)));
            });
  }

  private boolean isNew(String id, EntryPointReply reply) {
    return reply.before() == null && !webchats.isConfigured(id);
  }

  private static EntryPoint entryPoint(JsonNode body) {
    String agentId = body.get("agentId").textValue();
    String organizationId = body.get("organizationId").textValue();
    if (!UuidShape.matches(agentId)) {
      throw BodySchema.invalid("agentId must be a UUID");
    }
    if (!EntityNames.isValid(organizationId)) {
      throw BodySchema.invalid("organizationId must be " + EntityNames.RULE);
    }
    return new EntryPoint(agentId, organizationId, body.get("published").booleanValue());
  }

  private CompletionStage<HttpResponse> remove(String id) {
    return webchats
        .remove(id)
        .thenApply(
            reply -> {
              if (reply.before() != null) {
                return Answers.empty(204);
              }
              return webchats.isConfigured(id)
                  ? Answers.error(
                      409,
                      ("The event %s is one of the server's configuration (parley.webchat.events);"
                              + " remove it there, or unpublish it by PUT")
                          .formatted(id))
                  : Answers.notFound("Event not found");
            });
  }

  private static ObjectNode document(String id, EntryPoint entryPoint) {
    return Json.object()
        .put("eventId", id)
        .put("agentId", entryPoint.agentId())
        .put("organizationId", entryPoint.organizationId())
        .put("published", entryPoint.published());
  }
}
