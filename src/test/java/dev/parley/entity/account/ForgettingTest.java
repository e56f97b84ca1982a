package dev.parley.entity.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.StoredText;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.web.Browser;
import dev.parley.journal.Database;
import dev.parley.journal.PassedRows;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** What has ended leaves nothing behind, and what goes on is left alone. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ForgettingTest {
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration MARGIN = Duration.ofHours(1);

  private static Database database;
  private static StoredText stored;

  @BeforeAll
  static void connect() throws Exception {
    database = Database.open(TestServer.database(), 2, Duration.ofSeconds(30));
    stored = new StoredText(TestServer.database());
  }

  @AfterAll
  static void disconnect() {
    database.close();
  }

  /** As the worker would, were it so much later. */
  private static void forget(Duration later, Duration timeToLive) throws Exception {
    PassedRows rows =
        new PassedRows(
            database.dataSource(), Runnable::run, Clock.offset(Clock.systemUTC(), later));
    assertThat(
            rows.remove(Forgetting.rules(timeToLive))
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS))
        .isFalse();
  }

  private static long rows(String condition, String parameter) {
    return Long.parseLong(
        stored.value("select count(*) from event_journal where " + condition, parameter));
  }

  private static long sessionsOf(Browser browser) {
    return rows(
        "persistence_id = ?",
        "BrowserSession|" + dev.parley.auth.SignedIds.nameOf(browser.cookie().substring(0, 43)));
  }

  @Test
  @Order(1)
  void a_hand_off_goes_a_day_after_its_end_and_not_before() throws Exception {
    Browser member = new Browser(TestServer.origin());
    member.signUp();
    String organization = member.whoAmI().at("/organizations/0/id").textValue();
    Answer created = member.post("/chat/realtime/ally/create-session/" + organization, "");
    String id = created.json().get("sessionId").textValue();
    String name = "HandOff|alloy_devrealtime:" + id;
    assertThat(rows("persistence_id = ?", name)).isEqualTo(1);
    Answer taken =
        member.get(
            "/chat/realtime/session/" + id, "Authorization", "Bearer " + TestServer.ACME_KEY);
    assertThat(taken.status()).isEqualTo(200);
    Duration known = Duration.ofHours(24).plusMinutes(20).plus(MARGIN);
    forget(known.minusMinutes(1), WEEK);
    assertThat(rows("persistence_id = ?", name)).isEqualTo(2);
    forget(known, WEEK);
    assertThat(rows("persistence_id = ?", name)).isZero();
    assertThat(sessionsOf(member)).isEqualTo(1);
    assertThat(member.isLoggedIn()).isTrue();
  }

  @Test
  @Order(2)
  void a_session_goes_when_it_has_not_slid_for_its_time_and_its_user_stays() throws Exception {
    Browser browser = new Browser(TestServer.origin());
    String email = browser.signUp();
    forget(WEEK.plus(MARGIN).minusMinutes(1), WEEK);
    assertThat(sessionsOf(browser)).isEqualTo(1);
    forget(WEEK.plus(MARGIN), WEEK);
    assertThat(sessionsOf(browser)).isZero();
    assertThat(browser.logIn(email, Browser.PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void an_account_that_changes_often_keeps_few_rows() {
    Browser browser = new Browser(TestServer.origin());
    String email = browser.signUp();
    String userId = browser.whoAmI().at("/user/id").textValue();
    for (int i = 0; i < 45; i++) {
      assertThat(browser.post("/api/auth/logout?everywhere=true", "").status()).isEqualTo(200);
      assertThat(browser.logIn(email, Browser.PASSWORD).status()).isEqualTo(200);
    }
    assertThat(rows("persistence_id = ?", "User|" + userId)).isBetween(1L, 22L);
    String snapshots =
        stored.value("select count(*) from snapshot where persistence_id = ?", "User|" + userId);
    assertThat(Long.parseLong(snapshots)).isBetween(1L, 2L);
  }
}
