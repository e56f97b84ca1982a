package dev.parley.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.journal.Database;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.TestPostgres;
import dev.parley.session.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files in both places: they come back as they were, and what is not wanted leaves nothing. */
class FileStoreTest {
  private static final Duration GIVEN_UP_AFTER = Duration.ofHours(1);

  private static EmbeddedPostgres postgres;
  private static Database database;
  private static ExecutorService blocking;
  private static ActorSystem<Void> system;

  @TempDir Path directory;

  private final FileOwner.OfSession owner = new FileOwner.OfSession(SessionId.random("env"), 0);

  @BeforeAll
  static void start() {
    postgres = TestPostgres.start();
    database = Database.open(postgres.address(), 4, Duration.ofSeconds(60));
    blocking = Executors.newFixedThreadPool(4);
    system =
        ActorSystem.create(
            Behaviors.empty(),
            "files",
            com.typesafe.config.ConfigFactory.parseString("pekko.actor.provider = local")
                .withFallback(com.typesafe.config.ConfigFactory.defaultReference()));
  }

  @AfterAll
  static void stop() {
    system.terminate();
    blocking.shutdown();
    database.close();
    postgres.close();
  }

  private FileStore store(String place) {
    FileBytes inDatabase = new DatabaseBytes(database.dataSource(), blocking);
    FileBytes inDirectory = new DirectoryBytes(directory, blocking);
    return new FileStore(
        new FileRows(database.dataSource(), blocking),
        place.equals(inDatabase.place()) ? inDatabase : inDirectory,
        List.of(inDatabase, inDirectory),
        GIVEN_UP_AFTER);
  }

  private static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private StoredFile stored(FileStore store, byte[] content) {
    IncomingFile file = await(store.begin(owner, "a.txt"));
    for (int from = 0; from < content.length; from += 100_000) {
      int length = Math.min(100_000, content.length - from);
      await(file.add(ByteString.fromArray(content, from, length)));
    }
    StoredFile stored = await(file.finish("text/plain"));
    assertThat(await(store.keep(List.of(stored)))).isTrue();
    return stored;
  }

  /** A file of which so many bytes have come. */
  private static IncomingFile coming(FileStore store, FileOwner owner, int bytes) {
    IncomingFile file = await(store.begin(owner, "b.txt"));
    await(file.add(ByteString.fromArray(random(bytes))));
    return file;
  }

  /** Nothing is left of it when it has been coming for too long. */
  private void assertGivenUp(FileStore store, IncomingFile file) {
    update(
        "update stored_file set begun_at = begun_at - interval '61 minutes' where id = ?",
        file.id());
    await(store.clear());
    assertThat(left(file.id())).isZero();
  }

  private static byte[] read(FileStore store, StoredFile file) {
    return await(
            store.bytes(file).runFold(ByteString.emptyByteString(), ByteString::concat, system))
        .toArray();
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private long left(UUID id) {
    return number("select count(*) from stored_file where id = ?", id)
        + number("select count(*) from stored_piece where file_id = ?", id)
        + files();
  }

  private long files() {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).count();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long number(String sql, UUID id) {
    try (Connection connection = database.dataSource().getConnection();
        PreparedStatement select = connection.prepareStatement(sql)) {
      select.setObject(1, id);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void update(String sql, UUID id) {
    try (Connection connection = database.dataSource().getConnection();
        PreparedStatement update = connection.prepareStatement(sql)) {
      update.setObject(1, id);
      update.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {DatabaseBytes.PLACE, DirectoryBytes.PLACE})
  void files_of_all_sizes_come_back_as_they_were(String place) {
    FileStore store = store(place);
    int piece = FileBytes.PIECE;
    for (int size : new int[] {1, piece - 1, piece, piece + 1, 3 * piece, 1_000_000}) {
      byte[] content = random(size);
      StoredFile file = stored(store, content);
      assertThat(file.size()).isEqualTo(size);
      assertThat(file.place()).isEqualTo(place);
      assertThat(await(store.find(file.id()))).contains(file);
      assertThat(read(store, file)).isEqualTo(content);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {DatabaseBytes.PLACE, DirectoryBytes.PLACE})
  void files_are_found_when_another_place_was_configured(String place) {
    byte[] content = random(1_000);
    StoredFile file = stored(store(place), content);
    FileStore other =
        store(place.equals(DatabaseBytes.PLACE) ? DirectoryBytes.PLACE : DatabaseBytes.PLACE);
    assertThat(read(other, await(other.find(file.id())).orElseThrow())).isEqualTo(content);
  }

  @ParameterizedTest
  @ValueSource(strings = {DatabaseBytes.PLACE, DirectoryBytes.PLACE})
  void what_was_abandoned_leaves_nothing(String place) {
    FileStore store = store(place);
    IncomingFile file = coming(store, owner, 600_000);
    assertThat(left(file.id())).isPositive();
    await(file.abandon());
    await(store.clear());
    assertThat(left(file.id())).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {DatabaseBytes.PLACE, DirectoryBytes.PLACE})
  void what_was_not_kept_is_not_there_and_goes_in_the_end(String place) {
    FileStore store = store(place);
    IncomingFile file = coming(store, owner, 1_000);
    // Its node is killed here, while the next file of the same upload comes.
    StoredFile whole = await(file.finish("text/plain"));
    assertThat(await(store.find(whole.id()))).isEmpty();
    assertGivenUp(store, file);
    assertThat(await(store.keep(List.of(whole)))).isFalse();
  }

  @Test
  void one_that_cannot_be_cleared_does_not_keep_others_from_it() throws IOException {
    FileStore store = store(DirectoryBytes.PLACE);
    StoredFile stuck = stored(store, random(1_000));
    List<StoredFile> others = List.of(stored(store, random(1)), stored(store, random(2)));
    Path bytes = directory.resolve(stuck.id().toString().substring(0, 2)).resolve(stuck.id() + "");
    // A directory that is not empty can't be deleted as a file is.
    Files.delete(bytes);
    Files.createDirectories(bytes.resolve("more"));
    await(store.discard(stuck.id()));
    others.forEach(other -> await(store.discard(other.id())));
    assertThatThrownBy(() -> await(store.clear())).hasRootCauseInstanceOf(IOException.class);
    assertThat(others).allSatisfy(other -> assertThat(left(other.id())).isZero());
    Files.delete(bytes.resolve("more"));
    await(store.clear());
    assertThat(left(stuck.id())).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {DatabaseBytes.PLACE, DirectoryBytes.PLACE})
  void what_a_killed_node_has_left_is_cleared_when_nobody_can_be_sending_it(String place) {
    FileStore store = store(place);
    IncomingFile file = coming(store, owner, 600_000);
    await(store.clear());
    long coming = left(file.id());
    assertThat(coming).isGreaterThan(1);
    assertGivenUp(store, file);
    // Should it be alive after all, it can't go on, and leaves nothing either.
    assertThatThrownBy(() -> await(file.add(ByteString.fromArray(random(300_000)))));
    assertThat(left(file.id())).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {DatabaseBytes.PLACE, DirectoryBytes.PLACE})
  void what_belongs_to_a_purged_session_goes_also_while_it_comes(String place) throws Exception {
    FileStore store = store(place);
    StoredFile before = stored(store, random(1_000));
    IncomingFile coming = coming(store, owner, 1_000);
    FileOwner next = new FileOwner.OfSession(owner.session(), 17);
    IncomingFile later = coming(store, next, 1_000);
    StoredFile kept = await(later.finish("text/plain"));
    assertThat(await(store.keep(List.of(kept)))).isTrue();
    IncomingFile beside = coming(store, next, 1_000);

    try (Connection connection = database.dataSource().getConnection()) {
      FileRows.purge(connection, owner.session(), 17);
    }
    assertThat(await(store.find(before.id()))).isEmpty();
    StoredFile late = await(coming.finish("text/plain"));
    StoredFile fine = await(beside.finish("text/plain"));
    assertThat(await(store.keep(List.of(fine, late)))).isFalse();
    assertThat(await(store.find(fine.id()))).isEmpty();
    await(store.clear());
    assertThat(number("select count(*) from stored_file where id = ?", before.id())).isZero();
    assertThat(number("select count(*) from stored_file where id = ?", coming.id())).isZero();
    assertThat(await(store.find(kept.id()))).contains(kept);
  }
}
