package dev.parley.projection;

import dev.parley.session.SessionEvent;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same lists from ClickHouse. */
class ClickHouseCatalogTest extends SessionCatalogContract {
  private static ClickHouseStore store;

  @BeforeAll
  static void start() throws Exception {
    store = ClickHouseStore.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (store != null) {
      store.close();
    }
  }

  @Override
  SessionCatalog catalog() {
    return store.catalog();
  }

  /** It takes its time on a machine that is busy with everything else. */
  @Override
  int queries() {
    return 25;
  }

  @Override
  void clear() throws Exception {
    store.clickHouse().clear();
  }

  @Override
  void store(List<Item> sessions) throws Exception {
    // Each twice, as it was and as it is.
    store.clickHouse().store(sessions.stream().map(ClickHouseCatalogTest::earlier).toList());
    store.clickHouse().store(sessions.stream().map(item -> row(item, 2)).toList());
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
