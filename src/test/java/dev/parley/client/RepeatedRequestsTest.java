package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests are sent again, and when they are given up. */
class RepeatedRequestsTest {
  private static final Channel IN = Channel.in("chat-1");
  private static final String SESSION =
      "{\"id\":\"session_1\",\"externalId\":\"chat-1\",\"isCached\":false}";

  private final StandIn server = new StandIn();
  private final ParleyClient parley = ParleyClient.builder(server.url(), "key").build();

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503})
  void an_append_is_sent_again_under_its_part_id_until_it_is_acknowledged(int status) {
    server
        .thenStatus(status, "", "<html>")
        .then(out -> {})
        .thenStatus(200, "", "{\"ok\":true,\"seq\":7}");
    assertThat(parley.append(IN, "Hello")).isEqualTo(7);
    assertThat(server.requests()).hasSize(3);
    assertThat(
            server.requests().stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("X-Part-Id: "))
                .distinct())
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 409, 410, 413, 422})
  void a_refusal_for_good_is_told_at_once(int status) {
    server.thenStatus(status, "", "{\"error\":\"No\"}");
    assertThatThrownBy(() -> parley.append(IN, "Hello"))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.status()).isEqualTo(status))
        .hasMessageContaining("refuses (" + status + "): No");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void the_last_refusal_is_told_when_the_server_asks_for_more_than_patience() {
    server.thenStatus(503, "Retry-After: 3600", "{\"error\":\"Later\"}");
    assertThatThrownBy(() -> parley.get("chat-1")).hasMessageContaining("(503): Later");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void without_an_external_id_a_session_is_not_created_twice() {
    server.then(out -> {});
    assertThatThrownBy(() -> parley.create(NewSession.of("chat", "t")))
        .isInstanceOf(NotAnsweringException.class);
    server.thenStatus(503, "", "{}");
    assertThatThrownBy(() -> parley.create(NewSession.of("chat", "t")))
        .isInstanceOf(RefusedException.class);
    assertThat(server.requests()).hasSize(2);
    server.thenStatus(429, "", "{}").thenStatus(201, "", SESSION);
    assertThat(parley.create(NewSession.of("chat", "t")).session().id()).isEqualTo("session_1");
  }

  @Test
  void with_an_external_id_it_is_asked_for_again() {
    server.then(out -> {}).thenStatus(201, "", SESSION);
    NewSession session = NewSession.of("chat", "t").externalId("chat-1");
    assertThat(parley.create(session).session().key()).isEqualTo("chat-1");
  }

  @Test
  void what_is_not_parley_is_recognized() {
    server.thenStatus(200, "", "<html>").thenStatus(404, "", "<html>").thenStatus(200, "", "{}");
    for (String answer : new String[] {"200 and no JSON", "404 and no JSON", "no session"}) {
      assertThatThrownBy(() -> parley.get("chat-1"))
          .isInstanceOf(UnexpectedAnswerException.class)
          .hasMessageContaining(answer);
    }
  }

  @Test
  void an_interrupted_thread_stops_waiting_and_stays_interrupted() {
    server.then(out -> {});
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> parley.get("chat-1")).hasMessageContaining("Interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://host, key,    URL",
    "host:8080,  key,    URL",
    "http://h,   'a b',  characters",
    "http://h,   'k\u00e9y', characters",
  })
  void a_client_that_could_reach_nobody_is_not_built(String url, String key, String text) {
    assertThatThrownBy(() -> ParleyClient.builder(url, key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text)
        .hasMessageNotContaining("a b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " a", "a ", "a\nb", "é"})
  void a_part_id_that_no_header_could_hold_is_refused(String partId) {
    assertThatThrownBy(() -> parley.append(IN, "Hello", partId))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void channels_have_names_and_sessions() {
    assertThat(Channel.side("a/b", "x.y", Direction.OUT).path())
        .isEqualTo("/realtime/v1/sessions/a%2Fb/channels/x.y/out");
    assertThatThrownBy(() -> Channel.in("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Channel.side("a", "b/c", Direction.IN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> parley.tail(IN, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> parley.get("")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void patience_of_zero_tries_once() {
    server.thenStatus(503, "", "{\"error\":\"Later\"}");
    ParleyClient hasty = ParleyClient.builder(server.url(), "key").patience(Duration.ZERO).build();
    assertThatThrownBy(() -> hasty.get("chat-1")).isInstanceOf(RefusedException.class);
    assertThat(server.requests()).hasSize(1);
  }
}
