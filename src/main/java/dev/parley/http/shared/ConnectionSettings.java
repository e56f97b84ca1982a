package dev.parley.http.shared;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;

/**
 * How long a connection may wait for what.
 *
 * @param keepAlive for any byte, with or without a request under way
 * @param request for the headers of the next request, and then for its body, however little of them
 *     comes how often (web-runtime.md section 7)
 */
public record ConnectionSettings(Duration keepAlive, Duration request) {

  /**
   * @param config the section {@code parley.http} of {@code application.conf}
   * @throws ConfigException when a value is missing, of another kind or below 100 ms
   */
  public static ConnectionSettings of(Config config) {
    Duration request = config.getDuration("request-timeout");
    if (request.toMillis() < 100) {
      throw new ConfigException.BadValue(
          config.origin(), "parley.http.request-timeout", "must be at least 100ms");
    }
    return new ConnectionSettings(config.getDuration("keep-alive"), request);
  }
}
