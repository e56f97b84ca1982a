package dev.parley;

import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.PublicOrigin;
import dev.parley.http.uploads.UploadAccess;
import dev.parley.http.uploads.UploadRoutes;
import dev.parley.http.web.WebFace;
import dev.parley.journal.Database;
import dev.parley.storage.DatabaseBytes;
import dev.parley.storage.DirectoryBytes;
import dev.parley.storage.FileBytes;
import dev.parley.storage.FileRows;
import dev.parley.storage.FileStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.server.Route;

/** Uploaded files, put together. */
final class Uploads {
  /** No request that is still under way is given up by the worker. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private Uploads() {}

  /**
   * @param blocking runs what blocks
   */
  static FileStore store(Settings settings, Database database, Executor blocking) {
    StorageSettings storage = settings.storage();
    FileBytes inDatabase = new DatabaseBytes(database.dataSource(), blocking);
    FileBytes inDirectory = new DirectoryBytes(storage.directory(), blocking);
    return new FileStore(
        new FileRows(database.dataSource(), blocking),
        storage.inDirectory() ? inDirectory : inDatabase,
        List.of(inDatabase, inDirectory),
        storage.limits().within().plus(MARGIN));
  }

  /**
   * Uploads and downloads.
   *
   * @param browsers keeps browser sessions alive by them
   */
  static Route routes(
      ActorSystem<?> system,
      Exchanges exchanges,
      UploadAccess access,
      WebFace browsers,
      FileStore files,
      PublicOrigin origin,
      Settings settings) {
    return browsers.sliding(
        () ->
            new UploadRoutes(system, exchanges, access, files, origin, settings.storage().limits())
                .routes());
  }
}
