package dev.parley.projection;

import dev.parley.clickhouse.TestClickHouse;
import dev.parley.projection.clickhouse.ClickHouseCatalog;
import dev.parley.projection.clickhouse.ClickHouseFixture;
import dev.parley.session.SessionEvent;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same lists from ClickHouse. */
class ClickHouseCatalogTest extends SessionCatalogContract {
  private static IndexDatabase database;
  private static ClickHouseFixture clickHouse;
  private static ExecutorService executor;

  @BeforeAll
  static void start() throws Exception {
    TestClickHouse.assumeAvailable();
    clickHouse = ClickHouseFixture.start();
    database = IndexDatabase.start();
    executor = Executors.newFixedThreadPool(2);
  }

  @AfterAll
  static void stop() throws Exception {
    if (database != null) {
      executor.shutdown();
      database.close();
      clickHouse.close();
    }
  }

  @Override
  SessionCatalog catalog() {
    return new ClickHouseCatalog(clickHouse.client(), database.pool(), executor);
  }

  @Override
  void clear() throws Exception {
    clickHouse.clear();
  }

  @Override
  void store(List<Item> sessions) throws Exception {
    // Each twice, as it was and as it is.
    clickHouse.store(sessions.stream().map(ClickHouseCatalogTest::earlier).toList());
    clickHouse.store(sessions.stream().map(item -> row(item, 2)).toList());
  }

  private static CatalogRow row(Item item, long version) {
    return CatalogRow.of(item.id(), version, new SessionEvent.Created(item.info(), null, null));
  }

  private static CatalogRow earlier(Item item) {
    SessionEvent before =
        new SessionEvent.Updated(
            "{\"n\":0}",
            List.of("a", "user:1"),
            "{\"plan\":\"pro\"}",
            null,
            item.info().updatedAt());
    return row(item, 0).after(1, before);
  }
}
