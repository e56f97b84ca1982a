package dev.parley.projection;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class SessionIndexTest extends SessionCatalogContract {
  private static IndexDatabase database;
  private static ExecutorService executor;

  @BeforeAll
  static void start() {
    database = IndexDatabase.start();
    executor = Executors.newFixedThreadPool(2);
  }

  @AfterAll
  static void stop() throws Exception {
    executor.shutdown();
    database.close();
  }

  @Override
  SessionCatalog catalog() {
    return new SessionIndex(database.pool(), executor);
  }

  @Override
  void clear() throws Exception {
    database.execute("truncate session_index");
  }

  @Override
  void store(List<Item> sessions) throws Exception {
    database.store(sessions);
  }
}
