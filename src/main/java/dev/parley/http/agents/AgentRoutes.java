package dev.parley.http.agents;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.agent.AgentDefinition;
import dev.parley.agent.AgentForm;
import dev.parley.agent.registry.RegisteredAgents;
import dev.parley.agent.registry.RegistryReply;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.BodySchema;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Endpoints.Access;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.Refused;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.PathMatcher1;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code /api/admin/agents}: the agents of the key's environment. Errors have the shape of the
 * control plane.
 */
public final class AgentRoutes {
  static final PathMatcher0 AGENTS = segment("api").slash("admin").slash("agents");

  private static final int MAX_BODY = 65_536;

  private final Endpoints endpoints;
  private final RegisteredAgents agents;
  private final AgentForm form;

  public AgentRoutes(Endpoints endpoints, RegisteredAgents agents, AgentForm form) {
    this.endpoints = endpoints;
    this.agents = agents;
    this.form = form;
  }

  public Route routes() {
    PathMatcher1<String> agent = AGENTS.slash(segment());
    return concat(
        path(AGENTS, () -> endpoints.own().loader("GET", Access.SECRET_KEY, this::list).route()),
        path(
            agent,
            id ->
                endpoints
                    .own()
                    .loader("GET", Access.SECRET_KEY, call -> retrieve(call, id))
                    .action("PUT", Access.SECRET_KEY, MAX_BODY, call -> put(call, id))
                    .action("DELETE", Access.SECRET_KEY, MAX_BODY, call -> remove(call, id))
                    .route()),
        path(agent.slash("start"), id -> switchTo(id, true)),
        path(agent.slash("stop"), id -> switchTo(id, false)));
  }

  private Route switchTo(String id, boolean started) {
    return endpoints
        .own()
        .action("POST", Access.SECRET_KEY, MAX_BODY, call -> switchTo(call, id, started))
        .route();
  }

  private CompletionStage<HttpResponse> list(Call call) {
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("agents");
    agents.now(environment(call)).all().forEach(agent -> list.add(document(agent)));
    return CompletableFuture.completedFuture(Answers.json(200, body));
  }

  private CompletionStage<HttpResponse> retrieve(Call call, String id) {
    return CompletableFuture.completedFuture(Answers.json(200, document(required(call, id))));
  }

  private CompletionStage<HttpResponse> put(Call call, String id) {
    return call.body()
        .thenCompose(
            body -> {
              AgentDefinition agent = read(id, AgentDocument.fields(body));
              return answered(
                  agents.put(environment(call), agent),
                  done -> Answers.json(done.created() ? 201 : 200, AgentDocument.of(agent, false)));
            });
  }

  private AgentDefinition read(String id, Map<String, Object> fields) {
    try {
      return form.read(id, fields);
    } catch (IllegalArgumentException e) {
      throw BodySchema.invalid("" + e.getMessage());
    }
  }

  private CompletionStage<HttpResponse> remove(Call call, String id) {
    return answered(agents.remove(environment(call), id), done -> Answers.empty(204));
  }

  private CompletionStage<HttpResponse> switchTo(Call call, String id, boolean started) {
    if (started) {
      requireSecrets(required(call, id));
    }
    return answered(
        agents.switchTo(environment(call), id, started),
        done -> Answers.json(200, document(required(call, id))));
  }

  private void requireSecrets(AgentDefinition agent) {
    try {
      form.requireSecrets(agent);
    } catch (IllegalArgumentException e) {
      throw new Refused(Answers.error(409, "The agent can't be started: " + e.getMessage()));
    }
  }

  private AgentDefinition required(Call call, String id) {
    return agents
        .now(environment(call))
        .byId(id)
        .orElseThrow(() -> new Refused(Answers.notFound("Agent not found")));
  }

  private ObjectNode document(AgentDefinition agent) {
    return AgentDocument.of(agent, agents.isConfigured(agent.id()));
  }

  private static String environment(Call call) {
    return call.credential().environment().id();
  }

  private static CompletionStage<HttpResponse> answered(
      CompletionStage<RegistryReply> reply, Function<RegistryReply.Done, HttpResponse> whenDone) {
    return reply.handle(
        (answer, failure) -> {
          if (failure != null) {
            return Answers.unavailable(
                "The registry does not answer at the moment, it may or may not have been done, try"
                    + " again",
                Duration.ofSeconds(1));
          }
          if (answer instanceof RegistryReply.Conflict conflict) {
            return Answers.error(409, conflict.reason());
          }
          return answer instanceof RegistryReply.Done done
              ? whenDone.apply(done)
              : Answers.notFound("Agent not found");
        });
  }
}
