package dev.parley.agent;

import dev.parley.session.Text;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * An agent as it was registered. Immutable: a changed agent is another definition, and turns that
 * have begun keep theirs.
 *
 * @param id UUID text, of any version, in the spelling it was given (eliza.md part 2)
 * @param name for people, 1 to 128 characters
 * @param taskIdentifiers of the durable sessions it answers, beside those that name its id
 * @param started whether it answers; a stopped agent looks like none when a session is created
 */
public record AgentDefinition(
    String id,
    String name,
    List<String> taskIdentifiers,
    AgentSettings settings,
    boolean started,
    AgentKind kind,
    AgentLimits limits) {
  /** The agent that is there without being configured. */
  public static final String ECHO_ID = "00000000-0000-4000-8000-0000000000ec";

  private static final Pattern ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  private static final int MAX_LENGTH = 128;

  /**
   * @throws IllegalArgumentException when a value is not what it must be
   */
  public AgentDefinition {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "the id is '" + id + "'; it must be a UUID, for example " + UUID.randomUUID());
    }
    label("the name", name);
    taskIdentifiers = List.copyOf(taskIdentifiers);
    taskIdentifiers.forEach(identifier -> label("a task identifier", identifier));
  }

  /** The same agent, answering or not. */
  public AgentDefinition withStarted(boolean whether) {
    return new AgentDefinition(id, name, taskIdentifiers, settings, whether, kind, limits);
  }

  /**
   * The same agent, its endpoint permitted to be in these networks although they are not public.
   */
  public AgentDefinition within(List<Network> networks) {
    return new AgentDefinition(
        id, name, taskIdentifiers, settings, started, kind.within(networks), limits);
  }

  private static void label(String what, String text) {
    if (text.isBlank() || text.length() > MAX_LENGTH || Text.problem(text).isPresent()) {
      throw new IllegalArgumentException(
          what + " is '" + text + "'; it must be 1 to " + MAX_LENGTH + " characters of text");
    }
  }
}
