package dev.parley.agent;

import org.jspecify.annotations.Nullable;

/** How an agent answers, with what that way needs. Holds names of secrets, never secrets. */
public sealed interface AgentKind {
  /** How many messages before the one to be answered are of interest, 0 to 1000. */
  default int history() {
    return 0;
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
  }
}
