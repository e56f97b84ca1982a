package dev.parley;

import dev.parley.auth.Authenticator;
import dev.parley.auth.PasswordWork;
import dev.parley.auth.Passwords;
import dev.parley.auth.SignedIds;
import dev.parley.entity.Tenure;
import dev.parley.entity.account.Accounts;
import dev.parley.entity.account.Forgetting;
import dev.parley.entity.limit.Throttle;
import dev.parley.http.shared.ClientAddress;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.web.WebFace;
import dev.parley.http.web.WorkerKey;
import dev.parley.journal.PassedRows;
import dev.parley.ops.Health;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accounts and browser sessions of one node, put together. */
final class WebParts {
  private static final Logger log = LoggerFactory.getLogger(WebParts.class);

  /** Some id of a user; its entity is asked whether accounts answer. */
  private static final String PROBE = "00000000-0000-8000-8000-000000000000";

  /** Each waits for 4 s, as long as a shard may take to be found a place. */
  private static final int FIRST_ASKS = 15;

  private final Settings settings;
  private final Clock clock;
  private final Accounts accounts;
  private final Throttle throttle;
  private final PasswordWork passwords;

  private WebParts(ActorSystem<?> system, Settings settings, Clock clock, Tenure tenure) {
    this.settings = settings;
    this.clock = clock;
    this.accounts = Accounts.start(system, clock, tenure, settings.web().handOffPrefix());
    this.throttle = Throttle.start(system, clock);
    this.passwords =
        new PasswordWork(
            new Passwords(), Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
  }

  /**
   * Joins this node to those that keep accounts. To be called once for each system.
   *
   * @param rows where ended sessions are forgotten
   */
  static WebParts start(
      ActorSystem<?> system, Settings settings, Clock clock, Tenure tenure, PassedRows rows) {
    WebParts parts = new WebParts(system, settings, clock, tenure);
    // Requests under way may need it until then.
    system.getWhenTerminated().thenRun(parts.passwords::close);
    Forgetting.start(system, rows, settings.web().cookieTimeToLive());
    parts.remark();
    return parts;
  }

  private void remark() {
    List<String> ignored = settings.web().ignored();
    if (!ignored.isEmpty()) {
      log.info(
          "{} set and ignored: browser sessions are kept in the journal, not in Redis",
          String.join(", ", ignored));
    }
    if (settings.web().isSecretGenerated() && !settings.seedNodes().isEmpty()) {
      log.warn(
          "SESSION_SECRET (parley.web.session.secret) is not set, so each node signs cookies with a"
              + " secret of its own and takes no other's; set the same on all nodes");
    }
  }

  /** The face. */
  WebFace face(Exchanges exchanges, Authenticator authenticator, Health health, Alarms alarms) {
    WebSettings web = settings.web();
    return new WebFace(
        exchanges,
        accounts,
        throttle,
        passwords,
        new WebFace.Options(
            new SignedIds(web.secrets()),
            web.cookie(),
            settings.publicUrl().orElse(null),
            new ClientAddress(web.trustedProxies()),
            new WorkerKey(web.realtimeKey(), authenticator, settings.environments().get(0).id()),
            alarms::feedback),
        () -> health.get().thenApply(Health.Report::failing),
        clock);
  }

  /** A sign of life of what lives in a shard. */
  CompletionStage<Void> answer() {
    return accounts.user(PROBE).thenAccept(reply -> {});
  }

  /** Completes when accounts can be asked without waiting for their shards. */
  CompletionStage<Void> ready() {
    return ready(FIRST_ASKS);
  }

  private CompletionStage<Void> ready(int asks) {
    return CompletableFuture.allOf(
            accounts.user(PROBE).toCompletableFuture(),
            throttle.attempt("ready", 1, Duration.ofMillis(1)).toCompletableFuture())
        .exceptionallyCompose(
            failure -> asks > 1 ? ready(asks - 1) : CompletableFuture.failedFuture(failure));
  }
}
