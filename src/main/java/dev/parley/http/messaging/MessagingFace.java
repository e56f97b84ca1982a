package dev.parley.http.messaging;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import dev.parley.auth.Authenticator;
import dev.parley.entity.Conversations;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.PurgeAtOnce;
import dev.parley.projection.SessionCatalog;
import dev.parley.session.TimeoutLimits;
import java.time.Clock;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;

/** This face put together: everything below {@code /api/messaging}. */
public final class MessagingFace {
  private static final PathMatcher0 ROOT = segment("api").slash("messaging");

  private final MessagingEndpoints endpoints;
  private final MessagingRoutes sessionRoutes;
  private final PurgeRoutes purgeRoutes;
  private final MessageRoutes messageRoutes;
  private final AgentDirectory agents;
  private final SessionDirectory directory;
  private final SessionCreation creation;
  private final MessageSending sending;

  /**
   * What the operator decides.
   *
   * @param environmentId the tenant of all sessions of this face
   * @param maxBody the largest body that is taken, in bytes
   * @param headersWithin when an answer over http takes longer, its response begins without it
   * @param meter hears of every answered request
   */
  public record Options(
      String environmentId,
      ApiKey key,
      RateLimit rateLimit,
      long maxBody,
      TimeoutLimits limits,
      Duration headersWithin,
      MessagingEndpoints.Meter meter) {}

  public MessagingFace(
      ActorSystem<?> system,
      Exchanges exchanges,
      Sessions sessions,
      SessionCatalog catalog,
      Conversations conversations,
      AgentDirectory agents,
      Authenticator authenticator,
      PurgeAtOnce purges,
      Options options,
      Clock clock) {
    this.agents = agents;
    Visitors visitors = new Visitors(authenticator, sessions, options.environmentId());
    this.endpoints =
        new MessagingEndpoints(
            exchanges,
            options.key(),
            visitors,
            options.rateLimit(),
            options.maxBody(),
            options.meter(),
            clock);
    this.directory = new SessionDirectory(sessions, options.environmentId(), clock);
    RecentSessions recent = new RecentSessions(System::nanoTime);
    LivingSessions living =
        new LivingSessions(system, sessions, catalog, recent, options.environmentId(), clock);
    this.creation =
        new SessionCreation(sessions, options.environmentId(), recent, agents, options.limits());
    this.sessionRoutes =
        new MessagingRoutes(
            endpoints, sessions, directory, living, recent, creation, options.limits(), clock);
    this.purgeRoutes =
        new PurgeRoutes(
            new MessagingEndpoints(
                exchanges,
                new ApiKey(""),
                visitors,
                options.rateLimit(),
                options.maxBody(),
                options.meter(),
                clock),
            authenticator,
            sessions,
            directory,
            recent,
            purges);
    this.sending = new MessageSending(system, sessions, directory, agents);
    this.messageRoutes =
        new MessageRoutes(
            endpoints,
            sessions,
            directory,
            sending,
            conversations,
            new AnswerTransports(system, sessions, options.headersWithin(), clock));
  }

  /** The agents of its sessions. */
  public AgentDirectory agents() {
    return agents;
  }

  /** The sessions of this face. */
  public SessionDirectory directory() {
    return directory;
  }

  /** Makes sessions for who comes by another way than a request to this face. */
  public SessionCreation creation() {
    return creation;
  }

  /** Takes messages that come by another way than a request to this face. */
  public MessageSending sending() {
    return sending;
  }

  public Route routes() {
    return concat(
        purgeRoutes.routes(),
        sessionRoutes.routes(),
        messageRoutes.routes(),
        path(ROOT, endpoints::unknownPath),
        pathPrefix(ROOT.slash(), endpoints::unknownPath));
  }
}
