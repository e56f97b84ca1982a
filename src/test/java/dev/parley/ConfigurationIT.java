package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the packaged server says about its settings, and with which exit code. */
class ConfigurationIT {
  private static final int CONFIGURATION_ERROR = 2;
  private static final Pattern SHOWN_KEY =
      Pattern.compile("Secret key \\(development\\): (tr_dev_sk_[0-9a-zA-Z]{24}), kept in (.+)\n");

  @TempDir Path directory;

  private static Stream<Arguments> wrongSettings() {
    return Stream.of(
        Arguments.of(
            Map.of("PARLEY_ENV", "production", "PARLEY_SECRET_KEY", ""),
            "PARLEY_SECRET_KEY (parley.secret-key) is not set; production needs one"),
        Arguments.of(
            Map.of("PARLEY_ENV", "production", "PARLEY_SECRET_KEY", "k", "PARLEY_TEST_CLOCK", "on"),
            "PARLEY_TEST_CLOCK (parley.test-clock) is on; it is refused in production"),
        Arguments.of(
            Map.of("NODE_ENV", "production", "PARLEY_SECRET_KEY", "k", "SESSION_SECRET", ""),
            "SESSION_SECRET (parley.web.session.secret) is not set; production needs one"),
        Arguments.of(
            Map.of("COOKIE_TTL", "soon"),
            "COOKIE_TTL (parley.web.session.ttl) is 'soon'; it must be a number of milliseconds"),
        Arguments.of(Map.of("PARLEY_SHUTDOWN_DELAY", "soon"), "The configuration can't be read: "),
        Arguments.of(
            Map.of("PARLEY_ENV", "staging"),
            "PARLEY_ENV (parley.env) is 'staging'; it must be development or production"),
        Arguments.of(
            Map.of("PARLEY_HTTP_PORT", "eighty"),
            "PARLEY_HTTP_PORT (parley.http.port) is 'eighty'; a port is a whole number from 0 to"),
        Arguments.of(
            Map.of("PARLEY_HTTP_PORT", "70000"),
            "PARLEY_HTTP_PORT (parley.http.port) is '70000'; a port is a whole number from 0 to"),
        Arguments.of(
            Map.of("PARLEY_DATABASE_URL", "mysql://parley:geheim@db/parley"),
            "PARLEY_DATABASE_URL (parley.database-url) can't be used: A database address starts"),
        Arguments.of(
            Map.of("PARLEY_DATABASE_URL", "postgresql://parley:geheim@db:x/parley"),
            "PARLEY_DATABASE_URL (parley.database-url) can't be used: The port of the database"),
        Arguments.of(
            Map.of("PARLEY_DATABASE_URL", "postgresql://parley:geheim%zz@db/parley"),
            "PARLEY_DATABASE_URL (parley.database-url) can't be used: The password of the"));
  }

  @ParameterizedTest
  @MethodSource("wrongSettings")
  void a_wrong_setting_is_named_with_its_remedy_and_ends_the_start(
      Map<String, String> environment, String text) {
    try (ParleyProcess server = ParleyProcess.refused(directory, environment)) {
      assertThat(server.exitCode()).isEqualTo(CONFIGURATION_ERROR);
      assertThat(server.stderr()).startsWith(text).doesNotContain("geheim", "\tat ");
      assertThat(server.stderr().lines()).hasSize(1);
      assertThat(server.stdout()).isEmpty();
    }
  }

  @Test
  void a_port_that_is_taken_is_named_and_nothing_stays_behind() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        ParleyProcess server =
            ParleyProcess.refused(
                directory, Map.of("PARLEY_HTTP_PORT", Integer.toString(other.getLocalPort())))) {
      assertThat(server.exitCode()).isEqualTo(CONFIGURATION_ERROR);
      assertThat(server.stderr())
          .contains(
              "PARLEY_HTTP_HOST and PARLEY_HTTP_PORT (parley.http): can't listen on 127.0.0.1:"
                  + other.getLocalPort()
                  + ": Address already in use. Stop the program that uses it, or choose another")
          .doesNotContain("\tat ");
      assertThat(server.stdout()).isEmpty();
      assertThat(directory.resolve("postgres").resolve("postmaster.pid")).doesNotExist();
    }
  }

  @Test
  void a_taken_cluster_port_is_named_as_well() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
        ParleyProcess server =
            ParleyProcess.refused(
                directory, Map.of("PARLEY_CLUSTER_PORT", Integer.toString(other.getLocalPort())))) {
      assertThat(server.exitCode()).isEqualTo(CONFIGURATION_ERROR);
      assertThat(server.stderr())
          .contains("PARLEY_CLUSTER_HOST and PARLEY_CLUSTER_PORT (parley.cluster): can't listen on")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void a_second_server_on_a_data_directory_is_refused_while_the_first_keeps_serving()
      throws Exception {
    Map<String, String> environment =
        Map.of("PARLEY_SECRET_KEY", ParleyProcess.SECRET_KEY, "REDIS_SESSION_HOST", "redis");
    try (ParleyProcess first = ParleyProcess.start(directory, environment);
        ParleyProcess second = ParleyProcess.refused(directory, Map.of())) {
      assertThat(second.exitCode()).isEqualTo(CONFIGURATION_ERROR);
      assertThat(second.stderr())
          .startsWith("The data directory " + directory.toRealPath() + " is in use by another")
          .contains("Stop that one, or give this one a data directory of its own");
      assertThat(listStatus(first, ParleyProcess.SECRET_KEY)).isEqualTo(200);
      first.terminate();
      assertThat(first.stdout()).isEqualTo("Parley ready on " + first.baseUrl() + "\n");
      assertThat(first.stderr())
          .contains("REDIS_SESSION_HOST set and ignored: browser sessions are kept in the journal")
          .doesNotContain(ParleyProcess.SECRET_KEY, "Secret key");
    }
  }

  @Test
  void a_generated_secret_key_is_shown_at_each_start_and_kept_for_its_owner_alone()
      throws Exception {
    try (ParleyProcess server = ParleyProcess.start(directory, Map.of())) {
      Matcher shown = SHOWN_KEY.matcher(server.stderr());
      assertThat(shown.find()).as(server.stderr()).isTrue();
      String key = shown.group(1);
      Path file = Path.of(shown.group(2));
      assertThat(file).hasContent(key);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(listStatus(server, key)).isEqualTo(200);
      assertThat(listStatus(server, key + "x")).isEqualTo(401);
      server.terminate();
      assertThat(server.stdout()).isEqualTo("Parley ready on " + server.baseUrl() + "\n");

      server.restart();
      assertThat(server.stderr()).contains(shown.group());
      assertThat(listStatus(server, key)).isEqualTo(200);
    }
  }

  private static int listStatus(ParleyProcess server, String key) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.baseUrl() + "/api/v1/sessions"))
            .header("Authorization", "Bearer " + key)
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }
}
