package dev.parley.agent;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/** Makes agents of their definitions. */
public final class Agents {
  private final ActorSystem<?> system;
  private final Clock clock;
  private final Function<String, @Nullable String> environment;
  private final Function<List<Network>, OutgoingAddress> addresses;
  private final @Nullable HttpsConnectionContext trust;

  /**
   * @param clock what signatures show as their time; the other side compares it with its own
   * @param environment the value of an environment variable, or null
   */
  public Agents(
      ActorSystem<?> system, Clock clock, Function<String, @Nullable String> environment) {
    this(system, clock, environment, OutgoingAddress::new, null);
  }

  Agents(
      ActorSystem<?> system,
      Clock clock,
      Function<String, @Nullable String> environment,
      Function<List<Network>, OutgoingAddress> addresses,
      @Nullable HttpsConnectionContext trust) {
    this.system = system;
    this.clock = clock;
    this.environment = environment;
    this.addresses = addresses;
    this.trust = trust;
  }

  /**
   * The agent, which can be asked many times and at once.
   *
   * @throws IllegalArgumentException when an environment variable that holds its secret is not set
   *     or can't be one, the message never shows a value; or when the agent is an attached one,
   *     which {@link AttachedWorkers} find somebody for
   */
  public Agent agent(AgentDefinition definition) {
    Agent adapter = adapter(definition);
    OneEnd promise = new OneEnd(definition.id(), definition.limits().time());
    return turn ->
        Source.lazySource(() -> adapter.answer(turn))
            .via(promise)
            .mapMaterializedValue(started -> NotUsed.getInstance());
  }

  private Agent adapter(AgentDefinition definition) {
    if (definition.kind() instanceof AgentKind.Webhook webhook) {
      Secret secret = Secret.of(webhook.secretVariable(), environment);
      HttpExchange exchange = exchange(definition, webhook.endpoint(), Optional.of(secret));
      return new WebhookAgent(definition.id(), webhook, secret, exchange, clock);
    }
    if (definition.kind() instanceof AgentKind.OpenAi openAi) {
      Optional<Secret> key = key(openAi);
      return new OpenAiAgent(openAi, key.orElse(null), exchange(definition, openAi.base(), key));
    }
    if (definition.kind() instanceof AgentKind.Attached) {
      throw new IllegalArgumentException(
          "the agent " + definition.id() + " is answered by attached workers, not from here");
    }
    return new EchoAgent();
  }

  /**
   * Whether the endpoint still has the model. Never fails; asked anew each time, for at most five
   * seconds.
   */
  public CompletionStage<ModelState> model(AgentKind.OpenAi openAi) {
    Optional<Secret> key;
    try {
      key = key(openAi);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.completedFuture(ModelState.KEY_REFUSED);
    }
    return new ModelList(system, connection(openAi.base()), openAi.base(), key)
        .look(openAi.model());
  }

  private Optional<Secret> key(AgentKind.OpenAi openAi) {
    return Optional.ofNullable(openAi.keyVariable())
        .map(variable -> Secret.of(variable, environment));
  }

  private HttpConnection connection(HttpEndpoint endpoint) {
    return new HttpConnection(system, endpoint, addresses.apply(endpoint.allowedNetworks()), trust);
  }

  private HttpExchange exchange(
      AgentDefinition definition, HttpEndpoint endpoint, Optional<Secret> secret) {
    return new HttpExchange(
        definition.id(),
        connection(endpoint),
        definition.limits(),
        secret.<UnaryOperator<String>>map(value -> value::redact).orElse(UnaryOperator.identity()));
  }
}
