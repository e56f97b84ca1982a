package dev.parley.agent;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Sink;

/**
 * Posts documents to URLs that clients have given, signed as {@link WebhookAgent} signs: {@code
 * X-Parley-Signature} with the time of the try, {@code X-Parley-Delivery} with an id that is the
 * same in every try. Each has a connection of its own and is over with the answer's status: its
 * body is not read, and a redirect is not followed.
 */
public final class SignedPosts {
  private final ActorSystem<?> system;
  private final List<Network> allowed;
  private final OutgoingAddress addresses;
  private final Duration timeLimit;
  private final Clock clock;

  /**
   * @param allowed networks that may be used although they are not public
   * @param timeLimit for connecting, sending and the answer's status together
   * @param clock what signatures show as their time; the other side compares it with its own
   */
  public SignedPosts(
      ActorSystem<?> system, List<Network> allowed, Duration timeLimit, Clock clock) {
    this.system = system;
    this.allowed = List.copyOf(allowed);
    this.addresses = new OutgoingAddress(this.allowed);
    this.timeLimit = timeLimit;
    this.clock = clock;
  }

  /**
   * Why nothing can be posted to the URL, for the one who gave it; empty when it is worth trying. A
   * name is resolved with each try only, a literal address is checked here, too.
   */
  public Optional<String> problem(String url) {
    try {
      return literal(HttpEndpoint.of(url, allowed).host())
          .flatMap(addresses::refusal)
          .map(what -> "the address is " + what + " and may not be used");
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<InetAddress> literal(String host) {
    try {
      return Optional.of(Network.parse(host).prefix());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * The status of the answer. Fails with {@link RefusedAddressException}, or otherwise when there
   * is no answer in time; the texts of failures show no more of the URL than its host.
   *
   * @param url without a {@link #problem}
   * @param delivery by which the receiver knows a repetition
   * @param secret whose UTF-8 bytes are the key of the signature
   */
  public CompletionStage<Integer> post(String url, String delivery, byte[] json, String secret) {
    HttpEndpoint endpoint = HttpEndpoint.of(url, allowed);
    return new HttpConnection(system, endpoint, addresses, null)
        .ask(
            HttpExchange.post(endpoint.target(""), json)
                .addHeader(RawHeader.create(WebhookAgent.DELIVERY, delivery))
                .addHeader(
                    RawHeader.create(
                        WebhookSignature.HEADER,
                        WebhookSignature.of(json, clock.instant(), secret))))
        .map(SignedPosts::status)
        .completionTimeout(timeLimit)
        .runWith(Sink.head(), system);
  }

  private static int status(HttpResponse response) {
    return response.status().intValue();
  }
}
