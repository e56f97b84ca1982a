package dev.parley.agent;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.NotUsed;
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
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * Connections to one endpoint, a new one for each request: an answer may take minutes, a pool would
 * make others wait for it, and a stream that is cancelled must take its connection along. The name
 * is resolved and checked by {@link OutgoingAddress} and the address it gives is connected to; TLS
 * and the {@code Host} header keep the name. Pekko's own log is off, as it would show what the
 * other side sends, which may be our secret.
 */
final class HttpConnection {
  private static final Attributes SILENT =
      Attributes.createLogLevels(
          Attributes.logLevelOff(), Attributes.logLevelOff(), Attributes.logLevelOff());
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

  /**
   * The answer to the request, over a connection of its own for each run. The connection is closed
   * when the stream ends in any way. Pekko alone would keep it when the stream is cancelled before
   * the answer begins, therefore the request's side is made to fail then.
   */
  Source<HttpResponse, NotUsed> ask(HttpRequest request) {
    SharedKillSwitch connection = KillSwitches.shared("agent");
    return Source.single(request)
        // The request's side stays open: some servers take its end for the client's going.
        .concat(Source.never())
        .via(connection.flow())
        .via(endpoint.isSecure() ? builder.https() : builder.http())
        .addAttributes(SILENT)
        .watchTermination(
            (started, ended) -> {
              ended.whenComplete((done, failure) -> connection.abort(new ClosedException()));
              return NotUsed.getInstance();
            });
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

  /** The stream has ended, so the connection does. */
  private static final class ClosedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ClosedException() {
      super("the answer is not wanted any more", null, false, false);
    }
  }
}
