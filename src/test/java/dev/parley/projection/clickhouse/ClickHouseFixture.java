package dev.parley.projection.clickhouse;

import dev.parley.clickhouse.TestClickHouse;
import dev.parley.projection.CatalogRow;
import dev.parley.projection.activity.ActivityEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Our tables in a database of a real ClickHouse. */
public final class ClickHouseFixture implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  private final TestClickHouse server;
  private final ClickHouse client;

  private ClickHouseFixture(TestClickHouse server) {
    this.server = server;
    this.client = new ClickHouse(ClickHouseAddress.parse(server.url()));
  }

  /** The tables of an engine that the tests of this JVM share. */
  public static ClickHouseFixture start() throws Exception {
    return start(TestClickHouse.shared(), null);
  }

  static ClickHouseFixture start(TestClickHouse server, @Nullable Duration retention)
      throws Exception {
    ClickHouseFixture fixture = new ClickHouseFixture(server);
    await(new ClickHouseSchema(fixture.client, retention).ensure());
    return fixture;
  }

  public ClickHouse client() {
    return client;
  }

  TestClickHouse server() {
    return server;
  }

  /** Writes rows as the projection does. */
  public void store(List<CatalogRow> rows) throws Exception {
    RowWriter writer = new RowWriter();
    rows.forEach(row -> writer.session(row, Totals.NONE, row.version()));
    await(client.insert("sessions_v1", writer.rows(), Duration.ofSeconds(20)));
  }

  /** Writes rows of events as the projection does. */
  public void storeEvents(List<ActivityEvent> events) throws Exception {
    RowWriter writer = new RowWriter();
    events.forEach(writer::event);
    await(client.insert("session_events_v1", writer.rows(), Duration.ofSeconds(20)));
  }

  public void clear() throws Exception {
    for (String table : List.of("sessions_v1", "session_events_v1")) {
      server.execute("truncate table " + table);
    }
  }

  static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws Exception {
    server.close();
  }
}
