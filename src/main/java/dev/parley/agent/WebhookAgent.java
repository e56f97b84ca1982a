package dev.parley.agent;

import java.time.Clock;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Posts each message with its context to an endpoint, signed. {@value #DELIVERY} is the message's
 * id, the same in every try, so that the receiver answers a repetition with what it has.
 */
final class WebhookAgent implements Agent {
  static final String DELIVERY = "X-Parley-Delivery";

  private final String agentId;
  private final AgentKind.Webhook kind;
  private final Secret secret;
  private final HttpExchange exchange;
  private final Clock clock;

  WebhookAgent(
      String agentId, AgentKind.Webhook kind, Secret secret, HttpExchange exchange, Clock clock) {
    this.agentId = agentId;
    this.kind = kind;
    this.secret = secret;
    this.exchange = exchange;
    this.clock = clock;
  }

  @Override
  public Source<AgentOutput, NotUsed> answer(Turn turn) {
    byte[] body = AgentJson.bytes(AgentJson.turn(agentId, turn, kind.history()));
    return exchange.send(() -> request(turn.message().id(), body), new WebhookFormat());
  }

  /** Signed anew for each try, so that its time is true. */
  private HttpRequest request(String delivery, byte[] body) {
    return HttpExchange.post(kind.endpoint().target(""), body)
        .addHeader(
            RawHeader.create("Accept", "application/json, text/event-stream, application/x-ndjson"))
        .addHeader(RawHeader.create(DELIVERY, delivery))
        .addHeader(
            RawHeader.create(
                WebhookSignature.HEADER, WebhookSignature.of(body, clock.instant(), secret)));
  }
}
