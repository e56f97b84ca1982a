package dev.parley;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.parley.agent.AgentSnapshot;
import dev.parley.auth.SecretKeyFile;
import dev.parley.cli.LocalExamination;
import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.DatabaseException;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.ops.doctor.AgentsExamination;
import dev.parley.ops.doctor.Check;
import dev.parley.ops.doctor.ClickHouseExamination;
import dev.parley.ops.doctor.ClusterExamination;
import dev.parley.ops.doctor.DatabaseExamination;
import dev.parley.ops.doctor.Doctor;
import dev.parley.ops.doctor.DoctorRoutes;
import dev.parley.ops.doctor.Examination;
import dev.parley.ops.doctor.SecretKeys;
import dev.parley.projection.clickhouse.ClickHouse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The doctor where no server runs. It makes nothing that is not there: neither a key nor a
 * database; an embedded one that exists is started for the look and stopped again.
 */
final class LocalDoctor implements LocalExamination {
  @Override
  public ArrayNode checks() {
    return (ArrayNode) DoctorRoutes.document(examine()).get("checks");
  }

  private static List<Check> examine() {
    Settings settings;
    try {
      settings = Settings.load();
    } catch (ConfigurationException e) {
      return List.of(
          Check.fail(
              "configuration", "" + e.getMessage(), "Mend that setting; the rest is checked then"));
    }
    Optional<DatabaseAddress> external = settings.databaseAddress();
    if (external.isPresent()) {
      return examine(settings, database(external.get()), external.get());
    }
    if (!Files.exists(settings.dataDirectory().resolve("postgres").resolve("PG_VERSION"))) {
      Check none =
          Check.ok("database", "embedded PostgreSQL, which is made when the server first starts");
      return examine(settings, Examination.of("database", () -> List.of(none)), null);
    }
    try (EmbeddedPostgres embedded = EmbeddedPostgres.start(settings.dataDirectory())) {
      return examine(settings, database(embedded.address()), embedded.address());
    } catch (DatabaseException e) {
      Check failed =
          Check.fail(
              "database",
              "" + e.getMessage(),
              "If a server runs there, set PARLEY_URL so that it is asked; else look into"
                  + " postgres.log in the data directory");
      return examine(settings, Examination.of("database", () -> List.of(failed)), null);
    }
  }

  private static List<Check> examine(
      Settings settings, Examination database, @Nullable DatabaseAddress address) {
    List<Examination> all = new ArrayList<>();
    all.add(Examinations.configuration(settings));
    all.add(secretKeys(settings));
    all.add(database);
    if (address != null) {
      all.add(
          Examination.of(
              ClusterExamination.NAME,
              new ClusterExamination(settings.seedNodes(), address, Clock.systemUTC())));
    }
    all.add(
        new ClickHouseExamination(
            settings.catalog().clickHouse().map(ClickHouse::new).orElse(null)));
    all.addAll(Examinations.common(settings));
    AgentSnapshot agents = settings.agents();
    all.add(new AgentsExamination(() -> agents, null, System::getenv));
    return new Doctor(all).examine().toCompletableFuture().join();
  }

  private static Examination database(DatabaseAddress address) {
    return Examination.of(
        DatabaseExamination.NAME, new DatabaseExamination(address, Clock.systemUTC(), false));
  }

  private static Examination secretKeys(Settings settings) {
    Path file = settings.dataDirectory().resolve(SecretKeyFile.NAME);
    if (!settings.hasSecretKey() && !Files.exists(file)) {
      Check none = Check.ok(SecretKeys.NAME, "none yet: made when the server first starts");
      return Examination.of(SecretKeys.NAME, () -> List.of(none));
    }
    return Examination.of(
        SecretKeys.NAME, new SecretKeys(settings.environments(), settings.isProduction()));
  }
}
