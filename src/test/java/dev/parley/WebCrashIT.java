package dev.parley;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.Answer;
import dev.parley.http.web.Browser;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.TestPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hand-off is given once, and a logout holds, although the server is killed at any instant. */
class WebCrashIT {
  private static final int ROUNDS = 3;
  private static final int HAND_OFFS = 40;

  @TempDir Path directory;

  private final long seed = Long.getLong("parley.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private EmbeddedPostgres postgres;

  @BeforeEach
  void start() {
    System.out.println("WebCrashIT: repeat with -Dparley.seed=" + seed);
    postgres = TestPostgres.start();
  }

  @AfterEach
  void stop() {
    Browser.disconnect();
    postgres.close();
  }

  private ParleyProcess server() {
    return ParleyProcess.start(
        directory,
        Map.of(
            "PARLEY_SECRET_KEY",
            ParleyProcess.SECRET_KEY,
            "PARLEY_REALTIME_KEY",
            HandOffs.REALTIME_KEY,
            "PARLEY_DATABASE_URL",
            TestPostgres.url(postgres.address())));
  }

  private static String origin(ParleyProcess server) {
    return server.baseUrl().toString();
  }

  private static List<String> offer(Browser member, String organization) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < HAND_OFFS; i++) {
      ids.add(HandOffs.offer(member, organization, i));
    }
    return ids;
  }

  @Test
  void a_hand_off_is_never_given_twice() throws Exception {
    try (ParleyProcess server = server()) {
      Browser member = new Browser(origin(server));
      member.signUp();
      String organization = member.whoAmI().at("/organizations/0/id").textValue();
      int cutOff = 0;
      for (int round = 0; round < ROUNDS; round++) {
        List<String> ids = offer(member, organization);
        String origin = origin(server);
        // Killed when some have their answer, and others are under way.
        CountDownLatch some = new CountDownLatch(1 + random.nextInt(HAND_OFFS / 2));
        List<CompletableFuture<Optional<Integer>>> answers =
            ids.stream()
                .map(
                    id ->
                        CompletableFuture.supplyAsync(
                            () -> {
                              Optional<Integer> status = HandOffs.tryToTake(origin, id);
                              some.countDown();
                              return status;
                            },
                            task -> new Thread(task).start()))
                .toList();
        assertThat(some.await(60, TimeUnit.SECONDS)).isTrue();
        server.kill9();
        List<Optional<Integer>> first = answers.stream().map(CompletableFuture::join).toList();
        server.restart();
        for (int i = 0; i < ids.size(); i++) {
          Answer second = HandOffs.take(origin(server), ids.get(i));
          if (first.get(i).equals(Optional.of(200))) {
            assertThat(second.status()).isEqualTo(410);
            assertThat(second.json().get("code").textValue()).isEqualTo("consumed");
          } else {
            cutOff++;
            assertThat(second.status()).isIn(200, 410);
          }
          assertThat(HandOffs.take(origin(server), ids.get(i)).status()).isEqualTo(410);
        }
        // The session of before the kill goes on.
        assertThat(member.isLoggedIn()).isTrue();
      }
      System.out.println("WebCrashIT: %d of %d were cut off".formatted(cutOff, ROUNDS * HAND_OFFS));
      assertThat(cutOff).isLessThanOrEqualTo(ROUNDS * (HAND_OFFS - 1));
    }
  }

  @Test
  void what_was_answered_before_a_kill_holds_after_it() {
    try (ParleyProcess server = server()) {
      Browser browser = new Browser(origin(server));
      String email = browser.signUp();
      Browser other = new Browser(origin(server));
      assertThat(other.logIn(email, Browser.PASSWORD).status()).isEqualTo(200);
      String organization = browser.whoAmI().at("/organizations/0/id").textValue();
      String cookie = browser.cookie();
      assertThat(browser.post("/api/auth/logout", "").status()).isEqualTo(200);
      server.kill9();
      server.restart();
      assertThat(new Browser(origin(server)).with(cookie).isLoggedIn()).isFalse();
      assertThat(other.whoAmI().at("/organizations/0/id").textValue()).isEqualTo(organization);
      assertThat(new Browser(origin(server)).signUp(email).status()).isEqualTo(409);
    }
  }
}
