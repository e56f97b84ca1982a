package dev.parley;

import dev.parley.agent.AgentForm;
import dev.parley.agent.AgentTurns;
import dev.parley.agent.Agents;
import dev.parley.agent.AttachedWorkers;
import dev.parley.agent.ConversationForm;
import dev.parley.agent.SignedPosts;
import dev.parley.agent.attached.AttachedAgents;
import dev.parley.agent.registry.RegisteredAgents;
import dev.parley.auth.Authenticator;
import dev.parley.auth.Environment;
import dev.parley.auth.Environments;
import dev.parley.auth.PublicTokens;
import dev.parley.auth.StreamCredentials;
import dev.parley.entity.Conversations;
import dev.parley.entity.DueWorkers;
import dev.parley.entity.PurgeWorker;
import dev.parley.entity.Sessions;
import dev.parley.entity.TestClock;
import dev.parley.entity.TimeTravel;
import dev.parley.entity.limit.Limits;
import dev.parley.entity.webchat.StoredWebchats;
import dev.parley.entity.webchat.Webchats;
import dev.parley.http.HttpServer;
import dev.parley.http.admin.ProjectionRoutes;
import dev.parley.http.agents.AgentRoutes;
import dev.parley.http.agents.WorkerRoutes;
import dev.parley.http.channels.ChannelRoutes;
import dev.parley.http.clock.ClockRoutes;
import dev.parley.http.docs.DocsFace;
import dev.parley.http.messaging.AgentDirectory;
import dev.parley.http.messaging.MessagingFace;
import dev.parley.http.s2.S2Routes;
import dev.parley.http.sessions.PurgeRoutes;
import dev.parley.http.sessions.SessionRoutes;
import dev.parley.http.sessions.TokenRoutes;
import dev.parley.http.sessions.WaitpointCallbacks;
import dev.parley.http.sessions.WaitpointRoutes;
import dev.parley.http.sessions.WaitpointTokenRoutes;
import dev.parley.http.shared.ConnectionSettings;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.Outgoing;
import dev.parley.http.shared.PublicOrigin;
import dev.parley.http.shared.PurgeAtOnce;
import dev.parley.http.shared.SecurityHeaders;
import dev.parley.http.uploads.BearerAccess;
import dev.parley.http.uploads.BrowserAccess;
import dev.parley.http.uploads.UploadAccess;
import dev.parley.http.web.WebFace;
import dev.parley.journal.ChannelJournal;
import dev.parley.journal.Database;
import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.DatabaseException;
import dev.parley.journal.DueIndex;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.Erasure;
import dev.parley.journal.Incarnation;
import dev.parley.journal.JournalSpace;
import dev.parley.journal.MessageJournal;
import dev.parley.journal.PassedRows;
import dev.parley.journal.SessionHistory;
import dev.parley.journal.WebRows;
import dev.parley.ops.Health;
import dev.parley.ops.HealthRoutes;
import dev.parley.ops.LivingSessions;
import dev.parley.ops.Metrics;
import dev.parley.ops.MetricsRoutes;
import dev.parley.ops.Readiness;
import dev.parley.ops.Shutdown;
import dev.parley.ops.doctor.DoctorRoutes;
import dev.parley.projection.SessionCatalog;
import dev.parley.session.Channel;
import dev.parley.session.SessionId;
import dev.parley.session.TimeoutEnvironment;
import dev.parley.storage.FileStore;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node: the rooms put together, started in order and stopped in the opposite one. */
final class Server implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Server.class);
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Settings settings;
  private final Shutdown shutdown;
  private final CompletableFuture<Void> lost = new CompletableFuture<>();
  private int port;
  private @Nullable Sessions sessions;
  private @Nullable AttachedAgents attached;

  private Server(Settings settings) {
    this.settings = settings;
    this.shutdown = new Shutdown(settings.shutdown());
  }

  /** Starts everything and returns when requests are served; on failure nothing is left running. */
  static Server start(Settings settings) throws Exception {
    return start(settings, Watching.start(settings));
  }

  /** Likewise, watched by somebody in particular. */
  static Server start(Settings settings, Watching watching) throws Exception {
    Server server = new Server(settings);
    try {
      server.open(server.keep(watching));
      return server;
    } catch (Exception e) {
      // What users can mend is told to them alone; the rest while there is somebody to tell it to.
      if (!(e instanceof ConfigurationException || e instanceof DatabaseException)) {
        log.error("The server could not be started", e);
      }
      server.close();
      throw e;
    }
  }

  private void open(Watching watching) throws Exception {
    // A node that joins and can't serve would only be in the others' way.
    settings.httpAddress().tryOut();
    Alarms alarms = keep(Alarms.start(settings));
    Incarnation incarnation = Incarnation.begin();
    DatabaseAddress storage = incarnation.mark(databaseAddress());
    Database database =
        keep(Database.open(storage, settings.readConnections(), settings.databasePatience()));
    Node node = keep(Node.start(settings, storage, database, incarnation, watching.tracing()));
    ActorSystem<Void> system = node.system();
    node.lost().thenRun(() -> lost.complete(null));
    Executor jdbc =
        system
                .dispatchers()
                .lookup(DispatcherSelector.fromConfig("pekko.actor.parley-jdbc-dispatcher"))
            ::execute;
    // To the millisecond, as everything is stored: what is answered is what is found again later.
    Clock real = Clock.tickMillis(ZoneOffset.UTC);
    TestClock testClock = settings.testClock() ? new TestClock(real) : null;
    Clock clock = testClock == null ? real : testClock;

    Environments environments = new Environments(settings.environments());
    String environmentId = environments.all().get(0).id();
    AgentForm agentForm = settings.agentForm();
    RegisteredAgents registry =
        RegisteredAgents.start(
            system,
            settings.agents(),
            agentForm.networks(),
            environments.all().stream().map(Environment::id).toList());
    // Before the first session looks for its agent.
    await(registry.loaded(), START_LIMIT);
    Agents agents = new Agents(system, Clock.systemUTC(), System::getenv);
    AttachedAgents workers = AttachedAgents.start(system, clock);
    attached = workers;
    MessageJournal messages = new MessageJournal(database.dataSource(), jdbc);
    Metrics metrics = watching.metrics();
    ChannelJournal journal = new ChannelJournal(database.dataSource(), jdbc);
    SignedPosts posts =
        new SignedPosts(
            system, settings.callbackNetworks(), settings.callbackTimeLimit(), Clock.systemUTC());
    sessions =
        Sessions.start(
            system,
            settings.entity(),
            settings.callbacks(),
            clock,
            node.tenure(),
            journal,
            new JournalSpace(database.dataSource(), jdbc),
            new ConversationForm(),
            metrics,
            started ->
                new AgentTurns(
                    system,
                    started,
                    new Conversations(started, messages),
                    registry,
                    agents,
                    workers),
            started -> new WaitpointCallbacks(system, started, posts, environments));
    Conversations conversations = new Conversations(sessions, messages);
    Catalogs catalogs = Catalogs.start(system, settings, database, jdbc, real);
    SessionCatalog catalog = catalogs.catalog();
    // Rows are dated by the journal, which knows no test clock.
    PurgeWorker.start(system, "purges", new Erasure(database.dataSource(), jdbc, real)::work);
    FileStore files = Uploads.store(settings, database, jdbc);
    PurgeWorker.start(system, "files", files::clear);
    DueIndex dueIndex = new DueIndex(database.dataSource(), jdbc);
    DueWorkers.start(system, sessions, dueIndex, clock);

    PassedRows passed = new PassedRows(database.dataSource(), jdbc, real);
    WebParts web = WebParts.start(system, settings, clock, node.tenure(), passed);
    PublicTokens tokens = new PublicTokens(clock);
    PublicOrigin origin = new PublicOrigin(settings.publicUrl().orElse(null));
    SecurityHeaders security = new SecurityHeaders(settings.isProduction() && origin.isHttps());
    ConnectionSettings times = settings.connections();
    Outgoing outgoing = new Outgoing(times.keepAlive(), shutdown::hasBegun, security, metrics);
    Exchanges exchanges = new Exchanges(system, outgoing, sessions.leaving(), times.request());
    Authenticator authenticator = new Authenticator(environments, clock);
    Endpoints endpoints = new Endpoints(exchanges, authenticator);
    PurgeAtOnce purges = new PurgeAtOnce(system, sessions, catalogs.traces());
    StreamCredentials credentials = new StreamCredentials(environments, clock);
    TimeoutEnvironment timeouts = settings.timeouts();
    timeouts.remarks().forEach(log::warn);
    Limits limits = Limits.start(system, clock);
    MessagingFace messaging =
        MessagingParts.face(
            settings,
            system,
            exchanges,
            sessions,
            catalog,
            conversations,
            AgentDirectory.of(registry, workers, environmentId),
            authenticator,
            purges,
            timeouts.limits(),
            limits,
            metrics,
            clock);
    Readiness readiness = new Readiness(system.classicSystem());
    Health health = catalogs.health(database.dataSource(), jdbc, readiness::isMember, web::answer);
    WebFace browsers = web.face(exchanges, authenticator, health, alarms);
    Webchats webchats =
        Webchats.start(system, environmentId, node.tenure(), settings.webchat().events());
    WebRows webRows = new WebRows(database.dataSource(), jdbc, real);
    Route routes =
        Directives.concat(
            new ChannelRoutes(endpoints, sessions, credentials, origin, clock).routes(),
            new WaitpointRoutes(endpoints, sessions, posts, tokens, origin, clock).routes(),
            new WaitpointTokenRoutes(system, endpoints, sessions, origin).routes(),
            new S2Routes(system, exchanges, credentials, sessions, clock).routes(),
            new PurgeRoutes(endpoints, purges).routes(),
            new SessionRoutes(
                    endpoints, sessions, catalog, tokens, timeouts.limits(), registry, clock)
                .routes(),
            TransferParts.routes(system, endpoints, sessions, catalog, database, jdbc, clock),
            new TokenRoutes(endpoints, tokens, clock).routes(),
            new AgentRoutes(endpoints, registry, agentForm).routes(),
            new WorkerRoutes(endpoints, registry, attached).routes(),
            messaging.routes(),
            MessagingParts.sockets(settings, system, exchanges, sessions, messaging, clock)
                .routes(),
            new WebchatFaces(settings, browsers)
                .routes(
                    system,
                    exchanges,
                    endpoints,
                    authenticator,
                    webchats,
                    sessions,
                    messaging,
                    limits,
                    origin,
                    clock),
            new ProjectionRoutes(endpoints, catalogs.projections()).routes(),
            ConsoleParts.routes(
                system,
                exchanges,
                endpoints,
                sessions,
                new SessionHistory(database.dataSource(), jdbc)),
            Uploads.routes(
                system,
                exchanges,
                UploadAccess.firstOf(
                    List.of(
                        new BearerAccess(authenticator, sessions, clock),
                        new BrowserAccess(browsers.login(), sessions, clock, environmentId))),
                browsers,
                files,
                origin,
                settings),
            new DoctorRoutes(
                    endpoints,
                    Examinations.live(
                        settings,
                        storage,
                        jdbc,
                        catalogs.clickHouse(),
                        () -> registry.now(environmentId),
                        agents::model,
                        webRows,
                        new StoredWebchats(
                            webRows,
                            webchats,
                            environmentId,
                            settings.webchat().events().keySet())))
                .routes(),
            new MetricsRoutes(
                    endpoints,
                    metrics,
                    new LivingSessions(environments, catalog, clock),
                    catalogs.projections()::status,
                    watching.watch(system, database, sessions, settings))
                .routes(),
            browsers.routes(),
            new DocsFace(exchanges, system.executionContext()::execute).routes(),
            new HealthRoutes(
                    exchanges,
                    health,
                    settings.isProduction(),
                    settings.web().cookieTimeToLive(),
                    readiness::isReady,
                    real)
                .routes());
    if (testClock != null) {
      TimeTravel time =
          sessions.timeTravel(testClock, dueIndex, system.executionContext()::execute);
      routes = Directives.concat(routes, new ClockRoutes(endpoints, time).routes());
    }
    // Asked together, since each waits for the same coordinator.
    CompletionStage<?> others = limits.ready().thenCombine(web.ready(), (limited, known) -> known);
    SessionId probe = SessionId.random(environmentId);
    Sessions started = sessions;
    FirstAnswer.await(() -> started.inspect(probe, Channel.IN), START_LIMIT);
    FirstAnswer.await(webchats::ready, START_LIMIT);
    await(others, START_LIMIT);
    HttpServer http = new HttpServer(system, routes, outgoing, times.request());
    ListenAddress address = settings.httpAddress();
    ServerBinding binding =
        address.with(() -> await(http.bind(address.host(), address.port()), START_LIMIT));
    shutdown.add(system, binding, sessions.leaving());
    ManagementPort.open(system, settings);
    port = binding.localAddress().getPort();
  }

  /** Completes when this node is none of the cluster any more, and serves nothing then. */
  CompletionStage<Void> lost() {
    return lost;
  }

  /** The port that is served. */
  int port() {
    return port;
  }

  /** The sessions as the faces of a started server see them. */
  Sessions sessions() {
    return Objects.requireNonNull(sessions, "not started");
  }

  /** The workers of attached agents, as the owners of turns see them. */
  AttachedWorkers workers() {
    return Objects.requireNonNull(attached, "not started");
  }

  private DatabaseAddress databaseAddress() {
    return settings
        .databaseAddress()
        .orElseGet(() -> keep(EmbeddedPostgres.start(settings.dataDirectory())).address());
  }

  private static <T> T await(CompletionStage<T> stage, Duration limit) throws Exception {
    try {
      return stage.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  private <T extends AutoCloseable> T keep(T resource) {
    opened.add(resource);
    return resource;
  }

  /** Stops in the opposite order; what fails to stop is reported and does not keep the rest. */
  @Override
  public synchronized void close() {
    Collections.reverse(opened);
    for (AutoCloseable resource : opened) {
      try {
        resource.close();
      } catch (Exception e) {
        log.warn("A part of the server did not stop properly", e);
      }
    }
    opened.clear();
  }
}
