package dev.parley.http.agents;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.agent.AgentDefinition;
import dev.parley.agent.AgentKind;
import dev.parley.agent.AgentRegistry;
import dev.parley.agent.attached.AttachedAgents;
import dev.parley.agent.attached.HandedTurn;
import dev.parley.agent.attached.WorkerReply;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.BodySchema;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Endpoints.Access;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.Refused;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatcher2;
import org.apache.pekko.http.javadsl.server.Route;

/** What a worker of an attached agent calls: attach, ask for a turn, leave. */
public final class WorkerRoutes {
  private static final PathMatcher2<String, String> WORKER =
      AgentRoutes.AGENTS.slash(segment()).slash("workers").slash(segment());

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,4}");
  private static final long LONGEST_WAIT = 60;
  private static final int MAX_BODY = 1_024;

  private final Endpoints endpoints;
  private final AgentRegistry registry;
  private final AttachedAgents attached;

  public WorkerRoutes(Endpoints endpoints, AgentRegistry registry, AttachedAgents attached) {
    this.endpoints = endpoints;
    this.registry = registry;
    this.attached = attached;
  }

  public Route routes() {
    return concat(
        path(
            WORKER,
            (agent, worker) ->
                endpoints
                    .own()
                    .action("PUT", Access.SECRET_KEY, MAX_BODY, call -> attach(call, agent, worker))
                    .action(
                        "DELETE", Access.SECRET_KEY, MAX_BODY, call -> leave(call, agent, worker))
                    .route()),
        path(
            WORKER.slash("turn"),
            (agent, worker) ->
                // Not a loader: a HEAD would take a turn, too, and not show it.
                endpoints
                    .own()
                    .action("GET", Access.SECRET_KEY, MAX_BODY, call -> next(call, agent, worker))
                    .route()));
  }

  private CompletionStage<HttpResponse> attach(Call call, String agentId, String worker) {
    AgentKind.Attached kind = required(call, agentId, worker);
    return call.body()
        .thenCompose(
            body ->
                answered(
                    attached.attach(environment(call), agentId, worker, lease(body, kind)),
                    worker));
  }

  private CompletionStage<HttpResponse> leave(Call call, String agentId, String worker) {
    required(call, agentId, worker);
    return answered(attached.leave(environment(call), agentId, worker), worker);
  }

  private CompletionStage<HttpResponse> next(Call call, String agentId, String worker) {
    required(call, agentId, worker);
    return answered(attached.next(environment(call), agentId, worker, maxWait(call)), worker);
  }

  private AgentKind.Attached required(Call call, String agentId, String worker) {
    AgentDefinition agent =
        registry
            .now(environment(call))
            .byId(agentId)
            .orElseThrow(() -> new Refused(Answers.notFound("Agent not found")));
    if (!(agent.kind() instanceof AgentKind.Attached kind)) {
      throw new Refused(
          Answers.error(
              409,
              "The agent '%s' answers by itself; workers attach to agents of the kind attached"
                  .formatted(agent.name())));
    }
    if (!NAME.matcher(worker).matches()) {
      throw BodySchema.invalid(
          "a worker's name must be 1 to 64 characters of A-Z, a-z, 0-9, . _ -");
    }
    return kind;
  }

  private static Duration lease(byte[] body, AgentKind.Attached kind) {
    if (body.length == 0) {
      return kind.lease();
    }
    JsonNode document =
        Json.parse(body)
            .filter(JsonNode::isObject)
            .orElseThrow(() -> BodySchema.invalid("the body must be a JSON object or empty"));
    JsonNode seconds = document.path("leaseSeconds");
    if (seconds.isMissingNode() || seconds.isNull()) {
      return kind.lease();
    }
    try {
      // In a kind, which knows the bounds.
      return new AgentKind.Attached(
              Duration.ofSeconds(seconds.isIntegralNumber() ? seconds.asLong() : 0))
          .lease();
    } catch (IllegalArgumentException e) {
      throw BodySchema.invalid("leaseSeconds: " + e.getMessage());
    }
  }

  private static Duration maxWait(Call call) {
    String wait = call.query("wait").orElse("0");
    if (!SECONDS.matcher(wait).matches() || Long.parseLong(wait) > LONGEST_WAIT) {
      throw BodySchema.invalid("wait must be a whole number of seconds, 0.." + LONGEST_WAIT);
    }
    return Duration.ofSeconds(Long.parseLong(wait));
  }

  private static String environment(Call call) {
    return call.credential().environment().id();
  }

  private static CompletionStage<HttpResponse> answered(
      CompletionStage<WorkerReply> reply, String worker) {
    return reply.handle(
        (answer, failure) ->
            failure == null
                ? response(answer, worker)
                : Answers.unavailable(
                    "The agent's workers can't be reached at the moment, try again",
                    Duration.ofSeconds(1)));
  }

  private static HttpResponse response(WorkerReply reply, String worker) {
    if (reply instanceof WorkerReply.Attached attached) {
      ObjectNode body =
          Json.object().put("worker", worker).put("expiresAt", Json.date(attached.expiresAt()));
      ArrayNode turns = body.putArray("turns");
      attached.turns().forEach(turn -> turns.add(document(turn)));
      return Answers.json(200, body);
    }
    if (reply instanceof WorkerReply.Handed handed) {
      return Answers.json(200, document(handed.turn()));
    }
    if (reply instanceof WorkerReply.NotAttached) {
      return Answers.notFound(
          "Worker '%s' is not attached or its lease has ended, attach it with PUT"
              .formatted(worker));
    }
    if (reply instanceof WorkerReply.Full) {
      return Answers.error(409, "The agent has as many workers as it can have");
    }
    return Answers.empty(204);
  }

  private static ObjectNode document(HandedTurn handed) {
    return Json.object()
        .put("session", handed.turn().session())
        .put("externalId", handed.turn().externalId())
        .put("inSeq", handed.turn().inSeq())
        .put("attempt", handed.turn().attempt())
        .put("takenOver", handed.takenOver());
  }
}
