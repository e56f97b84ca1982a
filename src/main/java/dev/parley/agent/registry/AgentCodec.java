package dev.parley.agent.registry;

import dev.parley.agent.AgentDefinition;
import dev.parley.agent.AgentKind;
import dev.parley.agent.AgentLimits;
import dev.parley.agent.AgentSettings;
import dev.parley.agent.HttpEndpoint;
import dev.parley.agent.registry.proto.Agent;
import dev.parley.agent.registry.proto.Attached;
import dev.parley.agent.registry.proto.Echo;
import dev.parley.agent.registry.proto.Limits;
import dev.parley.agent.registry.proto.OpenAi;
import dev.parley.agent.registry.proto.Webhook;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A registered agent as a message. The networks its endpoint may be in are not part of it. */
final class AgentCodec {
  private AgentCodec() {}

  static Agent encode(AgentDefinition agent) {
    AgentLimits limits = agent.limits();
    Agent.Builder stored =
        Agent.newBuilder()
            .setId(agent.id())
            .setName(agent.name())
            .addAllTaskIdentifiers(agent.taskIdentifiers())
            .putAllSettings(agent.settings().values())
            .setStarted(agent.started())
            .setLimits(
                Limits.newBuilder()
                    .setTime(limits.time().toMillis())
                    .setStall(limits.stall().toMillis())
                    .setTries(limits.tries())
                    .setPause(limits.pause().toMillis()));
    encode(agent.kind(), stored);
    return stored.build();
  }

  private static void encode(AgentKind kind, Agent.Builder stored) {
    if (kind instanceof AgentKind.Webhook webhook) {
      stored.setWebhook(
          Webhook.newBuilder()
              .setUrl(webhook.endpoint().url().toString())
              .setSecretVariable(webhook.secretVariable())
              .setHistory(webhook.history()));
    } else if (kind instanceof AgentKind.OpenAi openAi) {
      OpenAi.Builder builder =
          OpenAi.newBuilder()
              .setBaseUrl(openAi.base().url().toString())
              .setModel(openAi.model())
              .setSystemPrompt(openAi.systemPrompt())
              .setHistory(openAi.history());
      if (openAi.keyVariable() != null) {
        builder.setKeyVariable(openAi.keyVariable());
      }
      stored.setOpenAi(builder);
    } else if (kind instanceof AgentKind.Attached attached) {
      stored.setAttached(Attached.newBuilder().setLease(attached.lease().toMillis()));
    } else if (kind instanceof AgentKind.Echo) {
      stored.setEcho(Echo.getDefaultInstance());
    } else {
      throw new IllegalArgumentException("not stored: " + kind.getClass().getName());
    }
  }

  static AgentDefinition decode(Agent stored) {
    Limits limits = stored.getLimits();
    // Sorted, so that a map that was stored twice is the same both times.
    Map<String, String> settings = new LinkedHashMap<>(new TreeMap<>(stored.getSettingsMap()));
    return new AgentDefinition(
        stored.getId(),
        stored.getName(),
        stored.getTaskIdentifiersList(),
        new AgentSettings(settings),
        stored.getStarted(),
        kind(stored),
        new AgentLimits(
            Duration.ofMillis(limits.getTime()),
            Duration.ofMillis(limits.getStall()),
            limits.getTries(),
            Duration.ofMillis(limits.getPause())));
  }

  private static AgentKind kind(Agent stored) {
    return switch (stored.getKindCase()) {
      case WEBHOOK ->
          new AgentKind.Webhook(
              endpoint(stored.getWebhook().getUrl()),
              stored.getWebhook().getSecretVariable(),
              stored.getWebhook().getHistory());
      case OPEN_AI -> {
        OpenAi openAi = stored.getOpenAi();
        yield new AgentKind.OpenAi(
            endpoint(openAi.getBaseUrl()),
            openAi.getModel(),
            openAi.hasKeyVariable() ? openAi.getKeyVariable() : null,
            openAi.getSystemPrompt(),
            openAi.getHistory());
      }
      case ATTACHED -> new AgentKind.Attached(Duration.ofMillis(stored.getAttached().getLease()));
      case ECHO -> new AgentKind.Echo();
      case KIND_NOT_SET ->
          throw new IllegalArgumentException(
              "the agent " + stored.getId() + " is of a kind that this version does not know");
    };
  }

  private static HttpEndpoint endpoint(String url) {
    return HttpEndpoint.of(url, List.of());
  }
}
