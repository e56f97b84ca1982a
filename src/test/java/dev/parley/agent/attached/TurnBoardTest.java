package dev.parley.agent.attached;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.agent.Offered;
import dev.parley.agent.OpenTurn;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who has which turn, whatever workers and owners of turns do. */
class TurnBoardTest {
  private static final Duration LEASE = Duration.ofSeconds(10);

  /** Never reached here. */
  private static final long LOOKS = 1_000_000;

  private Instant now = Instant.parse("2026-11-21T12:00:00Z");
  private final TurnBoard board = new TurnBoard();

  static OpenTurn turn(int number, int attempt) {
    return new OpenTurn("env", "a", "session_" + number, null, number, attempt);
  }

  /** Against a model that keeps nothing but who was given what and who lives until when. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void no_two_workers_have_the_same_turn_and_none_is_lost(long seed) {
    Random random = new Random(seed);
    Map<String, Instant> alive = new HashMap<>();
    Map<Integer, String> holder = new HashMap<>();
    Set<Integer> open = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      String worker = "w" + random.nextInt(5);
      int number = random.nextInt(8);
      switch (random.nextInt(6)) {
        case 0 -> {
          board.attach(worker, LEASE, now);
          alive.put(worker, now.plus(LEASE));
        }
        case 1 -> {
          board.leave(worker);
          alive.remove(worker);
          holder.values().removeIf(worker::equals);
        }
        case 2 -> {
          boolean renewed = board.renew(worker, now);
          assertThat(renewed).isEqualTo(alive.containsKey(worker));
          Optional<HandedTurn> handed = renewed ? board.next(worker) : Optional.empty();
          if (renewed) {
            alive.put(worker, now.plus(LEASE));
            assertThat(handed.isPresent())
                .isEqualTo(open.stream().anyMatch(one -> !holder.containsKey(one)));
          }
          handed.ifPresent(
              turn -> {
                int given = (int) turn.turn().inSeq();
                assertThat(open).contains(given);
                assertThat(holder.put(given, worker)).isNull();
              });
        }
        case 3 -> {
          open.add(number);
          Offered offered = board.offer(turn(number, 1), holder.get(number), now);
          assertThat(offered)
              .isEqualTo(
                  holder.containsKey(number)
                      ? new Offered.Claimed(holder.get(number))
                      : new Offered.Waiting());
        }
        case 4 -> {
          board.withdraw(turn(number, 1));
          open.remove(number);
          holder.remove(number);
        }
        default -> {
          now = now.plusMillis(random.nextInt(2_000));
          board.look(now, LOOKS);
          alive.values().removeIf(until -> !until.isAfter(now));
          holder.values().removeIf(name -> !alive.containsKey(name));
        }
      }
    }
    for (String worker : alive.keySet()) {
      assertThat(board.heldBy(worker).stream().map(turn -> (int) turn.turn().inSeq()))
          .containsExactlyInAnyOrderElementsOf(
              holder.keySet().stream().filter(one -> holder.get(one).equals(worker)).toList());
    }
  }

  @Test
  void turns_go_out_in_the_order_of_their_first_offer_also_after_they_came_back() {
    board.attach("one", LEASE, now);
    board.attach("two", LEASE, now);
    for (int i = 1; i <= 3; i++) {
      board.offer(turn(i, 1), null, now);
    }
    assertThat(board.next("one").orElseThrow()).isEqualTo(new HandedTurn(turn(1, 1), false));
    board.leave("one");
    assertThat(board.next("two").orElseThrow()).isEqualTo(new HandedTurn(turn(1, 1), true));
    assertThat(board.next("two").orElseThrow()).isEqualTo(new HandedTurn(turn(2, 1), false));
    assertThat(board.heldBy("two"))
        .containsExactly(new HandedTurn(turn(1, 1), true), new HandedTurn(turn(2, 1), false));
  }

  @Test
  void a_later_attempt_takes_the_place_of_an_earlier_one() {
    board.attach("one", LEASE, now);
    board.attach("two", LEASE, now);
    board.offer(turn(1, 1), null, now);
    board.next("one");
    assertThat(board.offer(turn(1, 2), null, now)).isEqualTo(new Offered.Waiting());
    assertThat(board.heldBy("one")).isEmpty();
    assertThat(board.next("two").orElseThrow().turn()).isEqualTo(turn(1, 2));
    assertThat(board.offer(turn(1, 1), "one", now)).isEqualTo(new Offered.Waiting());
    board.withdraw(turn(1, 1));
    assertThat(board.how(turn(1, 2))).isEqualTo(new Offered.Claimed("two"));
    board.withdraw(turn(1, 2));
    assertThat(board.heldBy("two")).isEmpty();
  }

  @Test
  void what_nobody_offers_any_more_is_forgotten_with_its_claim() {
    board.attach("one", Duration.ofDays(1), now);
    board.offer(turn(1, 1), null, now);
    board.offer(turn(2, 1), null, now);
    board.next("one");
    for (int look = 0; look < 3; look++) {
      board.look(now, 3);
      board.offer(turn(2, 1), null, now);
    }
    assertThat(board.heldBy("one")).hasSize(1);
    board.look(now, 3);
    assertThat(board.heldBy("one")).isEmpty();
    assertThat(board.next("one").orElseThrow().turn()).isEqualTo(turn(2, 1));
    assertThat(board.next("one")).isEmpty();
  }

  @Test
  void workers_and_what_one_can_have_are_bounded() {
    for (int i = 0; i < TurnBoard.MAX_WORKERS; i++) {
      assertThat(board.attach("w" + i, LEASE, now)).isPresent();
    }
    assertThat(board.attach("one more", LEASE, now)).isEmpty();
    assertThat(board.attach("w0", LEASE, now)).contains(now.plus(LEASE));
    for (int i = 0; i <= TurnBoard.MAX_HELD; i++) {
      board.offer(turn(i, 1), null, now);
    }
    for (int i = 0; i < TurnBoard.MAX_HELD; i++) {
      assertThat(board.next("w0")).isPresent();
    }
    assertThat(board.next("w0")).isEmpty();
    assertThat(board.next("w1")).isPresent();
    for (int i = 0; i < TurnBoard.MAX_WAITING; i++) {
      board.offer(turn(10_000 + i, 1), null, now);
    }
    OpenTurn further = turn(1, 2);
    assertThat(board.offer(further, "w2", now)).isEqualTo(new Offered.Claimed("w2"));
    OpenTurn tooMany = turn(5_000, 1);
    assertThat(board.offer(tooMany, null, now)).isEqualTo(new Offered.Waiting());
    board.offer(tooMany, "w2", now);
    assertThat(board.heldBy("w2")).hasSize(2);
  }

  @Test
  void a_claim_that_is_only_told_of_waits_for_its_worker_for_a_while() {
    board.attach("two", Duration.ofDays(1), now);
    assertThat(board.offer(turn(1, 1), "one", now)).isEqualTo(new Offered.Claimed("one"));
    assertThat(board.renew("one", now)).isFalse();
    assertThat(board.next("two")).isEmpty();
    now = now.plus(TurnBoard.RETURN_WITHIN).minusMillis(1);
    board.look(now, LOOKS);
    assertThat(board.next("two")).isEmpty();
    board.attach("one", LEASE, now);
    assertThat(board.heldBy("one")).containsExactly(new HandedTurn(turn(1, 1), false));
    now = now.plus(LEASE);
    board.look(now, LOOKS);
    assertThat(board.next("two")).contains(new HandedTurn(turn(1, 1), true));
    // Told of again by an owner that has not heard of it: what is known counts.
    assertThat(board.offer(turn(1, 1), "one", now)).isEqualTo(new Offered.Claimed("two"));
    assertThat(List.of(board.isEmpty(), board.hasWaiting())).containsOnly(false);
  }
}
