package dev.parley.http.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What waits to be sent on one connection. */
class OutboxTest {
  private static final Encoded SMALL = Encoded.message("x");

  @Test
  void the_connection_is_told_once_until_it_has_heard() {
    Outbox outbox = new Outbox(10_000);
    assertThat(outbox.offer(SMALL)).isEqualTo(Outbox.Offer.WAKE);
    assertThat(outbox.offer(SMALL)).isEqualTo(Outbox.Offer.QUEUED);
    outbox.heard();
    assertThat(outbox.take(10)).hasSize(2);
    assertThat(outbox.offer(SMALL)).isEqualTo(Outbox.Offer.WAKE);
  }

  @Test
  void what_was_taken_counts_until_it_is_sent() {
    Outbox outbox = new Outbox(1_000);
    Encoded large = Encoded.message("x".repeat(700));
    assertThat(outbox.offer(large)).isEqualTo(Outbox.Offer.WAKE);
    assertThat(outbox.offer(large)).isEqualTo(Outbox.Offer.FULL);
    assertThat(outbox.take(10)).containsExactly(large);
    assertThat(outbox.offer(large)).isEqualTo(Outbox.Offer.FULL);
    outbox.sent();
    assertThat(outbox.offer(large)).isEqualTo(Outbox.Offer.QUEUED);
  }

  @Test
  void small_packets_fill_it_too() {
    Outbox outbox = new Outbox(10_000);
    int taken = 0;
    while (outbox.offer(SMALL) != Outbox.Offer.FULL) {
      taken++;
    }
    assertThat(taken).isBetween(50, 200);
  }

  @Test
  void the_connection_itself_may_always_speak_and_nobody_after_the_end() {
    Outbox outbox = new Outbox(0);
    assertThat(outbox.offer(SMALL)).isEqualTo(Outbox.Offer.FULL);
    outbox.control(Encoded.PING);
    outbox.close();
    assertThat(outbox.offer(SMALL)).isEqualTo(Outbox.Offer.CLOSED);
    assertThat(outbox.take(10)).containsExactly(Encoded.PING);
    assertThat(outbox.isEmpty()).isTrue();
  }

  @Test
  void the_packets_of_one_thread_keep_their_order_and_none_is_lost() {
    Outbox outbox = new Outbox(Long.MAX_VALUE);
    int each = 5_000;
    List<CompletableFuture<Void>> writers =
        IntStream.range(0, 4)
            .mapToObj(
                writer ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (int i = 0; i < each; i++) {
                            outbox.offer(new Encoded(writer + " " + i, 10));
                          }
                        }))
            .toList();
    List<Encoded> all = new ArrayList<>();
    while (all.size() < 4 * each) {
      all.addAll(outbox.take(64));
      outbox.sent();
      if (writers.stream().allMatch(CompletableFuture::isDone) && outbox.isEmpty()) {
        break;
      }
    }
    all.addAll(outbox.take(Integer.MAX_VALUE));
    for (int writer = 0; writer < 4; writer++) {
      String prefix = writer + " ";
      assertThat(all.stream().map(Encoded::text).filter(text -> text.startsWith(prefix)).toList())
          .isEqualTo(IntStream.range(0, each).mapToObj(i -> prefix + i).toList());
    }
  }
}
