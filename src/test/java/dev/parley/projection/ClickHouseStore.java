package dev.parley.projection;

import dev.parley.clickhouse.TestClickHouse;
import dev.parley.projection.clickhouse.ClickHouseCatalog;
import dev.parley.projection.clickhouse.ClickHouseFixture;

/** A ClickHouse with our tables, beside a PostgreSQL with an empty journal. */
record ClickHouseStore(ClickHouseFixture clickHouse, IndexDatabase database)
    implements AutoCloseable {
  /** Skips the tests when there is no ClickHouse to be had. */
  static ClickHouseStore start() throws Exception {
    TestClickHouse.assumeAvailable();
    return new ClickHouseStore(ClickHouseFixture.start(), IndexDatabase.start());
  }

  SessionCatalog catalog() {
    return new ClickHouseCatalog(clickHouse.client(), database.pool(), database.executor());
  }

  @Override
  public void close() throws Exception {
    database.close();
    clickHouse.close();
  }
}
