package dev.parley.bench;

import dev.parley.clickhouse.TestClickHouse;
import dev.parley.journal.Database;
import dev.parley.journal.DatabaseAddress;
import dev.parley.journal.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A server with a database of its own, and what follows its journal. */
final class FollowedServer implements AutoCloseable {
  /** Who follows. */
  enum Follower {
    NOBODY,
    POSTGRES,
    CLICKHOUSE
  }

  private static final int SESSIONS = 64;
  private static final int BODY = 256;
  private static final long PATIENCE_SECONDS = 120;

  private final Follower follower;
  private final Connection connection;
  private final ParleyServer server;
  private final List<String> sessions = new ArrayList<>();

  /** Null when nothing is written there. */
  private final @Nullable TestClickHouse clickHouse;

  /** Appends that were sent; with the end of a load all of them are acknowledged. */
  private final AtomicLong sent = new AtomicLong();

  /** What is to be closed, first what was opened last. */
  private final Deque<AutoCloseable> opened;

  private FollowedServer(
      Follower follower,
      Connection connection,
      ParleyServer server,
      @Nullable TestClickHouse clickHouse,
      Deque<AutoCloseable> opened) {
    this.follower = follower;
    this.connection = connection;
    this.server = server;
    this.clickHouse = clickHouse;
    this.opened = opened;
  }

  /** Starts a server over an empty database and creates the sessions. */
  static FollowedServer start(Follower follower, Path directory) throws Exception {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      return start(follower, directory, opened);
    } catch (Exception e) {
      close(opened);
      throw e;
    }
  }

  private static FollowedServer start(
      Follower follower, Path directory, Deque<AutoCloseable> opened) throws Exception {
    EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("db"));
    opened.push(postgres);
    DatabaseAddress address = postgres.address();
    // Creates the tables.
    Database.open(address, 1, Duration.ofSeconds(10)).close();
    Connection connection =
        DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    opened.push(connection);
    TestClickHouse clickHouse = null;
    Map<String, String> properties = Map.of();
    if (follower == Follower.NOBODY) {
      try (Statement statement = connection.createStatement()) {
        // There is no setting that turns it off.
        statement.execute(
            "insert into pekko_projection_management"
                + " select 'session-activity', slice::text, true, 0 from generate_series(0, 3) as slice");
      }
    } else if (follower == Follower.CLICKHOUSE) {
      clickHouse = TestClickHouse.start();
      opened.push(clickHouse);
      properties = Map.of("parley.clickhouse.url", clickHouse.url());
    }
    ParleyServer server = ParleyServer.start(directory.resolve("server"), address, properties);
    opened.push(server);
    FollowedServer followed = new FollowedServer(follower, connection, server, clickHouse, opened);
    for (int i = 0; i < SESSIONS; i++) {
      followed.sessions.add(server.createSession("followed-" + i));
    }
    return followed;
  }

  ParleyServer server() {
    return server;
  }

  /** All sessions with one append in flight each. */
  RequestLoad.Result append(double warmUp, double seconds) throws Exception {
    return RequestLoad.run(
        server, SESSIONS, warmUp, seconds, (writer, n) -> request(sessions.get(writer)));
  }

  /** One append to one session. */
  void appendOne(HttpConnection on) throws IOException {
    on.exchange(request(sessions.get(0)));
  }

  private byte[] request(String key) {
    sent.incrementAndGet();
    return HttpConnection.request(
        "POST", "/realtime/v1/sessions/" + key + "/in/append", "", new byte[BODY]);
  }

  /** Appends so far. */
  long sent() {
    return sent.get();
  }

  /** Waits until the counters hold every append of these sessions, and gives the milliseconds. */
  double awaitExact(Instant since, long before) throws SQLException, InterruptedException {
    long begin = System.nanoTime();
    if (follower == Follower.NOBODY) {
      return 0;
    }
    long wanted = sent.get() - before;
    for (long counted = -1; counted != wanted; ) {
      long passed = System.nanoTime() - begin;
      if (counted > wanted || passed > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
        throw new IllegalStateException(
            "%d of %d appends are counted after %.0f s".formatted(counted, wanted, passed / 1e9));
      }
      if (counted >= 0) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      counted = counted(since) - (follower == Follower.POSTGRES ? before : 0);
    }
    return (System.nanoTime() - begin) / 1e6;
  }

  /** In ClickHouse since then, in PostgreSQL of all time: there a minute is one row. */
  private long counted(Instant since) throws SQLException {
    if (clickHouse != null) {
      return clickHouse
          .rows(
              "select sum(count) from session_events_v1 final where kind = 'records'"
                  + " and direction = 'in' and environment_id = 'env_default'"
                  + " and at >= fromUnixTimestamp64Milli("
                  + since.toEpochMilli()
                  + ")")
          .get(0)
          .get(0)
          .asLong();
    }
    return number("select coalesce(sum(records_in), 0) from session_activity");
  }

  /** Creates a session and gives the milliseconds until the table of lists has its row. */
  double createAndFind(String externalId) throws IOException, SQLException, InterruptedException {
    server.createSession(externalId);
    long begin = System.nanoTime();
    while (!found(externalId)) {
      if (System.nanoTime() - begin > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
        throw new IllegalStateException(externalId + " does not come to the table");
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    return (System.nanoTime() - begin) / 1e6;
  }

  private boolean found(String externalId) throws SQLException {
    String condition = " where external_id = '" + externalId + "'";
    return clickHouse != null
        ? !clickHouse.rows("select 1 from sessions_v1" + condition).isEmpty()
        : number("select count(*) from session_index" + condition) > 0;
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** CPU seconds of the processes of PostgreSQL that live, so far. */
  double postgresCpu() throws SQLException {
    ProcessHandle backend = ProcessHandle.of(number("select pg_backend_pid()")).orElseThrow();
    ProcessHandle postmaster = backend.parent().orElseThrow();
    return postmaster.descendants().mapToDouble(Cpu::of).sum() + Cpu.of(postmaster);
  }

  @Override
  public void close() throws Exception {
    close(opened);
  }

  private static void close(Deque<AutoCloseable> opened) throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
  }
}
