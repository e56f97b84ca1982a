package dev.parley.ops.doctor;

import dev.parley.agent.AgentDefinition;
import dev.parley.agent.AgentKind;
import dev.parley.agent.AgentSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who answers: agents whose secrets are not there, and published events whose agent is gone or
 * stopped (web-runtime.md section 5).
 */
public final class AgentsExamination implements Examination {
  private final Supplier<AgentSnapshot> agents;
  private final @Nullable Supplier<CompletionStage<Map<String, String>>> published;
  private final Function<String, @Nullable String> environment;

  /**
   * @param published the agent of each published event; null when nobody here knows
   * @param environment the value of an environment variable, or null
   */
  public AgentsExamination(
      Supplier<AgentSnapshot> agents,
      @Nullable Supplier<CompletionStage<Map<String, String>>> published,
      Function<String, @Nullable String> environment) {
    this.agents = agents;
    this.published = published;
    this.environment = environment;
  }

  @Override
  public String name() {
    return "agents";
  }

  @Override
  public CompletionStage<List<Check>> look() {
    if (published == null) {
      return CompletableFuture.completedFuture(List.of(secrets(agents.get())));
    }
    return published
        .get()
        .thenApply(
            events -> {
              AgentSnapshot now = agents.get();
              return List.of(secrets(now), events(now, events));
            });
  }

  private Check secrets(AgentSnapshot now) {
    List<String> missing = new ArrayList<>();
    for (AgentDefinition agent : now.all()) {
      String variable = variable(agent.kind());
      if (agent.started() && variable != null && isUnset(variable)) {
        missing.add(variable);
      }
    }
    long started = now.all().stream().filter(AgentDefinition::started).count();
    String value = started + " started of " + now.all().size();
    return missing.isEmpty()
        ? Check.ok(name(), value)
        : Check.warn(
            name(),
            value + ", without a secret: " + String.join(", ", missing),
            "Set these variables, or stop the agents that need them");
  }

  private boolean isUnset(String variable) {
    String value = environment.apply(variable);
    return value == null || value.isBlank();
  }

  private static @Nullable String variable(AgentKind kind) {
    if (kind instanceof AgentKind.Webhook webhook) {
      return webhook.secretVariable();
    }
    return kind instanceof AgentKind.OpenAi openAi ? openAi.keyVariable() : null;
  }

  private static Check events(AgentSnapshot now, Map<String, String> events) {
    String name = "published-events";
    List<String> broken = new ArrayList<>();
    events.forEach(
        (event, agent) -> {
          if (now.byId(agent).filter(AgentDefinition::started).isEmpty()) {
            broken.add(event + " -> " + agent);
          }
        });
    return broken.isEmpty()
        ? Check.ok(name, events.size() + " published, all with an agent that is started")
        : Check.fail(
            name,
            "without an agent that is started: "
                + String.join(", ", broken.stream().sorted().toList()),
            "Start the agent, or give the event another one (PUT /api/admin/events/:event)");
  }
}
