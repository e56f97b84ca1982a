package dev.parley.http.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The settings as they are delivered. */
class SocketIoSettingsTest {
  private final Config config = ConfigFactory.defaultApplication().getConfig("parley.http");
  private final SocketIoSettings settings = SocketIoSettings.of(config.getConfig("socket-io"));

  @Test
  void they_are_those_that_clients_know_from_other_servers() {
    assertThat(settings.pingInterval()).isEqualTo(Duration.ofSeconds(25));
    assertThat(settings.pingTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(settings.maxPayload()).isEqualTo(1_000_000);
  }

  @Test
  void a_quiet_connection_is_pinged_before_the_http_server_closes_it() {
    assertThat(settings.pingInterval()).isLessThan(config.getDuration("keep-alive"));
  }
}
