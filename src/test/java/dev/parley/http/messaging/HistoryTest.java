package dev.parley.http.messaging;

import static dev.parley.http.messaging.Messaging.ISO;
import static dev.parley.http.messaging.Messaging.created;
import static dev.parley.http.messaging.Messaging.error;
import static dev.parley.http.messaging.Messaging.get;
import static dev.parley.http.messaging.Messaging.session;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Header;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** eliza.md section 6.3, and part 12, items 6 to 9: pages of what was said. */
class HistoryTest {
  /** A conversation that all tests read and none changes. */
  private static final Conversation LONG = Conversation.of(150);

  /** Of an answer in many pieces. */
  private static final String MANY_WORDS =
      IntStream.range(0, 200).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));

  private record Conversation(String id, List<JsonNode> newestFirst) {
    /** So many questions at once by tens, each answered; some answers come in many pieces. */
    static Conversation of(int questions) {
      String id = created();
      for (int from = 0; from < questions; from += 10) {
        List<CompletableFuture<Answer>> sends = new ArrayList<>();
        for (int i = from; i < from + 10; i++) {
          String content = i % 25 == 0 ? MANY_WORDS : "m" + i;
          sends.add(
              Wire.post(session(id) + "/messages")
                  .body("{\"content\":\"" + content + "\",\"transport\":\"http\"}")
                  .sendAsync());
        }
        sends.forEach(send -> assertThat(send.join().status()).isEqualTo(201));
      }
      List<JsonNode> all = new ArrayList<>();
      for (String io : new String[] {"in", "out"}) {
        Fixtures.records(id, io).forEach(record -> addMessage(all, record));
      }
      all.sort((one, other) -> Long.compare(time(other), time(one)));
      return new Conversation(id, all);
    }

    private static void addMessage(List<JsonNode> all, JsonNode record) {
      JsonNode data = Messaging.data(record);
      if (data.path("type").asText().equals("message")) {
        all.add(data);
      }
    }

    List<String> ids(long after, long before) {
      return newestFirst.stream()
          .filter(message -> time(message) > after && time(message) < before)
          .map(message -> message.get("id").textValue())
          .toList();
    }

    long oldest() {
      return time(newestFirst.get(newestFirst.size() - 1));
    }

    long newest() {
      return time(newestFirst.get(0));
    }
  }

  private static long time(JsonNode message) {
    return Instant.parse(message.get("createdAt").textValue()).toEpochMilli();
  }

  private static JsonNode page(String id, String query) {
    return Messaging.ok(Wire.get(session(id) + "/messages" + query));
  }

  private static List<String> ids(JsonNode page) {
    List<String> ids = new ArrayList<>();
    page.get("messages").forEach(message -> ids.add(message.get("id").textValue()));
    return ids;
  }

  private static void assertPage(JsonNode page, List<String> ids, boolean hasMore) {
    assertThat(ids(page)).isEqualTo(ids);
    assertThat(page.get("hasMore").booleanValue()).isEqualTo(hasMore);
    assertThat(page.has("cursors")).isEqualTo(!ids.isEmpty());
    if (!ids.isEmpty()) {
      JsonNode messages = page.get("messages");
      assertThat(page.at("/cursors/after").longValue()).isEqualTo(time(messages.get(0)));
      assertThat(page.at("/cursors/before").longValue())
          .isEqualTo(time(messages.get(messages.size() - 1)));
      assertThat(page.at("/cursors/before").isIntegralNumber()).isTrue();
    }
  }

  @Test
  void item_07_every_message_has_a_millisecond_of_its_own() {
    TreeSet<Long> times = new TreeSet<>();
    LONG.newestFirst.forEach(message -> times.add(time(message)));
    assertThat(LONG.newestFirst).hasSize(300);
    assertThat(times).hasSize(300);
  }

  @Test
  void a_message_is_shown_with_its_author_and_what_belongs_to_it() {
    JsonNode messages = page(LONG.id, "?limit=100").get("messages");
    JsonNode session = get(LONG.id);
    for (JsonNode message : messages) {
      boolean agent = message.get("isAgent").booleanValue();
      assertThat(message.get("authorId")).isEqualTo(session.get(agent ? "agentId" : "userId"));
      assertThat(message.get("createdAt").textValue()).matches(ISO);
      assertThat(message.at("/metadata/sessionId").textValue()).isEqualTo(LONG.id);
      assertThat(message.at("/metadata/inReplyTo").isTextual()).isEqualTo(agent);
    }
    assertThat(page(LONG.id, "").get("messages")).hasSize(50);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 50, 60, 100})
  void item_08_a_walk_in_either_direction_meets_every_message_once_and_ends_on_time(int limit) {
    List<String> all = LONG.ids(-1, Long.MAX_VALUE);
    List<String> back = new ArrayList<>();
    String query = "?limit=" + limit;
    for (JsonNode page = page(LONG.id, query); ; ) {
      back.addAll(ids(page));
      assertThat(page.get("hasMore").booleanValue()).isEqualTo(back.size() < all.size());
      if (!page.get("hasMore").booleanValue()) {
        break;
      }
      page = page(LONG.id, query + "&before=" + page.at("/cursors/before"));
    }
    assertThat(back).isEqualTo(all);
    List<String> forth = new ArrayList<>();
    for (JsonNode page = page(LONG.id, query + "&after=0"); ; ) {
      List<String> ids = ids(page);
      Collections.reverse(ids);
      forth.addAll(ids);
      assertThat(page.get("hasMore").booleanValue()).isEqualTo(forth.size() < all.size());
      if (!page.get("hasMore").booleanValue()) {
        break;
      }
      page = page(LONG.id, query + "&after=" + page.at("/cursors/after"));
    }
    Collections.reverse(forth);
    assertThat(forth).isEqualTo(all);
  }

  @Test
  void item_06_any_range_shows_what_a_naive_reader_would_find() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long from = LONG.oldest() - 2;
    int span = (int) (LONG.newest() - from + 3);
    for (int i = 0; i < 150; i++) {
      int limit = 1 + random.nextInt(100);
      long after = random.nextBoolean() ? from + random.nextInt(span) : -1;
      long before = random.nextBoolean() ? from + random.nextInt(span) : Long.MAX_VALUE;
      String query = "?limit=" + limit;
      query += after < 0 ? "" : "&after=" + after;
      query += before == Long.MAX_VALUE ? "" : "&before=" + before;
      List<String> found = LONG.ids(after, before);
      boolean hasMore = found.size() > limit;
      boolean forward = after >= 0 && before == Long.MAX_VALUE;
      List<String> expected =
          !hasMore
              ? found
              : forward
                  ? found.subList(found.size() - limit, found.size())
                  : found.subList(0, limit);
      JsonNode page = page(LONG.id, query);
      try {
        assertPage(page, expected, hasMore);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", " + query, e);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    ", 50",
    "limit=, 50",
    "limit=abc, 50",
    "limit=NaN, 50",
    "limit=7.9, 7",
    "limit=12abc, 12",
    "limit=%2012, 12",
    "limit=0, 1",
    "limit=-3, 1",
    "limit=100, 100",
    "limit=101, 100",
    "limit=99999999999999999999, 100",
    "limit=1e2, 1"
  })
  void a_limit_is_never_an_error(String query, int shown) {
    assertThat(page(LONG.id, query == null ? "" : "?" + query).get("messages")).hasSize(shown);
  }

  @Test
  void item_09_a_cursor_is_a_number_or_a_time_and_both_mean_the_same() {
    JsonNode middle = LONG.newestFirst.get(140);
    String iso = middle.get("createdAt").textValue();
    for (String side : new String[] {"before", "after"}) {
      JsonNode byNumber = page(LONG.id, "?" + side + "=" + time(middle));
      for (String form :
          new String[] {
            iso, iso.replace("Z", "%2B00:00"), time(middle) + ".7", "%20" + time(middle)
          }) {
        assertThat(page(LONG.id, "?" + side + "=" + form)).as(form).isEqualTo(byNumber);
      }
      assertThat(page(LONG.id, "?" + side + "=")).isEqualTo(page(LONG.id, ""));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "abc",
        "2024-01-15",
        "2024-13-45T00:00:00Z",
        "8640000000000001",
        "-8640000000000001",
        "1e400",
        "999999999999999999999999999999",
        "NaN",
        "null",
        "12abc",
        "{}"
      })
  void item_09_what_is_no_time_is_refused_and_never_misread(String cursor) {
    for (String side : new String[] {"before", "after"}) {
      Answer answer =
          Wire.get(session(LONG.id) + "/messages?" + side + "=" + Wire.segment(cursor)).send();
      JsonNode error = error(answer, 400, "VALIDATION_ERROR");
      assertThat(error.get("message").textValue())
          .startsWith("Invalid pagination parameter '" + side + "': ");
      assertThat(error.at("/details/parameter").textValue()).isEqualTo(side);
      assertThat(error.at("/details/value").textValue()).isEqualTo(cursor);
      assertThat(error.at("/details/reason").textValue()).isNotBlank();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-8640000000000000", "-5", "-1", "0", "1969-12-31T23:59:59Z"})
  void a_cursor_before_all_messages_is_one_all_the_same(String cursor) {
    List<String> all = LONG.ids(-1, Long.MAX_VALUE);
    assertPage(page(LONG.id, "?limit=10&after=" + cursor), all.subList(all.size() - 10, 300), true);
    assertPage(page(LONG.id, "?limit=10&before=" + cursor), List.of(), false);
  }

  @Test
  void a_cursor_behind_all_messages_likewise() {
    List<String> all = LONG.ids(-1, Long.MAX_VALUE);
    String last = "8640000000000000";
    assertPage(page(LONG.id, "?limit=10&before=" + last), all.subList(0, 10), true);
    assertPage(page(LONG.id, "?limit=10&after=" + last), List.of(), false);
    assertPage(page(LONG.id, "?before=9&after=5"), List.of(), false);
    assertPage(page(LONG.id, "?after=" + LONG.newest()), List.of(), false);
    assertPage(page(LONG.id, "?before=" + LONG.oldest()), List.of(), false);
  }

  @Test
  void reading_never_renews() {
    JsonNode before = get(LONG.id);
    page(LONG.id, "");
    JsonNode after = get(LONG.id);
    for (String field : new String[] {"renewalCount", "lastActivity", "expiresAt"}) {
      assertThat(after.get(field)).as(field).isEqualTo(before.get(field));
    }
    assertPage(page(created(), ""), List.of(), false);
  }

  @Test
  void what_was_trimmed_is_gone_and_the_pages_around_it_stay_exact() {
    String id = created();
    String large = "x".repeat(300_000);
    // Enough to be given back by the journal, which leaves the places of the messages behind.
    for (int i = 0; i < 8; i++) {
      assertThat(Fixtures.append(id, large + i).status()).isEqualTo(200);
    }
    for (int i = 8; i < 16; i++) {
      assertThat(Fixtures.append(id, "m" + i).status()).isEqualTo(200);
    }
    assertThat(Eventually.within(Duration.ofSeconds(30), () -> ids(page(id, "")).size() == 32))
        .isTrue();
    List<JsonNode> before = new ArrayList<>();
    page(id, "").get("messages").forEach(before::add);
    trim(id, 12);
    List<String> expected =
        before.stream()
            .filter(
                message ->
                    message.get("isAgent").booleanValue()
                        || message.get("content").textValue().matches("m1[2-5]"))
            .map(message -> message.get("id").textValue())
            .toList();
    assertThat(expected).hasSize(20);
    // First while the space is still to be given back, then when it was.
    for (int round = 0; round < 20; round++) {
      List<String> walked = new ArrayList<>();
      String query = "?limit=3";
      for (JsonNode page = page(id, query); ; ) {
        walked.addAll(ids(page));
        assertThat(page.get("hasMore").booleanValue()).isEqualTo(walked.size() < 20);
        if (!page.get("hasMore").booleanValue()) {
          break;
        }
        page = page(id, query + "&before=" + page.at("/cursors/before"));
      }
      assertThat(walked).isEqualTo(expected);
      assertThat(ids(page(id, "?limit=5&after=0"))).isEqualTo(expected.subList(15, 20));
    }
    assertThat(new HashSet<>(expected)).hasSize(20);
  }

  private static void trim(String externalId, long to) {
    RecordContent command =
        new RecordContent(
            List.of(new Header(Bytes.EMPTY, Bytes.utf8("trim"))),
            Bytes.wrap(ByteBuffer.allocate(8).putLong(to).array()));
    SessionReply reply =
        TestServer.sessions()
            .ask(
                SessionId.ofExternal(TestServer.ACME, externalId),
                SessionCommand.Append.single(Channel.IN, command, null))
            .toCompletableFuture()
            .join();
    assertThat(reply).isInstanceOf(SessionReply.Appended.class);
  }
}
