package dev.parley.http.sessions;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.auth.ExpirationTime;
import dev.parley.auth.PublicTokens;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.BodySchema;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Endpoints.Access;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.Refused;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;

/** Public access tokens, signed by the client or by us (trigger.md section 2.2). */
public final class TokenRoutes {
  private static final PathMatcher0 API = segment("api").slash("v1");
  private static final BodySchema TOKEN = BodySchema.load("public-token");

  private final Endpoints endpoints;
  private final PublicTokens tokens;
  private final Clock clock;

  public TokenRoutes(Endpoints endpoints, PublicTokens tokens, Clock clock) {
    this.endpoints = endpoints;
    this.tokens = tokens;
    this.clock = clock;
  }

  public Route routes() {
    return concat(
        path(
            API.slash("auth").slash("jwt").slash("claims"),
            () ->
                endpoints.methods().action("POST", Access.SECRET_KEY, 1_024, this::claims).route()),
        path(
            API.slash("auth").slash("public-tokens"),
            () ->
                endpoints.methods().action("POST", Access.SECRET_KEY, 32_768, this::mint).route()));
  }

  private CompletionStage<HttpResponse> claims(Call call) {
    return CompletableFuture.completedFuture(
        Answers.json(
            200, Json.object().put("sub", call.credential().environment().id()).put("pub", true)));
  }

  private CompletionStage<HttpResponse> mint(Call call) {
    return call.body()
        .thenApply(
            bytes -> {
              JsonNode body =
                  TOKEN.fitting(bytes).orElseThrow(() -> refused("Invalid request body"));
              List<String> scopes = new ArrayList<>();
              body.get("scopes").forEach(scope -> scopes.add(scope.textValue()));
              return Answers.json(200, Json.object().put("token", mint(call, body, scopes)));
            });
  }

  private String mint(Call call, JsonNode body, List<String> scopes) {
    Instant expiresAt = expiration(body.path("expirationTime"));
    try {
      return tokens.mint(
          call.credential().environment(),
          scopes,
          expiresAt,
          body.path("oneTimeUse").asBoolean(false),
          body.has("realtime") ? realtime(body.get("realtime")) : null);
    } catch (IllegalArgumentException e) {
      throw refused(e.getMessage());
    }
  }

  private Instant expiration(JsonNode value) {
    ExpirationTime time =
        value.isMissingNode()
            ? ExpirationTime.byDefault(clock)
            : value.isNumber()
                ? ExpirationTime.ofEpochSeconds(value.doubleValue(), clock)
                : ExpirationTime.ofSpan(value.textValue(), clock);
    if (time instanceof ExpirationTime.Rejected rejected) {
      throw refused(rejected.error());
    }
    return ((ExpirationTime.At) time).instant();
  }

  private static Map<String, Object> realtime(JsonNode realtime) {
    List<String> columns = new ArrayList<>();
    realtime.path("skipColumns").forEach(column -> columns.add(column.textValue()));
    return Map.of("skipColumns", columns);
  }

  private static Refused refused(String text) {
    return new Refused(Answers.error(400, text));
  }
}
