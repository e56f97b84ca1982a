package dev.parley.http.sessions;

import static dev.parley.http.Fixtures.append;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.fresh;
import static dev.parley.http.sessions.Waits.TOKENS;
import static dev.parley.http.sessions.Waits.ask;
import static dev.parley.http.sessions.Waits.complete;
import static dev.parley.http.sessions.Waits.newToken;
import static dev.parley.http.sessions.Waits.now;
import static dev.parley.http.sessions.Waits.registered;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.CallbackReceiver;
import dev.parley.CallbackReceiver.Call;
import dev.parley.Eventually;
import dev.parley.TestServer;
import dev.parley.http.Wire;
import dev.parley.journal.DatabaseAddress;
import dev.parley.session.SessionId;
import dev.parley.session.WaitpointId;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callback URLs of waitpoints (issue 4, "Waiters"), with a receiver on this machine. */
class CallbackTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static CallbackReceiver receiver;

  @BeforeAll
  static void start() throws IOException {
    receiver = CallbackReceiver.start();
  }

  @AfterAll
  static void stop() {
    receiver.close();
  }

  private static String field(String url) {
    return "\"callbackUrl\":\"" + url + "\"";
  }

  private static String token(String url) {
    return newToken("{" + field(url) + "}").get("id").asText();
  }

  /** What the journal says of a waitpoint's session, as letters in their order. */
  private static String letters(String waitpoint) {
    SessionId session = WaitpointId.session(TestServer.ACME, waitpoint).orElseThrow();
    DatabaseAddress database = TestServer.database();
    try (Connection connection =
            DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
        PreparedStatement select =
            connection.prepareStatement(
                "select string_agg(event_ser_manifest, '' order by sequence_number)"
                    + " from event_journal where persistence_id = ?")) {
      select.setString(1, "Session|" + session.entityId());
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitLetters(String waitpoint, String letters) {
    assertThat(Eventually.within(PATIENCE, () -> letters(waitpoint).equals(letters)))
        .as(() -> "the journal says " + letters(waitpoint))
        .isTrue();
  }

  @Test
  void the_end_is_told_once_as_the_signed_document_that_a_get_shows() {
    String name = fresh("once");
    String id = token(receiver.url(name, 200));
    assertThat(complete(id, "{\"data\":{\"text\":\"é😀\"}}").status()).isEqualTo(200);
    Call call = receiver.await(name, 1).get(0);
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.path().getQuery()).isEqualTo("200");
    assertThat(call.header("Content-Type")).isEqualTo("application/json");
    assertThat(call.header("X-Parley-Delivery")).isEqualTo(id.replace("waitpoint", "delivery"));
    assertThat(call.json()).isEqualTo(now(id));
    assertThat(call.json().get("status").asText()).isEqualTo("COMPLETED");
    assertThat(call.json().get("output").asText()).isEqualTo("{\"text\":\"é😀\"}");
    assertThat(call.isSignedWith(TestServer.ACME_KEY)).isTrue();
    assertThat(call.isSignedWith(TestServer.ACME_OLD_KEY)).isFalse();
    awaitLetters(id, "WADKK");
    assertThat(receiver.calls(name)).hasSize(1);
  }

  @Test
  void what_is_not_taken_is_sent_again_under_the_same_id_and_a_redirect_is_not_followed() {
    String name = fresh("again");
    String id = token(receiver.url(name, 500, 302, 404, 204));
    complete(id, "{\"data\":1}");
    List<Call> calls = receiver.await(name, 4);
    awaitLetters(id, "WADKKKKK");
    assertThat(receiver.calls(name)).hasSize(4);
    assertThat(receiver.calls("elsewhere")).isEmpty();
    assertThat(calls)
        .extracting(call -> call.header("X-Parley-Delivery"))
        .containsOnly(id.replace("waitpoint", "delivery"));
    assertThat(calls)
        .extracting(call -> new String(call.body()))
        .containsOnly(new String(calls.get(0).body()));
    assertThat(calls).allMatch(call -> call.isSignedWith(TestServer.ACME_KEY));
    assertThat(calls.get(1).timeMillis() - calls.get(0).timeMillis()).isGreaterThanOrEqualTo(95);
    assertThat(calls.get(2).timeMillis() - calls.get(1).timeMillis()).isGreaterThanOrEqualTo(190);
  }

  @Test
  void who_never_answers_is_asked_again() {
    String name = fresh("silent");
    String id = token(receiver.url(name, CallbackReceiver.SILENCE, 200));
    complete(id, "");
    List<Call> calls = receiver.await(name, 2);
    assertThat(calls.get(1).timeMillis() - calls.get(0).timeMillis())
        .as("the limit of a try, less what the receiver took to notice it")
        .isGreaterThanOrEqualTo(500);
    assertThat(calls.get(1).json().has("output")).isFalse();
    awaitLetters(id, "WDKKK");
  }

  @Test
  void a_receiver_that_comes_late_is_told_all_the_same() throws IOException {
    int port;
    try (CallbackReceiver gone = CallbackReceiver.start()) {
      port = gone.port();
    }
    String id = token("http://127.0.0.1:" + port + "/late");
    complete(id, "{\"data\":1}");
    assertThat(Eventually.within(PATIENCE, () -> letters(id).startsWith("WADKK"))).isTrue();
    try (CallbackReceiver late = CallbackReceiver.startOn(port)) {
      assertThat(late.await("late", 1).get(0).json()).isEqualTo(now(id));
    }
  }

  @Test
  void gone_is_for_good() {
    String name = fresh("gone");
    String id = token(receiver.url(name, 500, 410, 200));
    complete(id, "{\"data\":1}");
    awaitLetters(id, "WADKKK");
    assertThat(receiver.calls(name)).hasSize(2);
  }

  @Test
  void a_deadline_is_told_as_an_error() {
    String name = fresh("timed");
    String id =
        newToken("{\"timeout\":\"1s\"," + field(receiver.url(name)) + "}").get("id").asText();
    JsonNode told = receiver.await(name, 1).get(0).json();
    assertThat(told.get("status").asText()).isEqualTo("TIMED_OUT");
    assertThat(told.get("outputIsError").booleanValue()).isTrue();
    assertThat(told).isEqualTo(now(id));
    awaitLetters(id, "WTKK");
  }

  @Test
  void all_who_wait_for_one_record_are_told_of_it() {
    String key = created("three");
    List<String> names = List.of(fresh("a"), fresh("b"), fresh("c"));
    List<String> ids =
        names.stream().map(name -> registered(key, "in", "," + field(receiver.url(name)))).toList();
    append(key, "the record");
    for (int i = 0; i < 3; i++) {
      JsonNode told = receiver.await(names.get(i), 1).get(0).json();
      assertThat(told.get("id").asText()).isEqualTo(ids.get(i));
      assertThat(told.get("output").asText()).isEqualTo("the record");
    }
    String late = fresh("late");
    registered(key, "in", "," + field(receiver.url(late)));
    assertThat(receiver.await(late, 1).get(0).json().get("output").asText())
        .as("what was there before the waiter")
        .isEqualTo("the record");
  }

  @Test
  void a_repeated_registration_has_the_callback_of_the_first() {
    String name = fresh("first");
    String other = fresh("second");
    String key = "\"idempotencyKey\":\"" + fresh("key") + "\",";
    String id = newToken("{" + key + field(receiver.url(name)) + "}").get("id").asText();
    JsonNode again =
        Wire.post(TOKENS).asAcme().body("{" + key + field(receiver.url(other)) + "}").send().json();
    assertThat(again.get("isCached").booleanValue()).isTrue();
    complete(id, "{\"data\":1}");
    receiver.await(name, 1);
    awaitLetters(id, "WADKK");
    assertThat(receiver.calls(other)).isEmpty();
  }

  private static List<String> registerMany(String key, int count, String url) {
    return IntStream.range(0, count)
        .mapToObj(i -> registered(key, "in", "," + field(url)))
        .toList();
  }

  @Test
  void a_hundred_that_fall_due_together_are_all_told() {
    String key = created("many");
    String name = fresh("many");
    List<String> ids = registerMany(key, 100, receiver.url(name));
    append(key, "x");
    List<Call> calls = receiver.await(name, 100);
    assertThat(calls.stream().map(call -> call.json().get("id").asText()))
        .containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void a_session_has_no_more_than_eight_tries_under_way() {
    String key = created("few");
    String name = fresh("few");
    registerMany(key, 20, receiver.url(name, CallbackReceiver.SILENCE));
    append(key, "x");
    List<Long> times = receiver.await(name, 20).stream().map(Call::timeMillis).sorted().toList();
    for (int i = 8; i < 20; i++) {
      assertThat(times.get(i) - times.get(i - 8))
          .as("a try begins when one of the eight before it has had its second")
          .isGreaterThanOrEqualTo(500);
    }
  }

  /** The name is a number, which Java resolves to an address: 127.0.0.1 is allowed here. */
  @Test
  void a_name_of_a_private_address_is_not_connected_to() {
    String name = fresh("hidden");
    String id = token("http://2130706434:" + receiver.port() + "/" + name);
    complete(id, "{\"data\":1}");
    assertThat(Eventually.within(PATIENCE, () -> letters(id).startsWith("WADKKK"))).isTrue();
    assertThat(receiver.calls(name)).isEmpty();
    String allowed = fresh("allowed");
    complete(token("http://2130706433:" + receiver.port() + "/" + allowed), "{\"data\":1}");
    receiver.await(allowed, 1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "/path",
        "ftp://a.example/",
        "http:///x",
        "https://user:word@a.example/",
        "https://a.example/#part",
        "https://a.example:0/",
        "http://10.1.2.3/",
        "http://127.0.0.2/",
        "http://169.254.169.254/latest",
        "http://[::1]:8080/",
        "http://[::ffff:10.0.0.1]/"
      })
  void a_url_that_can_not_be_used_is_refused_at_once(String url) {
    String body = "{" + field(url) + "}";
    assertThat(Wire.post(TOKENS).asAcme().body(body).send().status()).isEqualTo(400);
    String key = created("refused");
    assertThat(ask(key, "in", "," + field(url)).error()).contains("callbackUrl");
    assertThat(ask(key, "in", "," + field(url)).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "[]", "\"\"", "{}"})
  void a_url_that_is_none_is_refused(String value) {
    String body = "{\"callbackUrl\":" + value + "}";
    assertThat(Wire.post(TOKENS).asAcme().body(body).send().status()).isEqualTo(400);
  }
}
