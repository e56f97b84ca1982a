package dev.parley;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;

/** The version of this program. */
final class Release {
  private Release() {}

  /**
   * The configuration with the version that the jar names, which other nodes see. Classes that were
   * not packed say none, and all nodes of them look alike.
   */
  static Config in(Config config) {
    String version = Release.class.getPackage().getImplementationVersion();
    return version == null
        ? config
        : ConfigFactory.parseMap(
                Map.of("pekko.cluster.app-version", version), "the version of the jar")
            .withFallback(config);
  }
}
