package dev.parley.ops.doctor;

import dev.parley.agent.AgentDefinition;
import dev.parley.agent.AgentKind;
import dev.parley.agent.AgentSnapshot;
import dev.parley.agent.ModelState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Whether the models that started agents ask are still there (web-runtime.md section 9). */
public final class ModelsExamination implements Examination {
  /** More are not asked, and that is told. */
  private static final int MOST = 50;

  private final Supplier<AgentSnapshot> agents;
  private final Function<AgentKind.OpenAi, CompletionStage<ModelState>> look;

  /**
   * @param look asks an endpoint about its model and never fails
   */
  public ModelsExamination(
      Supplier<AgentSnapshot> agents,
      Function<AgentKind.OpenAi, CompletionStage<ModelState>> look) {
    this.agents = agents;
    this.look = look;
  }

  private record Seen(AgentKind.OpenAi model, ModelState state) {
    @Override
    public String toString() {
      return model.model() + " at " + model.base() + ": " + words();
    }

    private String words() {
      return switch (state) {
        case THERE -> "there";
        case GONE -> "not among the models there";
        case NOT_LISTED -> "tells no list of models";
        case KEY_REFUSED -> "refuses the key in " + model.keyVariable();
        case AWAY -> "does not answer";
      };
    }

    private boolean isIn(ModelState... states) {
      return List.of(states).contains(state);
    }
  }

  @Override
  public String name() {
    return "models";
  }

  @Override
  public CompletionStage<List<Check>> look() {
    List<AgentKind.OpenAi> models = models();
    List<CompletableFuture<Seen>> looks =
        models.stream()
            .limit(MOST)
            .map(
                model ->
                    look.apply(model)
                        .thenApply(state -> new Seen(model, state))
                        .toCompletableFuture())
            .toList();
    return CompletableFuture.allOf(looks.toArray(CompletableFuture[]::new))
        .thenApply(
            done ->
                List.of(
                    judge(
                        looks.stream().map(CompletableFuture::join).toList(),
                        models.size() - looks.size())));
  }

  /** Those of started agents; agents that differ in their prompts alone ask for one model. */
  private List<AgentKind.OpenAi> models() {
    Map<List<Object>, AgentKind.OpenAi> models = new LinkedHashMap<>();
    for (AgentDefinition agent : agents.get().all()) {
      if (agent.started() && agent.kind() instanceof AgentKind.OpenAi model) {
        models.putIfAbsent(
            List.of(model.base(), model.model(), String.valueOf(model.keyVariable())), model);
      }
    }
    return List.copyOf(models.values());
  }

  private Check judge(List<Seen> seen, int unseen) {
    if (seen.isEmpty()) {
      return Check.ok(name(), "no agent asks a model");
    }
    List<Seen> wrong =
        seen.stream().filter(one -> !one.isIn(ModelState.THERE, ModelState.NOT_LISTED)).toList();
    String value =
        (wrong.isEmpty() ? seen : wrong)
                .stream().map(Seen::toString).collect(Collectors.joining("; "))
            + (unseen > 0 ? "; " + unseen + " more were not asked" : "");
    if (wrong.isEmpty()) {
      return Check.ok(name(), value);
    }
    return wrong.stream().anyMatch(one -> one.isIn(ModelState.GONE, ModelState.KEY_REFUSED))
        ? Check.fail(
            name(), value, "Name a model that is there, or mend the key: these agents can't answer")
        : Check.warn(name(), value, "Start the endpoint, or mend its address");
  }
}
