package dev.parley;

import dev.parley.auth.Environment;
import dev.parley.journal.DatabaseAddress;
import dev.parley.ops.alerts.Alerts;
import dev.parley.ops.alerts.TelegramTarget;
import dev.parley.projection.clickhouse.ClickHouseAddress;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** Alerts of a server, which begin before anything can fail and tell of its start and its end. */
final class Alarms implements AutoCloseable {
  private final Alerts alerts;

  private Alarms(Alerts alerts) {
    this.alerts = alerts;
  }

  static Alarms start(Settings settings) {
    AlertSettings wanted = settings.alerts();
    Alerts alerts =
        Alerts.start(
            wanted.sentryDsn(),
            wanted.telegram(),
            wanted.policy(),
            tells(wanted) ? secrets(settings) : List.of(),
            settings.clusterAddress().host() + ":" + settings.httpAddress().port(),
            settings.isProduction() ? "production" : "development",
            Clock.systemUTC());
    alerts.event("The node starts");
    return new Alarms(alerts);
  }

  /** What a user has to say; whether there is anybody who is told. */
  boolean feedback(String userId, String text) {
    return alerts.feedback(userId, text);
  }

  private static boolean tells(AlertSettings wanted) {
    return wanted.sentryDsn().isPresent() || wanted.telegram().isPresent();
  }

  /** All that must not be told to anybody. */
  private static List<String> secrets(Settings settings) {
    List<String> secrets = new ArrayList<>();
    for (Environment environment : settings.environments()) {
      secrets.addAll(environment.secretKeys());
    }
    settings.databaseAddress().map(DatabaseAddress::password).ifPresent(secrets::add);
    settings.catalog().clickHouse().map(ClickHouseAddress::password).ifPresent(secrets::add);
    secrets.add(settings.messaging().apiKey());
    secrets.addAll(settings.web().secrets());
    secrets.add(settings.web().realtimeKey().key());
    settings.alerts().telegram().map(TelegramTarget::key).ifPresent(secrets::add);
    settings.alerts().sentryDsn().map(dsn -> URI.create(dsn).getUserInfo()).ifPresent(secrets::add);
    return secrets;
  }

  @Override
  public void close() throws InterruptedException {
    alerts.event("The node has stopped");
    alerts.close();
  }
}
