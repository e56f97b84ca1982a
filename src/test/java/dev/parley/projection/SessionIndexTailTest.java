package dev.parley.projection;

import dev.parley.session.SessionEvent;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same lists while the newest sessions are in the journal and not yet in the index. */
class SessionIndexTailTest extends SessionCatalogContract {
  private static final int PENDING = 150;

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
    database.execute("truncate session_index, event_journal, event_tag");
  }

  @Override
  void store(List<Item> sessions) throws Exception {
    int pending = Math.min(PENDING, sessions.size());
    database.store(sessions.subList(pending, sessions.size()));
    // The rest has an older row, or none, and its newest state in the journal alone.
    List<Item> late = sessions.subList(0, pending);
    database.store(late.subList(0, pending / 2));
    try (Connection connection = database.pool().getConnection()) {
      for (int i = 0; i < pending; i++) {
        Item item = late.get(i);
        SessionEvent created = new SessionEvent.Created(item.info(), null, null);
        boolean indexed = i < pending / 2;
        if (!indexed) {
          database.append(connection, item.id(), 1, created);
        } else if (i % 2 == 0) {
          database.append(
              connection, item.id(), 2, new SessionEvent.Purged(2, item.info().createdAt()));
          database.append(connection, item.id(), 3, created);
        }
      }
    }
  }
}
