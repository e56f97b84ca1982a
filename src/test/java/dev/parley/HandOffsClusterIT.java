package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.web.Browser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hand-offs on three nodes that are processes of their own: each is given out once, whichever node
 * is asked, also while one of them is killed (web-runtime.md section 6).
 */
@Tag("long")
class HandOffsClusterIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int HAND_OFFS = 60;
  private static final int KILLED = 1;

  /** In the place of a status: nobody knows whether the hand-off was given. */
  private static final int CUT_OFF = 0;

  @TempDir Path directory;

  @Test
  void a_hand_off_is_given_once_by_three_nodes_of_which_one_is_killed() throws Exception {
    try (ThreeNodes nodes =
            ThreeNodes.start(
                directory,
                Map.of(
                    "SESSION_SECRET",
                    "one for all",
                    "PARLEY_REALTIME_KEY",
                    HandOffs.REALTIME_KEY));
        AutoCloseable connections = Browser::disconnect) {
      List<String> origins =
          List.of(0, 1, 2).stream().map(node -> nodes.get(node).baseUrl().toString()).toList();
      List<String> ids = offer(origins);
      CountDownLatch some = new CountDownLatch(HAND_OFFS * 3 / 2);
      ExecutorService askers = Executors.newFixedThreadPool(16);
      List<List<CompletableFuture<Integer>>> asked = new ArrayList<>();
      for (String id : ids) {
        List<CompletableFuture<Integer>> ofThis = new ArrayList<>();
        for (String origin : origins) {
          ofThis.add(
              CompletableFuture.supplyAsync(
                  () -> {
                    int status = takeOnce(origin, id);
                    some.countDown();
                    return status;
                  },
                  askers));
        }
        asked.add(ofThis);
      }
      some.await();
      nodes.get(KILLED).kill9();
      int unknown = 0;
      for (int i = 0; i < ids.size(); i++) {
        List<Integer> statuses = asked.get(i).stream().map(CompletableFuture::join).toList();
        long given = statuses.stream().filter(status -> status == 200).count();
        boolean known = statuses.stream().allMatch(status -> status == 200 || status == 410);
        unknown += known ? 0 : 1;
        assertThat(given).as("answers %s", statuses).isLessThanOrEqualTo(1);
        int late = takeAtLast(origins.get(i % 2 == 0 ? 0 : 2), ids.get(i));
        assertThat(given + (late == 200 ? 1 : 0)).isLessThanOrEqualTo(1);
        if (known) {
          assertThat(given).as("answers %s", statuses).isEqualTo(1);
          assertThat(late).isEqualTo(410);
        }
      }
      askers.shutdown();
      System.out.printf("HandOffsClusterIT: %d of %d were cut off%n", unknown, HAND_OFFS);
    }
  }

  /** Each offered at another node than the one before. */
  private static List<String> offer(List<String> origins) {
    Browser member = new Browser(origins.get(0));
    member.signUp();
    String organization = member.whoAmI().at("/organizations/0/id").textValue();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < HAND_OFFS; i++) {
      Browser there = member.at(origins.get(i % origins.size()));
      ids.add(HandOffs.offer(there, organization, i));
    }
    return ids;
  }

  private static int takeOnce(String origin, String id) {
    return HandOffs.tryToTake(origin, id).orElse(CUT_OFF);
  }

  /** When its shard has a place again. */
  private static int takeAtLast(String origin, String id) {
    List<Integer> last = new ArrayList<>();
    assertThat(
            Eventually.within(
                LIMIT,
                () -> {
                  last.add(takeOnce(origin, id));
                  return last.get(last.size() - 1) != 503;
                }))
        .isTrue();
    return last.get(last.size() - 1);
  }
}
