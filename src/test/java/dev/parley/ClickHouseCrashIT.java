package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.clickhouse.TestClickHouse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * ClickHouse has every session and every record once, whatever happens to the server or to
 * ClickHouse in the middle of it.
 */
class ClickHouseCrashIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration LIST_LIMIT = Duration.ofSeconds(2);

  /** With -Dparley.outage=60 as long as one likes. */
  private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("parley.outage", 8));

  private static final int SESSIONS = 8;
  private static final int KILLS = 2;

  @TempDir Path directory;

  private TestClickHouse clickHouse;
  private ParleyProcess server;
  private TestClient client;
  private final List<String> sessions = new ArrayList<>();
  private final List<RepeatingWriter> writers = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    TestClickHouse.assumeAvailable();
    clickHouse = TestClickHouse.start();
    server =
        ParleyProcess.start(
            directory,
            Map.of(
                "PARLEY_SECRET_KEY",
                ParleyProcess.SECRET_KEY,
                "PARLEY_CLICKHOUSE_URL",
                clickHouse.url()));
    client = new TestClient(server, ParleyProcess.SECRET_KEY);
    for (int i = 0; i < SESSIONS; i++) {
      sessions.add(client.create("analytics/" + i));
      writers.add(
          new RepeatingWriter(client, "analytics/" + i, i % 2 == 0 ? "in" : "out", "writer:" + i));
    }
    writers.forEach(Thread::start);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
    if (clickHouse != null) {
      clickHouse.close();
    }
  }

  @Test
  void no_row_is_missing_and_none_doubled_when_the_server_is_killed_in_the_middle()
      throws Exception {
    for (int kill = 0; kill < KILLS; kill++) {
      int written = acknowledged();
      assertThat(Eventually.within(LIMIT, () -> acknowledged() > written + 300)).isTrue();
      server.kill9();
      server.restart();
    }
    int written = acknowledged();
    assertThat(Eventually.within(LIMIT, () -> acknowledged() > written + 100)).isTrue();
    finishAndCompare();
  }

  @Test
  void appends_and_lists_go_on_while_it_is_away_and_it_is_exact_afterwards() throws Exception {
    assertThat(Eventually.within(LIMIT, () -> counted() > 100)).isTrue();
    clickHouse.kill();
    long end = System.nanoTime() + OUTAGE.toNanos();
    int rounds = 0;
    while (System.nanoTime() < end) {
      String late = "late/" + rounds++;
      sessions.add(client.create(late));
      assertListed(late);
    }
    assertThat(rounds).isGreaterThan(1);
    clickHouse.restart();
    finishAndCompare();
    assertListed("late/0");
  }

  /** Also what was created this very moment, within two seconds, from wherever it comes. */
  private void assertListed(String externalId) throws IOException, InterruptedException {
    long asked = System.nanoTime();
    HttpResponse<String> list =
        client.send("GET", "/api/v1/sessions?filter%5BexternalId%5D=" + externalId, "");
    Duration took = Duration.ofNanos(System.nanoTime() - asked);
    assertThat(list.statusCode()).as(list.body()).isEqualTo(200);
    assertThat(JSON.readTree(list.body()).get("data")).hasSize(1);
    assertThat(took).isLessThan(LIST_LIMIT);
  }

  private void finishAndCompare() throws Exception {
    for (RepeatingWriter writer : writers) {
      writer.finish(LIMIT);
    }
    int total = acknowledged();
    assertThat(Eventually.within(LIMIT, () -> counted() >= total))
        .as("%d of %d records counted", counted(), total)
        .isTrue();
    for (int i = 0; i < SESSIONS; i++) {
      String io = i % 2 == 0 ? "in" : "out";
      int records = client.records("analytics/" + i, io).size();
      JsonNode row =
          one(
              "select count(), max(records_"
                  + io
                  + ") from sessions_v1 final"
                  + " where session_id = {id:String}",
              sessions.get(i));
      assertThat(row.toString()).isEqualTo("[1,%d]".formatted(records));
      row =
          one(
              "select sum(count), count() = uniqExact(version) from session_events_v1 final"
                  + " where session_id = {id:String} and kind = 'records' and channel = ''",
              sessions.get(i));
      assertThat(row.toString()).isEqualTo("[%d,1]".formatted(records));
    }
    assertThat(one("select count() from sessions_v1 final where external_id != {id:String}", ""))
        .hasToString("[%d]".formatted(sessions.size()));
  }

  private int acknowledged() {
    return writers.stream().mapToInt(writer -> writer.acknowledged().size()).sum();
  }

  /** Records in ClickHouse; none while it is away. */
  private long counted() {
    try {
      return one(
              "select sum(count) from session_events_v1 final"
                  + " where kind = 'records' and channel = {id:String}",
              "")
          .get(0)
          .asLong();
    } catch (RuntimeException away) {
      return -1;
    }
  }

  private JsonNode one(String sql, String id) {
    return clickHouse.rows(sql, Map.of("id", id)).get(0);
  }
}
