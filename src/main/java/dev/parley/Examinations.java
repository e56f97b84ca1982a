package dev.parley;

import dev.parley.agent.AgentKind;
import dev.parley.agent.AgentSnapshot;
import dev.parley.agent.ModelState;
import dev.parley.entity.webchat.StoredWebchats;
import dev.parley.http.web.SessionCookie;
import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.WebRows;
import dev.parley.ops.alerts.TelegramTarget;
import dev.parley.ops.doctor.AgentsExamination;
import dev.parley.ops.doctor.Check;
import dev.parley.ops.doctor.ClickHouseExamination;
import dev.parley.ops.doctor.ClusterExamination;
import dev.parley.ops.doctor.DatabaseExamination;
import dev.parley.ops.doctor.Doctor;
import dev.parley.ops.doctor.Examination;
import dev.parley.ops.doctor.HandOffsExamination;
import dev.parley.ops.doctor.MachineExamination;
import dev.parley.ops.doctor.ModelsExamination;
import dev.parley.ops.doctor.OrganizationsExamination;
import dev.parley.ops.doctor.SecretKeys;
import dev.parley.ops.doctor.WebExamination;
import dev.parley.projection.clickhouse.ClickHouse;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the doctor looks at (web-runtime.md section 9). */
final class Examinations {
  /** How long a hand-off waits for its worker (web-runtime.md section 6). */
  private static final Duration HAND_OFF_WAITS = Duration.ofMinutes(20);

  private Examinations() {}

  /**
   * In a server.
   *
   * @param blocking runs what blocks
   * @param clickHouse null when none is configured
   * @param models whether an endpoint still has its model
   * @param rows the hand-offs in the journal
   * @param webchats those of the first environment
   */
  static Doctor live(
      Settings settings,
      DatabaseAddress database,
      Executor blocking,
      @Nullable ClickHouse clickHouse,
      Supplier<AgentSnapshot> agents,
      Function<AgentKind.OpenAi, CompletionStage<ModelState>> models,
      WebRows rows,
      StoredWebchats webchats) {
    List<Examination> all = new ArrayList<>();
    all.add(configuration(settings));
    all.add(
        Examination.of(
            SecretKeys.NAME, new SecretKeys(settings.environments(), settings.isProduction())));
    all.add(
        Examination.on(
            blocking,
            DatabaseExamination.NAME,
            new DatabaseExamination(database, Clock.systemUTC(), true)));
    all.add(
        Examination.on(
            blocking,
            ClusterExamination.NAME,
            new ClusterExamination(settings.seedNodes(), database, Clock.systemUTC())));
    all.add(new ClickHouseExamination(clickHouse));
    all.addAll(common(settings));
    all.add(new AgentsExamination(agents, () -> agentsOf(webchats), System::getenv));
    all.add(new ModelsExamination(agents, models));
    all.add(new HandOffsExamination(() -> rows.handOffs(Duration.ofDays(1), HAND_OFF_WAITS)));
    all.add(
        new OrganizationsExamination(
            webchats::organizations,
            settings.isProduction(),
            settings.webchat().proxyDomain().isPresent()));
    return new Doctor(all);
  }

  private static CompletionStage<Map<String, String>> agentsOf(StoredWebchats webchats) {
    return webchats
        .published()
        .thenApply(
            published ->
                published.entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, one -> one.getValue().agentId())));
  }

  /** Everywhere. */
  static List<Examination> common(Settings settings) {
    return List.of(
        Examination.of(MachineExamination.NAME, new MachineExamination(settings.dataDirectory())),
        Examination.of(WebExamination.NAME, web(settings)),
        Examination.of("alerts", () -> List.of(sentry(settings), telegram(settings))));
  }

  private static WebExamination web(Settings settings) {
    SessionCookie cookie = settings.web().cookie();
    return new WebExamination(
        settings.publicUrl().orElse(null),
        settings.isProduction(),
        cookie.timeToLive(),
        cookie.domain(),
        settings.webchat().apiDomain().orElse(null),
        settings.webchat().proxyDomain().orElse(null));
  }

  static Examination configuration(Settings settings) {
    String value =
        (settings.isProduction() ? "production" : "development")
            + ", data in "
            + settings.dataDirectory()
            + ", files in "
            + (settings.storage().inDirectory()
                ? settings.storage().directory().toString()
                : "the database");
    return Examination.of("configuration", () -> List.of(Check.ok("configuration", value)));
  }

  private static Check sentry(Settings settings) {
    String name = "sentry";
    return settings
        .alerts()
        .sentryDsn()
        .map(dsn -> Check.ok(name, "errors go to " + URI.create(dsn).getHost()))
        .orElseGet(() -> Check.ok(name, "not configured (SENTRY_DSN)"));
  }

  private static Check telegram(Settings settings) {
    String name = "telegram";
    Optional<TelegramTarget> target = settings.alerts().telegram();
    return target
        .map(
            chat -> Check.ok(name, "errors go to " + chat + ", threads " + chat.threads().keySet()))
        .orElseGet(
            () -> Check.ok(name, "not configured (TELEGRAM_BOT_API_KEY and TELEGRAM_CHAT_ID)"));
  }
}
