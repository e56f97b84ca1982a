package dev.parley;

import dev.parley.auth.Authenticator;
import dev.parley.entity.Conversations;
import dev.parley.entity.Sessions;
import dev.parley.entity.limit.Limits;
import dev.parley.http.messaging.AgentDirectory;
import dev.parley.http.messaging.ApiKey;
import dev.parley.http.messaging.MessagingFace;
import dev.parley.http.messaging.RateLimit;
import dev.parley.http.messaging.sockets.SocketFace;
import dev.parley.http.shared.ClientAddress;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.PurgeAtOnce;
import dev.parley.ops.Metrics;
import dev.parley.projection.SessionCatalog;
import dev.parley.session.TimeoutLimits;
import java.time.Clock;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The messaging face and its sockets, put together. */
final class MessagingParts {
  private static final Logger log = LoggerFactory.getLogger(MessagingParts.class);

  private MessagingParts() {}

  static MessagingFace face(
      Settings settings,
      ActorSystem<?> system,
      Exchanges exchanges,
      Sessions sessions,
      SessionCatalog catalog,
      Conversations conversations,
      AgentDirectory agents,
      Authenticator authenticator,
      PurgeAtOnce purges,
      TimeoutLimits timeouts,
      Limits limits,
      Metrics metrics,
      Clock clock) {
    MessagingSettings messaging = settings.messaging();
    ApiKey key = new ApiKey(messaging.apiKey());
    if (key.isOpen() && settings.isProduction()) {
      log.warn(
          "ELIZA_SERVER_AUTH_TOKEN (parley.messaging.api-key) is not set: /api/messaging and"
              + " /socket.io are open to everybody who reaches this port");
    }
    return new MessagingFace(
        system,
        exchanges,
        sessions,
        catalog,
        conversations,
        agents,
        authenticator,
        purges,
        new MessagingFace.Options(
            settings.environments().get(0).id(),
            key,
            rateLimit(settings, limits, "messaging"),
            messaging.maxPayload(),
            timeouts,
            messaging.headersWithin(),
            metrics::messagingRequest),
        clock);
  }

  /** The limit of requests of one address, for what has this name. */
  static RateLimit rateLimit(Settings settings, Limits limits, String name) {
    return new RateLimit(
        limits,
        name,
        settings.messaging().rateLimit(),
        settings.messaging().rateWindow(),
        new ClientAddress(settings.web().trustedProxies()));
  }

  static SocketFace sockets(
      Settings settings,
      ActorSystem<?> system,
      Exchanges exchanges,
      Sessions sessions,
      MessagingFace face,
      Clock clock) {
    return new SocketFace(
        system,
        exchanges,
        settings.socketIo(),
        new ApiKey(settings.messaging().apiKey()),
        sessions,
        face,
        clock);
  }
}
