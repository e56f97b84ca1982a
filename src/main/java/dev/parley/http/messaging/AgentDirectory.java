package dev.parley.http.messaging;

import dev.parley.session.SettingValue;
import java.util.Map;
import java.util.Optional;

/** The agents a session can be created with (eliza.md sections 3.2 and 8). */
public interface AgentDirectory {
  /**
   * An agent as a session's creation sees it.
   *
   * @param started whether it runs; one that does not is as good as unknown
   * @param settings by name, such as {@code SESSION_TIMEOUT_MINUTES}
   */
  record AgentView(boolean started, Map<String, SettingValue> settings) {
    public AgentView {
      settings = Map.copyOf(settings);
    }
  }

  /**
   * The agent as it is now: changed settings are seen by the next session.
   *
   * @param id a UUID, in lower case
   */
  Optional<AgentView> find(String id);
}
