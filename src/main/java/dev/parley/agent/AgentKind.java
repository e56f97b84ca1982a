package dev.parley.agent;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an agent answers, with what that way needs. Holds names of secrets, never secrets. */
public sealed interface AgentKind {
  /** How many messages before the one to be answered are of interest, 0 to 1000. */
  default int history() {
    return 0;
  }

  /** The same, its endpoint permitted to be in these networks although they are not public. */
  default AgentKind within(List<Network> networks) {
    return this;
  }

  /** Says what it is told. */
  record Echo() implements AgentKind {}

  /**
   * Each message is posted to an endpoint.
   *
   * @param secretVariable the environment variable with the key that signs
   * @param history how many messages before this one are sent along, 0 to 1000
   */
  record Webhook(HttpEndpoint endpoint, String secretVariable, int history) implements AgentKind {
    public Webhook {
      Checks.history(history);
      Checks.variable(secretVariable);
    }

    @Override
    public AgentKind within(List<Network> networks) {
      return new Webhook(endpoint.within(networks), secretVariable, history);
    }
  }

  /**
   * A chat completions endpoint as OpenAI has it.
   *
   * @param base the endpoint up to and without {@code /chat/completions}
   * @param keyVariable the environment variable with the key; null when the endpoint asks for none
   * @param systemPrompt empty for none
   * @param history how many messages before this one the model sees, 0 to 1000
   */
  record OpenAi(
      HttpEndpoint base,
      String model,
      @Nullable String keyVariable,
      String systemPrompt,
      int history)
      implements AgentKind {
    public OpenAi {
      Checks.history(history);
      if (keyVariable != null) {
        Checks.variable(keyVariable);
      }
      if (model.isBlank()) {
        throw new IllegalArgumentException("the model must not be blank");
      }
    }

    @Override
    public AgentKind within(List<Network> networks) {
      return new OpenAi(base.within(networks), model, keyVariable, systemPrompt, history);
    }
  }

  /**
   * Processes outside, which attach, ask for turns and answer them by writing to {@code .out}.
   *
   * @param lease how long one that does not say otherwise is believed to live after each sign of
   *     life, 5 to 300 s
   */
  record Attached(Duration lease) implements AgentKind {
    public static final Duration SHORTEST_LEASE = Duration.ofSeconds(5);
    public static final Duration LONGEST_LEASE = Duration.ofSeconds(300);
    public static final Duration USUAL_LEASE = Duration.ofSeconds(30);

    /**
     * @throws IllegalArgumentException when the lease is out of its bounds
     */
    public Attached {
      if (lease.compareTo(SHORTEST_LEASE) < 0 || lease.compareTo(LONGEST_LEASE) > 0) {
        throw new IllegalArgumentException(
            "the lease is %s; it must be from %d to %d s"
                .formatted(
                    AgentLimits.seconds(lease),
                    SHORTEST_LEASE.toSeconds(),
                    LONGEST_LEASE.toSeconds()));
      }
    }
  }
}
