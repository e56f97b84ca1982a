package dev.parley.http.transfer;

import static dev.parley.http.transfer.Copied.content;
import static dev.parley.http.transfer.Copied.export;
import static dev.parley.http.transfer.Copied.load;
import static dev.parley.http.transfer.Copied.loaded;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.PartId;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code GET /api/v1/export} and {@code POST /api/v1/import}. */
class TransferTest {
  private final long seed = Long.getLong("parley.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final String tag = Fixtures.fresh("copy");

  private List<SessionId> sessions(int count) {
    System.out.println("TransferTest: repeat with -Dparley.seed=" + seed);
    return IntStream.range(0, count).mapToObj(i -> Copied.random(random, tag)).toList();
  }

  private List<String> exported() {
    return export("tag=" + tag);
  }

  private static JsonNode json(String line) {
    return Answer.parse(line);
  }

  private static long count(List<String> lines, String word) {
    return lines.stream().filter(line -> json(line).has(word)).count();
  }

  @Test
  void a_copy_of_a_copy_is_the_same_line_by_line() {
    List<SessionId> sessions = sessions(30);
    List<String> lines = exported();
    assertThat(count(lines, "session")).isEqualTo(30);
    assertThat(json(lines.get(0)).get("environment").asText()).isEqualTo(TestServer.ACME);
    sessions.forEach(Copied::purge);
    JsonNode outcome = loaded(lines);
    assertThat(outcome.get("restored").asInt()).as("%s", outcome).isEqualTo(30);
    assertThat(outcome.get("complete").asBoolean()).isTrue();
    assertThat(outcome.get("records").asLong())
        .isEqualTo(json(lines.get(lines.size() - 1)).at("/end/records").asLong());
    assertThat(content(exported())).isEqualTo(content(lines));
  }

  @Test
  void what_is_there_already_stays_as_it_is() {
    sessions(20);
    List<String> lines = exported();
    JsonNode outcome = loaded(lines);
    assertThat(outcome.get("unchanged").asInt()).as("%s", outcome).isEqualTo(20);
    assertThat(outcome.get("records").asInt()).isZero();
    assertThat(content(exported())).isEqualTo(content(lines));
  }

  @Test
  void a_session_that_has_gone_on_since_is_there_already() {
    SessionId session = Copied.open(tag);
    Copied.append(session, new Channel("side", Channel.OUT.direction()), text("before"), null);
    List<String> lines = exported();
    Copied.append(session, new Channel("side", Channel.OUT.direction()), text("behind"), null);
    assertThat(loaded(lines).get("unchanged").asInt()).isEqualTo(1);
  }

  private static List<RecordContent> text(String text) {
    return List.of(RecordContent.of(Bytes.utf8(text)));
  }

  @Test
  void in_another_environment_a_session_is_found_by_its_external_id() {
    String key = Fixtures.fresh("moved");
    Fixtures.create(key, ",\"tags\":[\"" + tag + "\"]");
    Fixtures.append(key, "hello");
    List<String> lines = exported();
    Answer answer = load(lines, TestServer.GLOBEX_KEY);
    assertThat(answer.json().get("restored").asInt()).as(answer.body()).isEqualTo(1);
    JsonNode row = Wire.get(Fixtures.session(key)).as(TestServer.GLOBEX_KEY).send().json();
    assertThat(row.get("id").asText())
        .isEqualTo(SessionId.ofExternal(TestServer.GLOBEX, key).friendlyId());
    String own = SessionId.ofExternal(TestServer.ACME, key).friendlyId();
    List<String> again =
        export("tag=" + tag, TestServer.GLOBEX_KEY).stream()
            .map(line -> line.replace(row.get("id").asText(), own))
            .toList();
    assertThat(content(again)).isEqualTo(content(lines));
    assertThat(
            Wire.get(Fixtures.channel(key, "in/records"))
                .as(TestServer.GLOBEX_KEY)
                .send()
                .json()
                .get("records"))
        .isEqualTo(Fixtures.records(key, "in"));
  }

  @Test
  void lists_find_what_was_restored_and_part_ids_are_known() {
    String key = Fixtures.fresh("known");
    Fixtures.create(key, ",\"tags\":[\"" + tag + "\"]");
    SessionId session = SessionId.ofExternal(TestServer.ACME, key);
    PartId part = PartId.of("once");
    Copied.append(session, Channel.IN, text("a"), null);
    Copied.append(session, Channel.IN, text("b"), part);
    List<String> lines = exported();
    Copied.purge(session);
    loaded(lines);
    SessionReply.Appended appended =
        (SessionReply.Appended) Copied.append(session, Channel.IN, text("b"), part);
    assertThat(appended.repeated()).isTrue();
    assertThat(appended.start().seq()).isEqualTo(1);
    JsonNode list =
        Wire.get("/api/v1/sessions?filter%5Btags%5D=" + tag).asAcme().send().json().get("data");
    assertThat(list.size()).isEqualTo(1);
    assertThat(Fixtures.records(key, "in").size()).isEqualTo(2);
  }

  @Test
  void a_session_of_many_megabytes_comes_in_several_commits() {
    SessionId session = Copied.open(tag);
    Channel channel = new Channel("large", Channel.OUT.direction());
    for (int i = 0; i < 20; i++) {
      byte[] body = new byte[200_000];
      random.nextBytes(body);
      Copied.append(session, channel, List.of(RecordContent.of(Bytes.wrap(body))), null);
    }
    byte[] largest = new byte[1_048_576 - 8];
    random.nextBytes(largest);
    Copied.append(session, channel, List.of(RecordContent.of(Bytes.wrap(largest))), null);
    List<String> lines = exported();
    Copied.purge(session);
    assertThat(loaded(lines).get("restored").asInt()).isEqualTo(1);
    assertThat(content(exported())).isEqualTo(content(lines));
  }

  @Test
  void each_session_of_an_export_is_a_prefix_of_what_it_becomes() throws Exception {
    List<SessionId> sessions = sessions(5);
    Channel channel = new Channel("side", Channel.OUT.direction());
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; !stop.get(); i++) {
                Copied.append(sessions.get(i % sessions.size()), channel, text("w" + i), null);
              }
            },
            command -> new Thread(command).start());
    List<List<String>> exports = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      exports.add(exported());
    }
    stop.set(true);
    writer.get();
    Map<String, String> last = records(exported());
    for (List<String> lines : exports) {
      assertWhole(lines);
      records(lines).forEach((place, record) -> assertThat(record).isEqualTo(last.get(place)));
    }
  }

  /** The records by their places. */
  private static Map<String, String> records(List<String> lines) {
    Map<String, String> records = new HashMap<>();
    String session = "";
    for (String text : lines) {
      JsonNode line = json(text);
      session = line.at("/session/id").asText(session);
      JsonNode run = line.path("records");
      long seq = run.path("from").asLong();
      for (JsonNode record : run.path("list")) {
        String stream = run.path("channel").asText() + "." + run.path("direction").asText();
        records.put(session + " " + stream + " " + seq++, record.toString());
      }
    }
    return records;
  }

  /** From each stream's trim point to its end there is every record, and none beyond. */
  private static void assertWhole(List<String> lines) {
    Map<String, String> records = records(lines);
    long expected = 0;
    for (String text : lines) {
      JsonNode state = json(text).path("session");
      for (JsonNode stream : state.path("streams")) {
        String name = stream.path("channel").asText() + "." + stream.path("direction").asText();
        long from = stream.path("trimPoint").asLong();
        for (long seq = from; seq < stream.path("nextSeq").asLong(); seq++, expected++) {
          assertThat(records).containsKey(state.path("id").asText() + " " + name + " " + seq);
        }
      }
    }
    assertThat(records).hasSize((int) expected);
  }

  @Test
  void filters_choose_the_sessions() {
    List<SessionId> sessions = sessions(6);
    SessionId named = sessions.get(2);
    List<String> one = export("id=" + named.friendlyId());
    assertThat(count(one, "session")).isEqualTo(1);
    assertThat(json(one.get(1)).at("/session/id").asText()).isEqualTo(named.friendlyId());
    long chats = count(export("type=chat&tag=" + tag), "session");
    assertThat(count(export("type=messaging&tag=" + tag), "session")).isEqualTo(6 - chats);
    assertThat(count(export("tag=" + tag + "&to=2020-01-01T00:00:00Z"), "session")).isZero();
    assertThat(count(export("tag=" + tag + "&from=1577836800000"), "session")).isEqualTo(6);
    assertThat(Wire.get("/api/v1/export?from=yesterday").asAcme().send().status()).isEqualTo(400);
    assertThat(Wire.get("/api/v1/export?id=a&type=b").asAcme().send().status()).isEqualTo(400);
  }

  @Test
  void only_the_secret_key_will_do() {
    String token = Fixtures.token("read:sessions", "write:sessions", "admin");
    assertThat(Wire.get("/api/v1/export").as(token).send().status()).isEqualTo(401);
    assertThat(load(List.of(), token).status()).isEqualTo(401);
    assertThat(Wire.post("/api/v1/export").asAcme().body("").send().status()).isEqualTo(405);
  }
}
