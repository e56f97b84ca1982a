package dev.parley.http.s2;

import static dev.parley.http.Fixtures.append;
import static dev.parley.http.Fixtures.channel;
import static dev.parley.http.Fixtures.created;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.SseReader;
import dev.parley.http.Wire;
import dev.parley.http.s2.S2Messages.Input;
import dev.parley.http.s2.S2Messages.Sequenced;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Readers of all faces who come and go while others write: each sees every record once. */
class FollowersTest {
  private static final int ROUNDS = 40;
  private static final int INPUTS_A_ROUND = 25;

  @Test
  void whoever_begins_whenever_sees_every_record_in_order() {
    String key = created("followers");
    S2Stream stream = S2Stream.of(key, "in");
    Random random = new Random(3);
    ExecutorService threads = Executors.newCachedThreadPool();
    List<CompletableFuture<List<Long>>> readers = new ArrayList<>();
    try (H2Connection connection = new H2Connection()) {
      S2Session writer = S2Session.append(connection, stream);
      int total = ROUNDS * (2 * INPUTS_A_ROUND + 1);
      int written = 0;
      for (int round = 0; round < ROUNDS; round++) {
        if (round % 4 == 0) {
          int from = random.nextInt(written + 1);
          int face = round / 4 % 3;
          readers.add(
              CompletableFuture.supplyAsync(
                  () -> follow(face, key, stream, from, total - from), threads));
        }
        for (int i = 0; i < INPUTS_A_ROUND; i++) {
          writer.send(Input.of("a", "b" + "x".repeat(random.nextInt(500))));
        }
        append(key, "other");
        for (int i = 0; i < INPUTS_A_ROUND; i++) {
          assertThat(writer.ack().end().seq()).isPositive();
        }
        written += 2 * INPUTS_A_ROUND + 1;
      }
      assertThat(stream.tail()).isEqualTo(total);
      for (CompletableFuture<List<Long>> reader : readers) {
        List<Long> numbers = reader.join();
        assertThat(numbers).isNotEmpty();
        for (int i = 0; i < numbers.size(); i++) {
          assertThat(numbers.get(i)).isEqualTo(total - numbers.size() + i);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** The numbers of so many records, read by a face from there on. */
  private static List<Long> follow(int face, String key, S2Stream stream, int from, int count) {
    String query = "?seq_num=" + from;
    if (face == 0) {
      try (H2Connection connection = new H2Connection()) {
        return S2Session.read(connection, stream, query).records(count).stream()
            .map(Sequenced::seq)
            .toList();
      }
    }
    Wire request =
        face == 1
            ? ReadFace.events(stream, query)
            : Wire.get(channel(key, "in"))
                .asAcme()
                .header("Last-Event-ID", from == 0 ? "none" : "" + (from - 1));
    try (SseReader reader = SseReader.open(request)) {
      List<JsonNode> records = reader.records(count);
      return records.stream().map(record -> record.get("seq_num").asLong()).toList();
    }
  }
}
