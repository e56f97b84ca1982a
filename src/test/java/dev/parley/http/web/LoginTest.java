package dev.parley.http.web;

import static dev.parley.http.web.Browser.PASSWORD;
import static dev.parley.http.web.Browser.credentials;
import static dev.parley.http.web.Browser.newEmail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.auth.SignedIds;
import dev.parley.http.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import okhttp3.Cookie;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing up, in and out, and what a cookie is worth (web-runtime.md section 1). */
class LoginTest extends BrowserServer {
  private static final Duration WEEK = Duration.ofDays(7);

  private static Browser loggedIn() {
    Browser browser = browser();
    browser.signUp();
    return browser;
  }

  @Test
  void signing_up_logs_in() {
    Browser browser = browser();
    String email = newEmail();
    Answer answer = signUp(browser, email.toUpperCase(), PASSWORD);
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    assertThat(answer.json().at("/user/email").textValue()).isEqualTo(email);
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.body()).doesNotContain("argon2").doesNotContain(PASSWORD);
    assertThat(browser.whoAmI().at("/user")).isEqualTo(answer.json().get("user"));
  }

  @Test
  void the_cookie_has_the_attributes_of_the_contract() {
    Browser browser = browser();
    Answer answer = signUp(browser, newEmail(), PASSWORD);
    Cookie cookie = browser.setCookie(answer.headers()).orElseThrow();
    assertThat(cookie.httpOnly()).isTrue();
    assertThat(cookie.path()).isEqualTo("/");
    assertThat(cookie.hostOnly()).isTrue();
    assertThat(cookie.secure()).isFalse();
    assertThat(answer.header("Set-Cookie"))
        .containsIgnoringCase("SameSite=Lax")
        .contains("Max-Age=" + WEEK.toSeconds());
    assertThat(cookie.value()).matches("[0-9A-Za-z_-]{43}\\.[0-9A-Za-z_-]{43}");
  }

  @Test
  void a_taken_address_is_409_and_changes_nothing() {
    String email = newEmail();
    signUp(browser(), email, PASSWORD);
    Browser other = browser();
    Answer answer = signUp(other, email, "another password");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.header("x-should-retry")).isEqualTo("false");
    assertThat(other.cookie()).isNull();
    assertThat(browser().logIn(email, PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void of_many_who_sign_up_with_one_address_at_once_one_has_it() {
    String email = newEmail();
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String password = PASSWORD + i;
      answers.add(
          CompletableFuture.supplyAsync(
              () -> signUp(browser(), email, password), task -> new Thread(task).start()));
    }
    assertThat(answers.stream().map(CompletableFuture::join).map(Answer::status).sorted())
        .containsExactly(201, 409, 409, 409, 409, 409, 409, 409);
  }

  @ParameterizedTest
  @CsvSource({"9, 400", "10, 201", "128, 201", "129, 400"})
  void a_password_has_10_to_128_characters(int characters, int status) {
    String password = "😀".repeat(characters);
    String email = newEmail();
    Answer answer = signUp(browser(), email, password);
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    if (status == 201) {
      assertThat(browser().logIn(email, password).status()).isEqualTo(200);
    } else {
      assertThat(answer.error()).contains("/password");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"email\":\"a@b.c\"}",
        "{\"email\":\"nobody\",\"password\":\"0123456789\"}",
        "{\"email\":7,\"password\":\"0123456789\"}",
        "{\"email\":\"a@b.c\",\"password\":7}",
        "email=a@b.c&password=0123456789"
      })
  void what_is_no_sign_up_and_no_login_is_400(String body) {
    for (String path : List.of("/api/auth/signup", "/api/auth/login")) {
      Answer answer = browser().post(path, body);
      assertThat(answer.status()).as(answer.body()).isEqualTo(400);
      assertThat(answer.error()).isNotEmpty();
    }
  }

  @Test
  void a_large_body_is_413_and_names_the_limit() {
    Answer answer = browser().post("/api/auth/login", "x".repeat(8_193));
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.error()).contains("8192");
  }

  @Test
  void an_unknown_address_and_a_wrong_password_look_the_same() {
    String email = newEmail();
    signUp(browser(), email, PASSWORD);
    Answer wrong = browser().logIn(email, "wrong password");
    Answer unknown = browser().logIn(newEmail(), PASSWORD);
    assertThat(wrong.status()).isEqualTo(401);
    assertThat(unknown.status()).isEqualTo(401);
    assertThat(unknown.body()).isEqualTo(wrong.body());
    assertThat(unknown.headers().names()).isEqualTo(wrong.headers().names());
    assertThat(unknown.header("Set-Cookie")).isNull();
  }

  @Test
  void a_login_takes_a_new_id_and_ends_the_old_session() {
    Browser browser = browser();
    String email = newEmail();
    signUp(browser, email, PASSWORD);
    String before = browser.cookie();
    assertThat(browser.logIn(email, PASSWORD).status()).isEqualTo(200);
    assertThat(browser.cookie()).isNotEqualTo(before);
    assertThat(browser.isLoggedIn()).isTrue();
    assertThat(browser().with(before).isLoggedIn()).isFalse();
  }

  @Test
  void a_value_that_an_attacker_has_planted_does_not_become_a_session() {
    String email = newEmail();
    Browser victim = browser();
    signUp(victim, email, PASSWORD);
    String secret = secret();
    SignedIds ids = new SignedIds(List.of(secret));
    String planted = ids.sign(ids.newId());
    victim.with(planted).logIn(email, PASSWORD);
    assertThat(browser().with(planted).isLoggedIn()).isFalse();
    assertThat(victim.isLoggedIn()).isTrue();
  }

  private static String secret() {
    try {
      return Files.readString(directory.resolve("session-secret")).strip();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void a_generated_secret_is_kept_for_the_owner_alone() throws Exception {
    Path file = directory.resolve("session-secret");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(secret()).matches("[0-9A-Za-z]{48}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "forged",
        "a.b",
        "\"quoted\"",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
      })
  void a_forged_cookie_is_nobodys(String value) {
    Answer answer = browser().with(value).get("/api/init/whoami");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.error()).isEqualTo("Not logged in");
  }

  @Test
  void a_cookie_of_another_server_is_nobodys() {
    SignedIds foreign = new SignedIds(List.of("the secret of another server"));
    assertThat(browser().with(foreign.sign(foreign.newId())).isLoggedIn()).isFalse();
    SignedIds own = new SignedIds(List.of(secret()));
    assertThat(browser().with(own.sign(own.newId())).isLoggedIn()).isFalse();
  }

  @Test
  void odd_cookies_of_others_do_not_hide_ours() {
    Browser browser = loggedIn();
    String odd = "a=b c\"; b={\"x\":[1,2]}; sessionId=stale; sessionId=" + browser.cookie();
    assertThat(browser().get("/api/init/whoami", "Cookie", odd).status()).isEqualTo(200);
  }

  @Test
  void a_logout_ends_the_session_and_takes_the_cookie() {
    Browser browser = loggedIn();
    String cookie = browser.cookie();
    Answer answer = browser.post("/api/auth/logout", "");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Set-Cookie")).contains("sessionId=;").contains("Max-Age=0");
    assertThat(browser().with(cookie).isLoggedIn()).isFalse();
    assertThat(browser().post("/api/auth/logout", "").status()).isEqualTo(200);
  }

  @Test
  void a_logout_everywhere_ends_all_sessions_of_the_user_and_no_others() {
    String email = newEmail();
    Browser one = browser();
    signUp(one, email, PASSWORD);
    Browser other = browser();
    other.logIn(email, PASSWORD);
    Browser somebodyElse = loggedIn();
    String cookie = one.cookie();
    assertThat(one.post("/api/auth/logout?everywhere=true", "").status()).isEqualTo(200);
    assertThat(browser().with(cookie).isLoggedIn()).isFalse();
    assertThat(other.isLoggedIn()).isFalse();
    assertThat(somebodyElse.isLoggedIn()).isTrue();
    assertThat(other.logIn(email, PASSWORD).status()).isEqualTo(200);
    assertThat(other.isLoggedIn()).isTrue();
  }

  @Test
  void nobody_can_not_log_out_everywhere() {
    assertThat(browser().post("/api/auth/logout?everywhere=true", "").status()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "Sec-Fetch-Site, cross-site, 403",
    "Sec-Fetch-Site, same-site, 403",
    "Sec-Fetch-Site, same-origin, 200",
    "Sec-Fetch-Site, none, 200",
    "Origin, https://evil.example, 403",
    "Origin, null, 403",
    "Origin, http://127.0.0.1:1, 403",
    "Origin, OWN, 200",
  })
  void what_another_site_makes_a_browser_send_is_403(String header, String value, int status) {
    String email = newEmail();
    Browser browser = browser();
    signUp(browser, email, PASSWORD);
    String sent = value.equals("OWN") ? server.origin() : value;
    Answer login = browser.post("/api/auth/login", credentials(email, PASSWORD), header, sent);
    assertThat(login.status()).as(login.body()).isEqualTo(status);
    assertThat(browser.isLoggedIn()).isTrue();
    Answer logout = browser.post("/api/auth/logout", "", header, sent);
    assertThat(logout.status()).isEqualTo(status);
    assertThat(browser.isLoggedIn()).isEqualTo(status == 403);
    int signUp = signUp(browser(), newEmail(), PASSWORD, header, sent).status();
    assertThat(signUp).isEqualTo(status == 403 ? 403 : 201);
  }

  @Test
  void an_origin_of_ours_does_not_make_a_cross_site_request_good() {
    Answer answer =
        browser()
            .post(
                "/api/auth/logout", "", "Origin", server.origin(), "Sec-Fetch-Site", "cross-site");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.error()).contains("cross-site");
  }

  @Test
  void cookie_and_store_slide_together_at_most_once_an_hour() {
    Browser browser = loggedIn();
    String value = browser.cookie();
    advance(Duration.ofMinutes(59));
    assertThat(browser.get("/api/init/whoami").header("Set-Cookie")).isNull();
    advance(Duration.ofMinutes(1));
    Answer slid = browser.get("/api/init/whoami");
    assertThat(slid.header("Set-Cookie"))
        .startsWith("sessionId=" + value)
        .contains("Max-Age=" + WEEK.toSeconds());
    assertThat(browser.get("/api/init/whoami").header("Set-Cookie")).isNull();
    // Beyond the end that the session had at first, and within the one it has now.
    advance(WEEK.minusMinutes(1));
    assertThat(browser.isLoggedIn()).isTrue();
    advance(WEEK);
    assertThat(browser.isLoggedIn()).isFalse();
  }

  @Test
  void a_session_that_nobody_uses_is_over_after_its_time() {
    Browser browser = loggedIn();
    advance(WEEK);
    assertThat(browser.isLoggedIn()).isFalse();
  }

  @Test
  void other_methods_are_405() {
    for (String path : List.of("/api/auth/login", "/api/auth/signup", "/api/auth/logout")) {
      Answer answer = browser().get(path);
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.header("Allow")).isEqualTo("POST");
    }
    assertThat(browser().post("/api/init/whoami", "").status()).isEqualTo(405);
  }
}
