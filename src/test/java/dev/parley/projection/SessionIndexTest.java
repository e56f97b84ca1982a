package dev.parley.projection;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class SessionIndexTest extends SessionCatalogContract {
  private static IndexDatabase database;

  @BeforeAll
  static void start() {
    database = IndexDatabase.start();
  }

  @AfterAll
  static void stop() throws Exception {
    database.close();
  }

  @Override
  SessionCatalog catalog() {
    return database.index();
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
