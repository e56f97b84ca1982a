package dev.parley.client;

import static dev.parley.client.StandIn.batch;
import static dev.parley.client.StandIn.ping;
import static dev.parley.client.StandIn.silence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a tail makes of what a server does to it. */
class TailTest {
  private static final Channel OUT = Channel.out("chat/1");
  private static final String DONE = "data: [DONE]\n\n";
  private static final String ERROR = "event: error\ndata: this node is about to leave\n\n";

  private final StandIn server = new StandIn();

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private ParleyClient client(Duration patience) {
    return ParleyClient.builder(server.url(), "key").patience(patience).build();
  }

  private Received tail(long from) {
    return Received.of(client(Duration.ofSeconds(20)).tail(OUT, from));
  }

  /** The {@code Last-Event-ID} of each request; "none" for those without. */
  private List<String> resumed() {
    return server.requests().stream()
        .map(
            head ->
                head.lines()
                    .filter(line -> line.startsWith("Last-Event-ID: "))
                    .map(line -> line.substring("Last-Event-ID: ".length()))
                    .findFirst()
                    .orElse("none"))
        .toList();
  }

  @Test
  void goes_on_behind_the_last_whole_event_when_the_connection_is_cut() {
    String second = batch(2, 3);
    server
        .thenEvents(batch(0, 1), second.substring(0, second.length() - 2))
        .thenEvents()
        .thenEvents(batch(2), second.substring(0, 10))
        .then(silence(batch(3, 4)));
    Received received = tail(0).request(100).await(5);
    assertThat(received.numbers()).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(resumed()).containsExactly("none", "1", "1", "2");
    assertThat(server.requests().get(0))
        .startsWith("GET /realtime/v1/sessions/chat%2F1/out HTTP/1.1")
        .contains("Authorization: Bearer key", "Accept: text/event-stream");
  }

  @ParameterizedTest
  @ValueSource(strings = {DONE, ERROR, "event: batch\ndata: {not JSON\n\n"})
  void comes_again_when_it_is_told_to(String last) {
    server.thenEvents(batch(0), last, batch(9)).then(silence(batch(1)));
    assertThat(tail(0).request(100).await(2).numbers()).containsExactly(0L, 1L);
    assertThat(resumed()).containsExactly("none", "0");
  }

  @Test
  void repeated_records_are_left_out_and_so_are_commands() {
    String trim =
        "event: batch\ndata: {\"records\":[{\"seq_num\":6,\"timestamp\":1,\"headers\":[[\"\",\"trim\"]],"
            + "\"body\":\"x\"}]}\n\n";
    server.thenEvents(batch(4, 5), batch(5), trim).then(silence(batch(6, 7)));
    assertThat(tail(5).request(100).await(2).numbers()).containsExactly(5L, 7L);
    assertThat(resumed()).containsExactly("4", "6");
  }

  @Test
  void waits_as_long_as_the_server_asks() {
    long start = System.nanoTime();
    server.thenStatus(503, "Retry-After: 1", "{}").then(silence(batch(0)));
    tail(0).request(1).await(1);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
  }

  @Test
  void ends_with_what_the_server_says_when_it_refuses_for_good() {
    server
        .thenEvents(batch(0))
        .thenStatus(404, "", "{\"error\":\"Resource not found\",\"code\":\"c\"}");
    Received received = tail(0).request(100);
    assertThat(received.end())
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> {
              assertThat(refused.status()).isEqualTo(404);
              assertThat(refused.text()).isEqualTo("Resource not found");
              assertThat(refused.code()).contains("c");
            });
    assertThat(received.numbers()).containsExactly(0L);
  }

  @Test
  void ends_when_nobody_answers_for_too_long() throws Exception {
    server.close();
    Received received = Received.of(client(Duration.ofMillis(500)).tail(OUT, 0)).request(1);
    assertThat(received.end())
        .isInstanceOf(NotAnsweringException.class)
        .hasMessageContaining(server.url() + " does not answer");
  }

  @Test
  void a_server_that_says_nothing_any_more_is_given_up() {
    server.then(silence(batch(0), ping(1))).then(StandIn::noAnswer).then(silence(batch(1)));
    ParleyClient parley = client(Duration.ofSeconds(20));
    Received received =
        Received.of(parley.records(OUT, 0, true, Duration.ofMillis(300))).request(100);
    assertThat(received.await(2).numbers()).containsExactly(0L, 1L);
  }

  @Test
  void a_stream_that_has_become_shorter_is_not_gone_on_with() {
    server.thenEvents(batch(0, 1, 2), ping(3));
    for (int i = 0; i < 20; i++) {
      server.thenEvents(ping(1), batch(1));
    }
    Received received = Received.of(client(Duration.ofMillis(400)).tail(OUT, 0)).request(100);
    assertThat(received.end()).hasMessageContaining("chat/1.out").hasMessageContaining("purged");
    assertThat(received.numbers()).containsExactly(0L, 1L, 2L);
  }

  @Test
  void from_now_on_begins_at_the_end_and_goes_on_from_there() {
    server.thenEvents(ping(7)).then(silence(batch(6, 7)));
    Received received =
        Received.of(client(Duration.ofSeconds(20)).tailFromNow(OUT)).request(100).await(1);
    assertThat(received.numbers()).containsExactly(7L);
    assertThat(server.requests().get(0)).contains("X-Trigger-Stream-Start: latest");
    assertThat(resumed()).containsExactly("none", "6");
  }

  @Test
  void reading_ends_where_the_stream_does_also_when_it_was_cut() {
    server.thenEvents(batch(0, 1)).then(silence(batch(2), ping(3)));
    assertThat(client(Duration.ofSeconds(20)).read(OUT, 0, 100))
        .extracting(ChannelRecord::text)
        .containsExactly("text 0", "text 1", "text 2");
  }

  @Test
  void gives_no_more_than_was_asked_for() {
    server.then(silence(batch(0, 1, 2), batch(3), ping(4)));
    Received received = tail(0);
    for (int i = 1; i <= 4; i++) {
      assertThat(received.request(1).await(i).numbers()).hasSize(i);
    }
  }

  @Test
  void while_nothing_is_asked_for_the_server_waits() {
    AtomicLong written = new AtomicLong();
    String text = "x".repeat(10_000);
    server.then(
        out -> {
          out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          for (int i = 0; i < 10_000; i++) {
            out.write(
                ("event: batch\ndata: {\"records\":[{\"seq_num\":"
                        + i
                        + ",\"body\":\""
                        + text
                        + "\"}]}\n\n")
                    .getBytes(StandardCharsets.US_ASCII));
            written.set(i + 1);
          }
        });
    Received received = tail(0).request(1).await(1);
    // Of 100 MB no more than what sockets and the HTTP client hold.
    assertThat(standsStill(written)).as("%s written", written).isTrue();
    assertThat(written.get()).isLessThan(2_000);
    assertThat(received.numbers()).containsExactly(0L);
    received.request(Long.MAX_VALUE).request(Long.MAX_VALUE).await(10_000);
    assertThat(received.numbers()).hasSize(10_000).isSorted().doesNotHaveDuplicates();
  }

  /** Whether it is the same at twenty looks, one after the other. */
  private static boolean standsStill(AtomicLong number) {
    AtomicLong seen = new AtomicLong(-1);
    AtomicInteger times = new AtomicInteger();
    return Eventually.within(
        Duration.ofSeconds(20),
        () -> {
          long now = number.get();
          times.set(seen.getAndSet(now) == now ? times.get() + 1 : 0);
          return times.get() >= 20;
        });
  }

  @Test
  void a_cancelled_tail_leaves_the_server() {
    CompletableFuture<Void> left = new CompletableFuture<>();
    server.then(
        out -> {
          out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          try {
            while (true) {
              out.write(batch(0).getBytes(StandardCharsets.US_ASCII));
            }
          } catch (IOException e) {
            left.complete(null);
          }
        });
    Received received = tail(0).request(1).await(1);
    received.cancel();
    assertThat(left).succeedsWithin(Duration.ofSeconds(10));
    assertThat(received.hasEnded()).isFalse();
    assertThat(received.numbers()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void asking_for_no_records_is_an_error(long count) {
    server.then(silence(batch(0)));
    assertThat(tail(0).request(count).end()).isInstanceOf(IllegalArgumentException.class);
  }
}
