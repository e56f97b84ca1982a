package dev.parley.http.web;

import static dev.parley.http.web.Browser.PASSWORD;
import static dev.parley.http.web.Browser.credentials;
import static dev.parley.http.web.Browser.newEmail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.OwnServer;
import dev.parley.http.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How often passwords may be wrong and accounts be made (across.md section 7). */
class ThrottlingTest {
  private static final int MESSAGING_REQUESTS = 3;

  @TempDir static Path directory;
  private static OwnServer server;

  @BeforeAll
  static void start() throws Exception {
    server =
        OwnServer.start(
            directory,
            Map.of(
                "parley.test-clock",
                "on",
                "parley.messaging.rate-limit.requests",
                MESSAGING_REQUESTS,
                "parley.messaging.rate-limit.window",
                "1h",
                // Each browser is somebody else.
                "parley.http.trusted-proxies",
                List.of("127.0.0.1")));
  }

  @AfterAll
  static void stop() {
    Browser.disconnect();
    server.close();
  }

  private static Browser browser() {
    return new Browser(server.origin());
  }

  private static void advance(Duration by) {
    browser().advance(by);
  }

  private static Answer signUp(Browser browser, String email, String password, String... headers) {
    return browser.post("/api/auth/signup", credentials(email, password), headers);
  }

  private static Answer logIn(String email, String password) {
    return browser().logIn(email, password);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void an_account_takes_10_wrong_passwords_in_15_minutes(boolean exists) {
    String email = newEmail();
    if (exists) {
      signUp(browser(), email, PASSWORD);
      // Those that are right do not count.
      for (int i = 0; i < 12; i++) {
        assertThat(logIn(email, PASSWORD).status()).isEqualTo(200);
      }
    }
    for (int i = 0; i < 10; i++) {
      assertThat(logIn(email, "wrong password").status()).isEqualTo(401);
    }
    Answer refused = logIn(email, PASSWORD);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 900);
    assertThat(refused.header("Set-Cookie")).isNull();
    advance(Duration.ofMinutes(15));
    assertThat(logIn(email, PASSWORD).status()).isEqualTo(exists ? 200 : 401);
  }

  @Test
  void guesses_that_are_made_at_once_do_not_get_past_the_limit() {
    String email = newEmail();
    signUp(browser(), email, PASSWORD);
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      answers.add(
          CompletableFuture.supplyAsync(
              () -> logIn(email, "wrong password"), task -> new Thread(task).start()));
    }
    List<Integer> statuses =
        answers.stream().map(CompletableFuture::join).map(Answer::status).toList();
    assertThat(statuses).containsOnly(401, 429);
    assertThat(statuses.stream().filter(status -> status == 401)).hasSize(10);
  }

  @Test
  void an_address_takes_100_wrong_passwords_in_15_minutes() {
    Browser guesser = browser();
    for (int i = 0; i < 100; i++) {
      assertThat(guesser.logIn(newEmail(), "wrong password").status()).isEqualTo(401);
    }
    assertThat(guesser.logIn(newEmail(), "wrong password").status()).isEqualTo(429);
    assertThat(logIn(newEmail(), "wrong password").status()).isEqualTo(401);
    advance(Duration.ofMinutes(15));
    assertThat(guesser.logIn(newEmail(), "wrong password").status()).isEqualTo(401);
  }

  @Test
  void an_address_signs_up_20_times_an_hour() {
    String address = Browser.randomAddress();
    for (int i = 0; i < 20; i++) {
      assertThat(signUpFrom(address).status()).isEqualTo(201);
    }
    // What a client says before the proxy adds whom it has seen counts for nothing.
    Answer refused = signUpFrom("203.0.113.7, " + address);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 3_600);
    assertThat(
            signUp(
                    browser(),
                    newEmail(),
                    PASSWORD,
                    "X-Forwarded-For",
                    "203.0.113.8",
                    "X-Forwarded-For",
                    address)
                .status())
        .isEqualTo(429);
    assertThat(signUpFrom(Browser.randomAddress()).status()).isEqualTo(201);
    advance(Duration.ofHours(1));
    assertThat(signUpFrom(address).status()).isEqualTo(201);
  }

  @Test
  void the_requests_of_an_address_are_counted_by_the_servers_clock() {
    Browser visitor = browser();
    for (int i = 0; i < MESSAGING_REQUESTS; i++) {
      assertThat(visitor.get("/api/messaging/sessions").status()).isEqualTo(200);
    }
    assertThat(visitor.get("/api/messaging/sessions").status()).isEqualTo(429);
    advance(Duration.ofHours(1));
    assertThat(visitor.get("/api/messaging/sessions").status()).isEqualTo(200);
  }

  private static Answer signUpFrom(String address) {
    return signUp(browser(), newEmail(), PASSWORD, "X-Forwarded-For", address);
  }
}
