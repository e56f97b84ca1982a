package dev.parley;

import com.typesafe.config.ConfigFactory;
import dev.parley.agent.AttachedWorkers;
import dev.parley.entity.Sessions;
import dev.parley.journal.PreparedData;
import dev.parley.tracing.Tracing;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The real server of one test class, with settings of its own. */
public final class OwnServer implements AutoCloseable {
  public static final String KEY = "tr_dev_key_of_some_length";

  private final Server server;

  private OwnServer(Server server) {
    this.server = server;
  }

  /**
   * @param settings over those of development
   */
  public static OwnServer start(Path directory, Map<String, Object> settings) throws Exception {
    return new OwnServer(Server.start(settings(directory, settings)));
  }

  /** Likewise, traced. */
  static OwnServer start(Path directory, Map<String, Object> settings, Tracing tracing)
      throws Exception {
    return new OwnServer(Server.start(settings(directory, settings), Watching.by(tracing)));
  }

  private static Settings settings(Path directory, Map<String, Object> settings) {
    if (!settings.containsKey("parley.database-url")) {
      PreparedData.fill(directory);
    }
    Map<String, Object> all = new HashMap<>(settings);
    all.put("parley.data-dir", directory.toString());
    all.put("parley.http.port", 0);
    all.put("parley.secret-key", KEY);
    return Settings.of(
        ConfigFactory.load(
            ConfigFactory.parseMap(all).withFallback(ConfigFactory.defaultApplication())));
  }

  public String origin() {
    return "http://127.0.0.1:" + server.port();
  }

  /** The sessions behind the server's routes. */
  public Sessions sessions() {
    return server.sessions();
  }

  /** The workers of attached agents, as the owners of turns see them. */
  public AttachedWorkers workers() {
    return server.workers();
  }

  @Override
  public void close() {
    server.close();
  }
}
