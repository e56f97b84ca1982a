package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.OwnPostgres;
import dev.parley.journal.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Writers and a reader at a packaged server, while something happens to its PostgreSQL. */
final class DatabaseLoad {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Within the ask timeout, and a second more for a machine that is busy. */
  static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

  private static final int SESSIONS = 3;

  private final ParleyProcess server;
  private final TestClient client;
  private final List<WatchedWriter> writers = new ArrayList<>();
  private final ResumingReader reader;

  private DatabaseLoad(ParleyProcess server, TestClient client, ResumingReader reader) {
    this.server = server;
    this.client = client;
    this.reader = reader;
  }

  /** A server that uses the database. Sessions that nobody asks sleep after two seconds. */
  static ParleyProcess server(Path directory, DatabaseAddress database) {
    return ParleyProcess.start(
        directory,
        Map.of(
            "PARLEY_SECRET_KEY",
            ParleyProcess.SECRET_KEY,
            "PARLEY_DATABASE_URL",
            TestPostgres.url(database) + "?sslmode=disable",
            "JAVA_TOOL_OPTIONS",
            "-Dpekko.cluster.sharding.passivation.default-idle-strategy.idle-entity.timeout=2s"));
  }

  /** Starts to write to sessions of its own, and to read one of them. */
  static DatabaseLoad start(ParleyProcess server, String name) throws Exception {
    TestClient client = new TestClient(server, ParleyProcess.SECRET_KEY);
    List<String> sessions = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      sessions.add(client.create(name + "-" + i));
    }
    ResumingReader reader =
        new ResumingReader(server, ParleyProcess.SECRET_KEY, sessions.get(0), "in");
    DatabaseLoad load = new DatabaseLoad(server, client, reader);
    for (String session : sessions) {
      load.writers.add(new WatchedWriter(client, session, "in"));
      load.writers.add(new WatchedWriter(client, session, "out"));
    }
    load.writers.forEach(Thread::start);
    reader.start();
    load.awaitProgress(LIMIT);
    return load;
  }

  /** Waits until every writer and the reader have gone on, and says how long that took. */
  Duration awaitProgress(Duration limit) {
    long start = System.nanoTime();
    List<Integer> before = writers.stream().map(writer -> writer.acknowledged().size()).toList();
    int read = reader.seen().size();
    boolean went =
        Eventually.within(
            limit,
            () -> {
              boolean all = reader.seen().size() > read + 5;
              for (int i = 0; i < writers.size(); i++) {
                writers.get(i).check();
                all &= writers.get(i).acknowledged().size() > before.get(i) + 5;
              }
              return all;
            });
    assertThat(went)
        .as(
            "all go on within %s; appends before %s, now %s; read before %d, now %d",
            limit,
            before,
            writers.stream().map(writer -> writer.acknowledged().size()).toList(),
            read,
            reader.seen().size())
        .isTrue();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Waits until every writer has been told so many times that it does not work. */
  void awaitRefusals(int count, Duration limit) {
    List<Integer> before = writers.stream().map(WatchedWriter::refused).toList();
    boolean refused =
        Eventually.within(
            limit,
            () -> {
              boolean all = true;
              for (int i = 0; i < writers.size(); i++) {
                writers.get(i).check();
                all &= writers.get(i).refused() >= before.get(i) + count;
              }
              return all;
            });
    assertThat(refused)
        .as(
            "%d refusals each within %s; before %s, now %s",
            count, limit, before, writers.stream().map(WatchedWriter::refused).toList())
        .isTrue();
  }

  /** Waits until GET /health answers so, and says how long that took. */
  Duration awaitHealth(int status, Duration limit) {
    long start = System.nanoTime();
    assertThat(Eventually.within(limit, () -> health() == status))
        .as("/health answers %d within %s", status, limit)
        .isTrue();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  int health() {
    try {
      return client.send("GET", "/health", "").statusCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("Interrupted", e);
    }
  }

  int refused() {
    return writers.stream().mapToInt(WatchedWriter::refused).sum();
  }

  TestClient client() {
    return client;
  }

  /**
   * Lets all end and sees that what was acknowledged is there, once, at its number, and nothing
   * besides; that the reader has read just that; and that each request was answered in time.
   */
  void finishAndCompare() throws Exception {
    for (WatchedWriter writer : writers) {
      writer.finish(LIMIT);
      assertThat(writer.slowest()).as("the slowest answer").isLessThan(ANSWER_LIMIT);
    }
    for (WatchedWriter writer : writers) {
      List<TestClient.Item> records = client.records(writer.session(), writer.io());
      assertThat(records).isEqualTo(writer.acknowledged());
      assertThat(records)
          .extracting(TestClient.Item::seq)
          .containsExactlyElementsOf(numbers(records.size()));
    }
    int written = writers.get(0).acknowledged().size();
    assertThat(Eventually.within(LIMIT, () -> reader.seen().size() >= written))
        .as("%d of %d records read", reader.seen().size(), written)
        .isTrue();
    reader.finish(LIMIT);
    assertThat(reader.seen()).containsExactlyElementsOf(numbers(written));
    assertThat(server.isAlive()).isTrue();
    assertNothingShown();
  }

  /** Expected conditions are told in a line each, and never a secret. */
  private void assertNothingShown() {
    assertThat(server.stderr().lines().filter(line -> line.startsWith("\tat ")).limit(3))
        .as("stack traces")
        .isEmpty();
    assertThat(server.stderr())
        .doesNotContain(OwnPostgres.PASSWORD)
        .doesNotContain(ParleyProcess.SECRET_KEY)
        .doesNotContain("xxxxxxxxxx");
  }

  private static List<Long> numbers(int count) {
    return LongStream.range(0, count).boxed().toList();
  }
}
