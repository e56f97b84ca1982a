package dev.parley.http.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.OwnServer;
import dev.parley.http.Answer;
import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import okhttp3.Cookie;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A server in production with settings of its own, and what it says when its database is gone. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CookieSettingsTest {
  @TempDir static Path directory;
  private static EmbeddedPostgres postgres;
  private static OwnServer server;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    postgres = TestPostgres.start();
    server =
        OwnServer.start(
            directory,
            Map.of(
                "parley.env",
                "production",
                "parley.database-url",
                TestPostgres.url(postgres.address()),
                "parley.http.public-url",
                "https://parley.example.com",
                "parley.web.session.secret",
                "a secret for production",
                "parley.web.session.cookie-name",
                "parley.sid",
                "parley.web.session.ttl",
                "12h",
                "parley.web.session.domain",
                "localhost",
                // Sessions that can't write don't get ready to leave.
                "pekko.coordinated-shutdown.phases.cluster-sharding-shutdown-region.timeout",
                "1s"));
    browser = browser();
  }

  private static Browser browser() {
    return new Browser(server.origin().replace("127.0.0.1", "localhost"), "parley.sid");
  }

  @AfterAll
  static void stop() {
    Browser.disconnect();
    server.close();
    postgres.close();
  }

  @Test
  @Order(1)
  void the_cookie_is_what_the_settings_say() {
    Answer answer = browser.signUp(Browser.newEmail());
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    Cookie cookie = browser.setCookie(answer.headers()).orElseThrow();
    assertThat(cookie.secure()).isTrue();
    assertThat(cookie.httpOnly()).isTrue();
    assertThat(answer.header("Set-Cookie"))
        .contains("Max-Age=" + Duration.ofHours(12).toSeconds())
        .containsIgnoringCase("Domain=localhost")
        .containsIgnoringCase("SameSite=Lax");
    assertThat(browser.isLoggedIn()).isTrue();
    Answer loggedOut = browser.post("/api/auth/logout", "");
    assertThat(loggedOut.header("Set-Cookie"))
        .as("else the browser keeps its cookie")
        .containsIgnoringCase("Domain=localhost");
    assertThat(browser.cookie()).isNull();
    assertThat(Files.exists(directory.resolve("session-secret"))).isFalse();
  }

  @Test
  @Order(2)
  void the_origin_of_the_public_url_is_ours() {
    Answer ours = browser.post("/api/auth/login", "{}", "Origin", "https://parley.example.com");
    assertThat(ours.status()).isEqualTo(400);
    for (String other :
        new String[] {
          "http://parley.example.com",
          "https://parley.example.com:444",
          "https://parley.example.com.evil.example",
          "https://evil.parley.example.com"
        }) {
      assertThat(browser.post("/api/auth/login", "{}", "Origin", other).status())
          .as(other)
          .isEqualTo(403);
    }
  }

  @Test
  @Order(2)
  void health_tells_the_status_and_nothing_else() {
    Answer health = browser.get("/health");
    assertThat(health.status()).isEqualTo(200);
    assertThat(health.json().fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("status", "timestamp");
  }

  @Test
  @Order(3)
  void without_its_database_the_server_is_degraded_and_logs_nobody_in() {
    assertThat(browser.get("/chat/realtime/health").status()).isEqualTo(200);
    postgres.close();
    Answer health = browser.get("/chat/realtime/health");
    assertThat(health.status()).isEqualTo(503);
    JsonNode body = health.json();
    assertThat(body.get("status").textValue()).isEqualTo("degraded");
    assertThat(body.get("failing")).contains(Answer.parse("\"journal\""));
    assertThat(body.get("service").textValue()).isEqualTo("realtime");
    Answer login = browser.logIn(Browser.newEmail(), Browser.PASSWORD);
    assertThat(login.status()).as(login.body()).isEqualTo(503);
    assertThat(login.header("Retry-After")).isEqualTo("1");
    assertThat(login.body()).doesNotContain("Exception").doesNotContain("Timeout");
  }

  @Test
  @Order(4)
  void who_tries_again_and_again_meanwhile_has_given_no_wrong_password() {
    String email = Browser.newEmail();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      // More than the ten that may be wrong, and never as many at once.
      for (int round = 0; round < 2; round++) {
        List<CompletableFuture<Integer>> tries =
            IntStream.range(0, 6)
                .mapToObj(
                    i ->
                        CompletableFuture.supplyAsync(
                            () -> browser().logIn(email, Browser.PASSWORD).status(), threads))
                .toList();
        assertThat(tries).extracting(CompletableFuture::join).containsOnly(503);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
