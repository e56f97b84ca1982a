package dev.parley;

import dev.parley.entity.SessionCopies;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.transfer.TransferRoutes;
import dev.parley.journal.Database;
import dev.parley.journal.RecordJournal;
import dev.parley.projection.SessionCatalog;
import java.time.Clock;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.server.Route;

/** Exports and imports of sessions, put together. */
final class TransferParts {
  private TransferParts() {}

  static Route routes(
      ActorSystem<?> system,
      Endpoints endpoints,
      Sessions sessions,
      SessionCatalog catalog,
      Database database,
      Executor jdbc,
      Clock clock) {
    RecordJournal journal = new RecordJournal(database.dataSource(), jdbc);
    SessionCopies copies = new SessionCopies(system, sessions, journal);
    return new TransferRoutes(system, endpoints, sessions, copies, catalog, clock).routes();
  }
}
