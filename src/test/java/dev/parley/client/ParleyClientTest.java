package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.TestServer;
import dev.parley.http.Fixtures;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client and the real server. */
class ParleyClientTest {
  private static final ParleyClient PARLEY =
      ParleyClient.builder(TestServer.origin() + "/", TestServer.ACME_KEY).build();

  private static ObjectNode metadata(String name, String value) {
    return JsonNodeFactory.instance.objectNode().put(name, value);
  }

  private static String created(String hint) {
    NewSession session = NewSession.of("chat", "client-test").externalId(Fixtures.fresh(hint));
    return PARLEY.create(session).session().key();
  }

  @Test
  void a_session_is_created_once_changed_and_closed_once() {
    String key = Fixtures.fresh("client/session ä%");
    Instant end = Instant.parse("2100-01-01T00:00:00Z");
    NewSession wanted =
        NewSession.of("chat", "client-test")
            .externalId(key)
            .tags(List.of("a", "b"))
            .metadata(metadata("customer", "7"))
            .basePayload(metadata("greeting", "Hello"))
            .expiresAt(end);
    CreatedSession created = PARLEY.create(wanted);
    assertThat(created.existed()).isFalse();
    assertThat(PARLEY.create(wanted).existed()).isTrue();

    Session session = PARLEY.get(key);
    assertThat(session.id()).isEqualTo(created.session().id()).startsWith("session_");
    assertThat(session.key()).isEqualTo(key);
    assertThat(session.type()).isEqualTo("chat");
    assertThat(session.taskIdentifier()).isEqualTo("client-test");
    assertThat(session.tags()).containsExactly("a", "b");
    assertThat(session.metadata()).contains(metadata("customer", "7"));
    assertThat(session.document().at("/triggerConfig/basePayload/greeting").asText())
        .isEqualTo("Hello");
    assertThat(session.expiresAt()).contains(end);
    assertThat(session.createdAt()).isBeforeOrEqualTo(session.updatedAt());
    assertThat(session.status(Instant.now())).isEqualTo(Session.Status.ACTIVE);
    assertThat(session.status(end)).isEqualTo(Session.Status.EXPIRED);

    Session changed = PARLEY.update(key, SessionChange.none().tags(List.of("c")));
    assertThat(changed.tags()).containsExactly("c");
    assertThat(changed.metadata()).isPresent();
    assertThat(PARLEY.update(key, SessionChange.none().withoutMetadata()).metadata()).isEmpty();

    assertThat(PARLEY.close(session.id(), "solved").closedReason()).contains("solved");
    Session closed = PARLEY.close(key);
    assertThat(closed.closedReason()).contains("solved");
    assertThat(closed.status(Instant.now())).isEqualTo(Session.Status.CLOSED);
  }

  @Test
  void a_session_without_an_external_id_goes_by_its_own() {
    Session session = PARLEY.create(NewSession.of("chat", "client-test")).session();
    assertThat(session.externalId()).isEmpty();
    assertThat(PARLEY.get(session.key()).id()).isEqualTo(session.id());
  }

  @Test
  void lists_go_over_pages_and_are_read_no_further_than_wanted() {
    String tag = Fixtures.fresh("pages");
    List<String> keys =
        IntStream.range(0, 205)
            .mapToObj(i -> NewSession.of("chat", "client-test").tags(List.of(tag, "n" + i % 2)))
            .map(session -> PARLEY.create(session).session().key())
            .toList();
    SessionFilter filter = SessionFilter.all().tag(tag);
    assertThat(PARLEY.list(filter).map(Session::key)).containsExactlyInAnyOrderElementsOf(keys);
    assertThat(PARLEY.list(filter).limit(3)).hasSize(3);
    assertThat(PARLEY.list(filter.search(keys.get(0)))).hasSize(1);
    assertThat(PARLEY.list(filter.type("chat").taskIdentifier("client-test").createdWithin("1h")))
        .hasSize(205);
    assertThat(PARLEY.list(filter.type("other"))).isEmpty();
    assertThat(PARLEY.list(filter.status(Session.Status.CLOSED))).isEmpty();
    assertThat(PARLEY.list(filter.createdTo(Instant.now().minus(Duration.ofHours(1))))).isEmpty();
    assertThat(PARLEY.list(filter.createdFrom(Instant.now().minus(Duration.ofHours(1)))))
        .hasSize(205);
  }

  @Test
  void lists_find_external_ids_and_metadata() {
    String key = Fixtures.fresh("found");
    String value = Fixtures.fresh("value");
    PARLEY.create(
        NewSession.of("chat", "client-test").externalId(key).metadata(metadata("m", value)));
    assertThat(PARLEY.list(SessionFilter.all().externalId(key))).hasSize(1);
    assertThat(PARLEY.list(SessionFilter.all().metadata("m", value))).hasSize(1);
    assertThat(PARLEY.list(SessionFilter.all().externalId(key).metadata("m", "other"))).isEmpty();
  }

  @Test
  void a_record_is_appended_once_under_its_part_id() {
    Channel in = Channel.in(created("append"));
    assertThat(PARLEY.append(in, "Hello \"you\" 𝄞")).isZero();
    assertThat(PARLEY.append(in, "once", "part: 1")).isEqualTo(1);
    assertThat(PARLEY.append(in, "once", "part: 1")).isEqualTo(1);
    assertThat(PARLEY.append(in, "last")).isEqualTo(2);
    List<ChannelRecord> records = PARLEY.read(in, 0, 100);
    assertThat(records)
        .extracting(ChannelRecord::text)
        .containsExactly("Hello \"you\" 𝄞", "once", "last");
    assertThat(records.get(1).partId()).contains("part: 1");
    assertThat(records.get(0).timestamp()).isBetween(Instant.now().minusSeconds(60), Instant.now());
    assertThat(PARLEY.read(in, 1, 1)).extracting(ChannelRecord::seq).containsExactly(1L);
    assertThat(PARLEY.read(in, 3, 1)).isEmpty();
    assertThat(PARLEY.read(in, 70, 1)).isEmpty();
  }

  @Test
  void channels_of_a_session_are_apart() {
    String key = created("apart");
    List<Channel> channels =
        List.of(
            Channel.in(key),
            Channel.out(key),
            Channel.side(key, "progress", Direction.IN),
            Channel.side(key, "progress", Direction.OUT));
    channels.forEach(channel -> assertThat(PARLEY.append(channel, channel.toString())).isZero());
    channels.forEach(
        channel ->
            assertThat(PARLEY.read(channel, 0, 10))
                .extracting(ChannelRecord::text)
                .containsExactly(channel.toString()));
  }

  @Test
  void what_the_server_refuses_says_why() {
    String key = created("refused");
    PARLEY.close(key, "over");
    assertThatThrownBy(() -> PARLEY.append(Channel.in(key), "late"))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(409);
              assertThat(refused.code()).contains("session_closed");
              assertThat(refused.text()).isEqualTo("Cannot append to a closed session");
            });
    assertThatThrownBy(() -> PARLEY.get("nobody")).hasMessageContaining("refuses (404): Not found");
    assertThatThrownBy(
            () ->
                ParleyClient.builder(TestServer.origin(), "wrong")
                    .build()
                    .read(Channel.in(key), 0, 1))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.status()).isEqualTo(401));
  }

  @Test
  void a_public_token_may_do_what_it_says() {
    CreatedSession session =
        PARLEY.create(NewSession.of("chat", "client-test").externalId(Fixtures.fresh("token")));
    String key = session.session().key();
    ParleyClient browser = ParleyClient.builder(TestServer.origin(), session.publicToken()).build();
    assertThat(browser.append(Channel.in(key), "Hello")).isZero();
    assertThat(browser.read(Channel.in(key), 0, 10)).hasSize(1);
    assertThatThrownBy(() -> browser.append(Channel.out(key), "Hello"))
        .hasMessageContaining("(403)");
  }

  @Test
  void a_tail_gets_what_is_there_and_what_comes() {
    Channel out = Channel.out(created("tail"));
    PARLEY.append(out, "0");
    PARLEY.append(out, "1");
    Received all = Received.of(PARLEY.tail(out, 0)).request(100).await(2);
    Received later = Received.of(PARLEY.tail(out, 3)).request(100);
    Received now = Received.of(PARLEY.read(out, 1)).request(100);
    assertThat(now.end()).isNull();
    assertThat(now.numbers()).containsExactly(1L);
    for (int i = 2; i < 10; i++) {
      PARLEY.append(out, "" + i);
    }
    assertThat(all.await(10).numbers())
        .containsExactlyElementsOf(LongStream.range(0, 10).boxed().toList());
    assertThat(later.await(7).numbers())
        .containsExactlyElementsOf(LongStream.range(3, 10).boxed().toList());
    all.cancel();
    later.cancel();
  }

  @Test
  void from_now_on_shows_nothing_older() {
    Channel out = Channel.out(created("now"));
    PARLEY.append(out, "before");
    Received received = Received.of(PARLEY.tailFromNow(out)).request(100);
    // The server was asked at some time before the first record that comes.
    while (received.records().isEmpty()) {
      PARLEY.append(out, "after");
    }
    received.cancel();
    assertThat(received.records()).allMatch(read -> read.text().equals("after"));
    assertThat(received.numbers()).isSorted().doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3, Long.MAX_VALUE})
  void connections_that_are_cut_in_the_middle_lose_and_repeat_nothing(long demand)
      throws Exception {
    long seed = System.nanoTime();
    Channel out = Channel.out(created("cut"));
    int count = 300;
    // A whole batch of them, which is about half of that, must get through sometimes.
    try (CuttingProxy proxy = new CuttingProxy(TestServer.port(), 60_000, new Random(seed))) {
      ParleyClient parley = ParleyClient.builder(proxy.url(), TestServer.ACME_KEY).build();
      Received live = Received.of(parley.tail(out, 0)).request(demand);
      for (int i = 0; i < count; i++) {
        // Answers of appends are lost, too.
        assertThat(parley.append(out, "text " + i)).isEqualTo(i);
      }
      Received replayed = Received.of(parley.tail(out, 0)).request(demand);
      for (Received received : List.of(live, replayed)) {
        for (long asked = demand; asked < count; asked += demand) {
          received.await((int) Math.min(asked, count)).request(demand);
        }
        received.await(count).cancel();
        assertThat(received.records())
            .as("seed %d", seed)
            .extracting(ChannelRecord::text)
            .containsExactlyElementsOf(
                IntStream.range(0, count).mapToObj(i -> "text " + i).toList());
      }
      assertThat(proxy.cuts()).isGreaterThanOrEqualTo(3);
    }
  }

  @Test
  void a_waitpoint_is_waited_for_until_it_is_completed_or_times_out() {
    String id = PARLEY.createWaitpoint(Duration.ofMinutes(5));
    Waitpoint waiting = PARLEY.awaitWaitpoint(id, Duration.ZERO);
    assertThat(waiting.status()).isEqualTo(Waitpoint.Status.WAITING);
    assertThat(waiting.output()).isEmpty();
    CompletableFuture<Waitpoint> ended =
        CompletableFuture.supplyAsync(() -> PARLEY.awaitWaitpoint(id, Duration.ofMinutes(1)));
    PARLEY.completeWaitpoint(id, metadata("answer", "42"));
    PARLEY.completeWaitpoint(id, metadata("answer", "too late"));
    assertThat(ended)
        .succeedsWithin(Duration.ofSeconds(30))
        .satisfies(
            waitpoint -> {
              assertThat(waitpoint.id()).isEqualTo(id);
              assertThat(waitpoint.status()).isEqualTo(Waitpoint.Status.COMPLETED);
              assertThat(waitpoint.output()).contains(metadata("answer", "42"));
            });
    String nobody = PARLEY.createWaitpoint(Duration.ofSeconds(1));
    assertThat(PARLEY.awaitWaitpoint(nobody, Duration.ofMinutes(1)).status())
        .isEqualTo(Waitpoint.Status.TIMED_OUT);
  }

  @Test
  void whatever_else_there_is_can_be_asked() {
    assertThat(
            PARLEY
                .ask("GET", "/api/admin/projections", null, Duration.ofSeconds(10))
                .path("projections"))
        .isNotEmpty();
    String key = created("asked");
    assertThat(
            PARLEY
                .ask(
                    "PATCH",
                    "/api/v1/sessions/" + key,
                    JsonNodeFactory.instance.objectNode().putNull("metadata"),
                    Duration.ofSeconds(10))
                .path("externalId")
                .asText())
        .isEqualTo(key);
  }
}
