package dev.parley;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueType;
import dev.parley.agent.Network;
import java.util.Arrays;
import java.util.List;

/** A setting that names networks: a list, or one text with commas. */
final class NetworkList {
  private NetworkList() {}

  /**
   * @param path below {@code parley}, which {@code config} is
   * @param variable the setting's environment variable
   * @throws ConfigurationException when one is no network
   */
  static List<Network> of(Config config, String path, String variable) {
    List<String> networks =
        config.getValue(path).valueType() == ConfigValueType.STRING
            ? Arrays.asList(config.getString(path).split(","))
            : config.getStringList(path);
    try {
      return networks.stream()
          .map(String::trim)
          .filter(network -> !network.isEmpty())
          .map(Network::parse)
          .toList();
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          "%s (parley.%s): %s".formatted(variable, path, e.getMessage()));
    }
  }
}
