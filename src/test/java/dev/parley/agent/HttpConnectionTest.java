package dev.parley.agent;

import static dev.parley.agent.AgentFixture.LIMITS;
import static dev.parley.agent.AgentFixture.LOOPBACK;
import static dev.parley.agent.AgentFixture.completed;
import static dev.parley.agent.AgentFixture.failed;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Whom the server really connects to, and what it tells others about it. */
@Timeout(60)
class HttpConnectionTest {
  private static final StandIn.Script OK =
      exchange -> exchange.answer(200, "application/json", "{\"text\":\"ok\"}");
  private static final AgentOutput NOT_PERMITTED =
      failed("The agent is at an address that is not permitted.", false);

  @RegisterExtension private static final AgentFixture fixture = new AgentFixture();

  @TempDir private static Path directory;

  private static Agent agent(
      String url,
      List<Network> allowed,
      OutgoingAddress.Resolver resolver,
      @Nullable HttpsConnectionContext trust) {
    AgentKind kind = new AgentKind.Webhook(HttpEndpoint.of(url, allowed), "SECRET", 0);
    return new Agents(
            fixture.system,
            Clock.systemUTC(),
            Map.of("SECRET", AgentFixture.SECRET)::get,
            networks -> new OutgoingAddress(networks, resolver),
            trust)
        .agent(AgentFixture.definition(kind, LIMITS));
  }

  private static InetAddress[] addresses(String... literals) {
    InetAddress[] addresses = new InetAddress[literals.length];
    for (int i = 0; i < literals.length; i++) {
      addresses[i] = Network.parse(literals[i]).prefix();
    }
    return addresses;
  }

  @Test
  void a_name_is_resolved_once_and_the_address_that_was_checked_is_used() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    // A second look at the name would find an address that is refused.
    OutgoingAddress.Resolver rebinding =
        host -> addresses(asked.getAndIncrement() == 0 ? "127.0.0.1" : "10.0.0.1");
    try (StandIn standIn = new StandIn(OK)) {
      String url = "http://agent.example:" + standIn.port() + "/";
      assertThat(fixture.outputs(agent(url, LOOPBACK, rebinding, null)))
          .containsExactly(completed("ok"));
      assertThat(asked).hasValue(1);
      assertThat(standIn.requests().get(0).headers())
          .containsEntry("host", "agent.example:" + standIn.port());
    }
  }

  @Test
  void a_second_try_is_checked_as_the_first_was() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    OutgoingAddress.Resolver rebinding =
        host -> addresses(asked.getAndIncrement() == 0 ? "127.0.0.1" : "10.0.0.1");
    try (StandIn standIn = new StandIn(exchange -> exchange.answer(503, "text/plain", ""), OK)) {
      String url = "http://agent.example:" + standIn.port() + "/";
      assertThat(fixture.outputs(agent(url, LOOPBACK, rebinding, null)))
          .containsExactly(NOT_PERMITTED);
      assertThat(standIn.requests()).hasSize(1);
    }
  }

  @Test
  void nobody_is_connected_to_at_an_address_that_is_not_permitted() throws Exception {
    try (StandIn standIn = new StandIn(OK)) {
      OutgoingAddress.Resolver real = InetAddress::getAllByName;
      assertThat(fixture.outputs(agent(standIn.url("/"), List.of(), real, null)))
          .containsExactly(NOT_PERMITTED);
      String mapped = "http://[::ffff:127.0.0.1]:" + standIn.port() + "/";
      assertThat(fixture.outputs(agent(mapped, List.of(), real, null)))
          .containsExactly(NOT_PERMITTED);
      assertThat(fixture.outputs(agent(mapped, LOOPBACK, real, null)))
          .containsExactly(completed("ok"));
      assertThat(standIn.requests()).hasSize(1);
    }
  }

  @Test
  void tls_is_with_the_name_and_not_with_the_address() throws Exception {
    OutgoingAddress.Resolver here = host -> addresses("127.0.0.1");
    KeyStore keys = keysOf("agent.example");
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, "changeit".toCharArray());
    TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
    trusted.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
    HttpsConnectionContext trust = ConnectionContext.httpsClient(context);
    try (StandIn standIn = new StandIn(context.getServerSocketFactory(), OK)) {
      String tail = ":" + standIn.port() + "/";
      assertThat(fixture.outputs(agent("https://agent.example" + tail, LOOPBACK, here, trust)))
          .containsExactly(completed("ok"));
      assertThat(fixture.outputs(agent("https://other.example" + tail, LOOPBACK, here, trust)))
          .containsExactly(failed("The agent can't be reached (tried 3 times).", true));
      assertThat(fixture.outputs(agent("https://agent.example" + tail, LOOPBACK, here, null)))
          .containsExactly(failed("The agent can't be reached (tried 3 times).", true));
      assertThat(standIn.requests()).hasSize(1);
    }
  }

  private static KeyStore keysOf(String host) throws Exception {
    Path file = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + host,
                "-ext",
                "san=dns:" + host,
                "-storepass",
                "changeit",
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    keytool.getInputStream().readAllBytes();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, "changeit".toCharArray());
    }
    keys.setCertificateEntry("ca", keys.getCertificate("a"));
    return keys;
  }

  static Stream<StandIn.Script> sendersOfSecrets() {
    String secret = AgentFixture.SECRET;
    return Stream.of(
        exchange -> exchange.send(secret + " 200 OK\r\n\r\n"),
        exchange -> exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + secret + "\r\n\r\n"),
        exchange -> exchange.stream("application/json").send(secret),
        exchange -> exchange.answer(200, "application/json", secret),
        exchange -> exchange.answer(200, "application/json", "{}", "Date: " + secret, "X y: z"),
        exchange -> exchange.answer(500, "application/json", secret, "Retry-After: " + secret),
        exchange -> exchange.answer(401, "application/json", secret, "Location: " + secret));
  }

  @ParameterizedTest
  @MethodSource("sendersOfSecrets")
  void a_secret_that_the_other_side_sends_back_is_shown_to_nobody(StandIn.Script script)
      throws Exception {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level before = root.getLevel();
    ListAppender<ILoggingEvent> shown = new ListAppender<>();
    shown.start();
    root.addAppender(shown);
    root.setLevel(Level.INFO);
    List<AgentOutput> outputs;
    try (StandIn standIn = new StandIn(script)) {
      outputs = fixture.outputs(agent(standIn.url("/"), LOOPBACK, InetAddress::getAllByName, null));
      assertThat(standIn.requests()).isNotEmpty();
      LoggerFactory.getLogger(HttpConnectionTest.class).info("the log is looked at");
    } finally {
      root.detachAppender(shown);
      root.setLevel(before);
    }
    assertThat(outputs).hasSize(1).allMatch(AgentOutput.Failed.class::isInstance);
    assertThat(outputs.toString()).doesNotContain("geheim");
    // Pekko's parser shows the beginning of what it does not understand in this way.
    String hex = HexFormat.ofDelimiter(" ").withUpperCase().formatHex(Cut.utf8("geheim"));
    assertThat(shown.list)
        .isNotEmpty()
        .allSatisfy(
            event -> {
              assertThat(event.getFormattedMessage()).doesNotContain("geheim", hex);
              assertThat(event.getThrowableProxy()).isNull();
            });
  }

  @Test
  void a_port_that_is_silent_is_not_a_server_that_answers() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      AgentLimits limits =
          new AgentLimits(Duration.ofSeconds(30), Duration.ofMillis(200), 1, Duration.ofMillis(1));
      AgentKind kind = AgentFixture.webhookAt("http://127.0.0.1:" + silent.getLocalPort() + "/");
      assertThat(fixture.outputs(fixture.agents().agent(AgentFixture.definition(kind, limits))))
          .containsExactly(failed("The agent has sent nothing for 0.2 s.", true));
    }
  }
}
