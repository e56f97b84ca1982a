package dev.parley;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;

/** The server's configuration, for tests of its parts. */
public final class TestConfig {
  private TestConfig() {}

  /**
   * That of a part which needs no cluster.
   *
   * @param changes values by path
   */
  public static Config local(Map<String, ?> changes) {
    return ConfigFactory.parseMap(changes)
        .withFallback(ConfigFactory.parseMap(Map.of("pekko.actor.provider", "local")))
        .withFallback(ConfigFactory.defaultApplication())
        .withFallback(ConfigFactory.defaultReferenceUnresolved())
        .resolve();
  }

  /**
   * That of a node on any port, which may stand beside others in one JVM.
   *
   * @param changes values by path
   */
  public static Config node(Map<String, ?> changes) {
    return ConfigFactory.parseMap(changes)
        .withFallback(
            ConfigFactory.parseMap(
                Map.of("parley.cluster.port", 0, "pekko.cluster.jmx.enabled", "off")))
        .withFallback(ConfigFactory.parseResources("application.conf"))
        .withFallback(ConfigFactory.defaultReference())
        .resolve();
  }
}
