package dev.parley.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the tests of the session catalog take for granted of the ClickHouse they run against. */
class ChdbServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private static TestClickHouse clickHouse;

  @BeforeAll
  static void start() {
    TestClickHouse.assumeAvailable();
    clickHouse = TestClickHouse.shared();
  }

  @AfterAll
  static void close() {
    if (clickHouse != null) {
      clickHouse.close();
    }
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(
        request.timeout(Duration.ofSeconds(30)).build(),
        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  private static HttpRequest.Builder authenticated(String query) {
    return HttpRequest.newBuilder(clickHouse.httpUrl().resolve(query))
        .header("X-ClickHouse-User", clickHouse.user())
        .header("X-ClickHouse-Key", clickHouse.password());
  }

  @Test
  void stores_ten_thousand_rows_of_any_text() throws IOException {
    clickHouse.execute("CREATE TABLE texts (id UInt32, text String) ENGINE MergeTree ORDER BY id");
    List<String> texts = new ArrayList<>();
    StringBuilder lines = new StringBuilder("INSERT INTO texts FORMAT JSONEachRow\n");
    for (int id = 0; id < 10_000; id++) {
      String text = id + " \n\n\r\t\\n \\ ' \" ` \0 é 漢字 😀 \u2028 ; FORMAT TSV";
      texts.add(text);
      lines.append(JSON.writeValueAsString(Map.of("id", id, "text", text))).append('\n');
    }

    clickHouse.execute(lines.toString());

    assertThat(clickHouse.rows("SELECT text FROM texts ORDER BY id"))
        .extracting(row -> row.get(0).asText())
        .isEqualTo(texts);
  }

  @Test
  void counts_what_was_written_and_read() throws Exception {
    clickHouse.execute("CREATE TABLE counted (id UInt32) ENGINE MergeTree ORDER BY id");
    String query =
        "/?database=" + clickHouse.database() + "&query=INSERT%20INTO%20counted%20FORMAT%20";

    HttpResponse<String> inserted =
        send(
            authenticated(query + "JSONEachRow")
                .POST(HttpRequest.BodyPublishers.ofString("{\"id\":1}\n{\"id\":2}\n")));
    // Two little-endian numbers: 0A 0A would end inline data.
    send(
        authenticated(query + "RowBinary")
            .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {10, 10, 0, 0, 4, 0, 0, 0})));

    assertThat(summary(inserted).get("written_rows").asText()).isEqualTo("2");
    assertThat(clickHouse.rows("SELECT id FROM counted ORDER BY id"))
        .extracting(row -> row.get(0).asInt())
        .containsExactly(1, 2, 4, 2570);
    HttpResponse<String> selected =
        send(
            authenticated("/?query=SELECT%20number%20FROM%20numbers(3)%20FORMAT%20TSV")
                .header("X-ClickHouse-Database", clickHouse.database())
                .GET());
    assertThat(selected.body()).isEqualTo("0\n1\n2\n");
    assertThat(summary(selected).get("read_rows").asText()).isEqualTo("3");
    assertThat(selected.headers().firstValue("X-ClickHouse-Format")).contains("TSV");
  }

  private static JsonNode summary(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.headers().firstValue("X-ClickHouse-Summary").orElseThrow());
  }

  @Test
  void binds_parameters_as_data() {
    String text = "it's \\ \t \n \"; DROP TABLE x; -- {n:Int64} é";
    JsonNode row =
        clickHouse
            .rows(
                "SELECT {x:String}, {a:Array(String)}, {n:Int64}",
                Map.of(
                    "x",
                    escaped(text),
                    "a",
                    "['" + escaped(text).replace("'", "\\'") + "', '', 'b']",
                    "n",
                    "-9007199254740991"))
            .get(0);

    assertThat(row.get(0).asText()).isEqualTo(text);
    assertThat(row.get(1)).extracting(JsonNode::asText).containsExactly(text, "", "b");
    assertThat(row.get(2).asLong()).isEqualTo(-9007199254740991L);
  }

  /**
   * As the HTTP interface wants the value of a String: a field of TabSeparated. An array is written
   * as in SQL, with its texts escaped once.
   */
  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
  }

  @Test
  void binds_parameters_of_an_insert() {
    clickHouse.execute("CREATE TABLE bound (id UInt32, text String) ENGINE MergeTree ORDER BY id");
    Map<String, String> parameters = Map.of("id", "1", "text", "it's");
    clickHouse.rows("INSERT INTO bound SELECT {id:UInt32}, {text:String}", parameters);
    clickHouse.rows("INSERT INTO bound VALUES ({id:UInt32} + 1, {text:String})", parameters);

    assertThat(clickHouse.rows("SELECT id, text FROM bound ORDER BY id"))
        .extracting(JsonNode::toString)
        .containsExactly("[1,\"it's\"]", "[2,\"it's\"]");
  }

  @Test
  void takes_parameters_from_a_form_too() throws Exception {
    String form =
        """
        --b
        Content-Disposition: form-data; name="query"

        SELECT {x:String} AS x FORMAT JSONEachRow
        --b
        Content-Disposition: form-data; name="param_x"
        Content-Type: text/plain

        it's \\n é
        --b--
        """
            .replace("\n", "\r\n");
    HttpResponse<String> answer =
        send(
            authenticated("/")
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString(form)));

    assertThat(JSON.readTree(answer.body()).get("x").asText()).isEqualTo("it's \n é");
  }

  @Test
  void settings_hold_for_their_request_only() throws Exception {
    String query = "/?query=SELECT%20getSetting('max_block_size')&max_block_size=1234";
    assertThat(send(authenticated(query).GET()).body()).isEqualTo("1234\n");
    assertThat(send(authenticated(query.substring(0, query.indexOf('&'))).GET()).body())
        .isNotEqualTo("1234\n");

    HttpResponse<String> late =
        send(
            authenticated(
                    "/?query=SELECT%20max(sipHash64(number))%20FROM%20numbers(20000000000)"
                        + "&max_execution_time=1")
                .GET());
    assertThat(late.statusCode()).isEqualTo(408);
    assertThat(late.headers().firstValue("X-ClickHouse-Exception-Code")).contains("159");
  }

  @Test
  void replaces_and_deletes_rows_by_version() {
    clickHouse.execute(
        "CREATE TABLE versions (id String, state String, _version UInt64, _is_deleted UInt8)"
            + " ENGINE ReplacingMergeTree(_version, _is_deleted) ORDER BY id");
    clickHouse.execute("INSERT INTO versions VALUES ('a', 'new', 2, 0), ('b', 'b', 1, 0)");
    clickHouse.execute("INSERT INTO versions VALUES ('a', 'old', 1, 0), ('b', '', 2, 1)");

    assertThat(clickHouse.rows("SELECT id, state FROM versions FINAL"))
        .extracting(JsonNode::toString)
        .containsExactly("[\"a\",\"new\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELEC 1 | 62 | 400",
        "SELECT 1; SELECT 2 | 62 | 400",
        "SELECT * FROM missing | 60 | 404",
        "SELECT * FROM missing.missing | 81 | 404",
        "SELECT 1 FORMAT Missing | 73 | 404",
        "SELECT {x:String} | 456 | 500",
        "INSERT INTO missing FORMAT TSV | 60 | 404",
        "INSERT INTO FUNCTION null('a UInt8') FORMAT JSONEachRow {\"a\":\"x\"} | 27 | 400",
        "SELECT throwIf(1) | 395 | 500",
      })
  void says_what_is_wrong_with_a_statement(String sql, int code, int status) {
    ClickHouseError error =
        catchThrowableOfType(ClickHouseError.class, () -> clickHouse.execute(sql));
    assertThat(error.code()).as(error.getMessage()).isEqualTo(code);
    assertThat(error.status()).as(error.getMessage()).isEqualTo(status);
    assertThat(error).hasMessageStartingWith("Code: " + code + ". DB::Exception: ");
  }

  @Test
  void refuses_who_has_not_the_password() throws Exception {
    URI uri = clickHouse.httpUrl().resolve("/?query=SELECT%201");
    for (HttpRequest.Builder request :
        List.of(
            HttpRequest.newBuilder(uri),
            HttpRequest.newBuilder(URI.create(uri + "&user=" + clickHouse.user() + "&password=x")),
            HttpRequest.newBuilder(uri).header("Authorization", "Basic cGFybGV5Ong="),
            HttpRequest.newBuilder(uri)
                .header("X-ClickHouse-User", clickHouse.user())
                .header("X-ClickHouse-Key", "x"))) {
      HttpResponse<String> refused = send(request);
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.headers().firstValue("X-ClickHouse-Exception-Code")).contains("516");
    }
    assertThat(send(HttpRequest.newBuilder(clickHouse.httpUrl().resolve("/ping"))).body())
        .isEqualTo("Ok.\n");
  }

  @Test
  void answers_eight_threads_at_a_time() throws Exception {
    clickHouse.execute("CREATE TABLE threads (id UInt32, n UInt32) ENGINE MergeTree ORDER BY id");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Void>> ends = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        int id = thread;
        ends.add(
            threads.submit(
                () -> {
                  for (int n = 0; n < 25; n++) {
                    clickHouse.execute("INSERT INTO threads VALUES (" + id + ", " + n + ")");
                    assertThat(
                            clickHouse
                                .rows(
                                    "SELECT count(), sum(n), {id:String} FROM threads WHERE id = "
                                        + id,
                                    Map.of("id", "thread " + id))
                                .get(0))
                        .hasToString("[%d,%d,\"thread %d\"]", n + 1, n * (n + 1) / 2, id);
                  }
                  return null;
                }));
      }
      for (Future<Void> end : ends) {
        end.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void keeps_what_it_acknowledged_when_it_is_killed() {
    try (TestClickHouse own = TestClickHouse.start()) {
      Assumptions.assumeTrue(own.isOurs());
      own.execute("CREATE TABLE kept (id UInt32) ENGINE MergeTree ORDER BY id");
      for (int id = 0; id < 50; id++) {
        own.execute("INSERT INTO kept FORMAT JSONEachRow {\"id\":" + id + "}");
      }
      URI before = own.httpUrl();

      own.kill();
      assertThatThrownBy(() -> own.rows("SELECT 1")).hasRootCauseInstanceOf(IOException.class);
      own.restart();

      assertThat(own.httpUrl()).isEqualTo(before);
      assertThat(own.rows("SELECT count(), max(id) FROM kept").get(0)).hasToString("[50,49]");
    }
  }

  @Test
  void answers_nothing_while_it_is_paused() throws Exception {
    try (TestClickHouse own = TestClickHouse.start()) {
      Assumptions.assumeTrue(own.isOurs());
      own.pause();
      HttpRequest ping =
          HttpRequest.newBuilder(own.httpUrl().resolve("/ping"))
              .timeout(Duration.ofMillis(300))
              .build();
      assertThatThrownBy(() -> HTTP.send(ping, HttpResponse.BodyHandlers.ofString()))
          .isInstanceOf(HttpTimeoutException.class);
      own.resume();

      assertThat(own.rows("SELECT 1").get(0)).hasToString("[1]");
    }
  }
}
