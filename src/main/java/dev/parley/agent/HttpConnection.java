package dev.parley.agent;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.event.NoLogging;
import org.apache.pekko.http.javadsl.ClientTransport;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;
import org.apache.pekko.http.javadsl.OutgoingConnectionBuilder;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.stream.javadsl.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Connections to one endpoint, a new one for each request: an answer may take minutes, a pool would
 * make others wait for it, and a stream that is cancelled must take its connection along. The name
 * is resolved and checked by {@link OutgoingAddress} and the address it gives is connected to; TLS
 * and the {@code Host} header keep the name. Pekko's own log is off, as it would show what the
 * other side sends, which may be our secret.
 */
final class HttpConnection {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

  private final HttpEndpoint endpoint;
  private final OutgoingAddress addresses;
  private final OutgoingConnectionBuilder builder;
  private final Executor blocking;

  /**
   * @param trust who vouches for the other side of https; null for what the JVM trusts
   */
  HttpConnection(
      ActorSystem<?> system,
      HttpEndpoint endpoint,
      OutgoingAddress addresses,
      @Nullable HttpsConnectionContext trust) {
    this.endpoint = endpoint;
    this.addresses = addresses;
    this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking())::execute;
    ClientConnectionSettings defaults = ClientConnectionSettings.create(system.classicSystem());
    OutgoingConnectionBuilder plain =
        Http.get(system)
            .connectionTo(endpoint.host())
            .toPort(endpoint.port())
            .logTo(NoLogging.getInstance())
            .withClientConnectionSettings(
                defaults
                    .withConnectingTimeout(CONNECT_LIMIT)
                    // The stall limit says when to give up.
                    .withIdleTimeout(scala.concurrent.duration.Duration.Inf())
                    .withParserSettings(
                        defaults.getParserSettings().withIllegalHeaderWarnings(false))
                    .withTransport(ClientTransport.withCustomResolver(this::resolve)));
    this.builder = trust == null ? plain : plain.withCustomHttpsConnectionContext(trust);
  }

  /** One connection for each run. Cancelling it closes the connection. */
  Flow<HttpRequest, HttpResponse, ?> open() {
    return endpoint.isSecure() ? builder.https() : builder.http();
  }

  private CompletionStage<InetSocketAddress> resolve(String host, Object port) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return new InetSocketAddress(addresses.resolve(endpoint.host()), endpoint.port());
          } catch (UnknownHostException e) {
            throw new CompletionException(e);
          }
        },
        blocking);
  }
}
