package dev.parley.http.ws;

import static org.assertj.core.api.Assertions.assertThat;

import com.auth0.jwt.JWT;
import dev.parley.OwnServer;
import dev.parley.http.Answer;
import dev.parley.http.web.Browser;
import dev.parley.http.webchat.Chat;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody who is logged in gets. */
class LoggedInTest {
  @TempDir static Path data;
  private static OwnServer server;
  private static Chat chat;
  private static Browser browser;
  private static String organization;

  @BeforeAll
  static void start() throws Exception {
    server = OwnServer.start(data, Map.of());
    chat = new Chat(server.origin());
    browser = new Browser(server.origin());
    assertThat(
            browser
                .post(
                    "/api/auth/signup",
                    "{\"email\":\"%s\",\"password\":\"%s\"}"
                        .formatted(Browser.newEmail(), Browser.PASSWORD))
                .status())
        .isEqualTo(201);
    organization =
        browser.get("/api/init/whoami").json().get("currentOrganization").get("id").textValue();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void a_user_gets_a_token_for_a_week_and_a_socket_with_it() throws Exception {
    Answer minted = browser.post("/api/ws/token", "");
    assertThat(minted.status()).as(minted.body()).isEqualTo(201);
    String token = minted.json().get("token").textValue();
    Instant issued = JWT.decode(token).getIssuedAtAsInstant();
    assertThat(JWT.decode(token).getExpiresAtAsInstant())
        .isEqualTo(issued.plus(Duration.ofDays(7)))
        .isEqualTo(Instant.parse(minted.json().get("expiresAt").textValue()));
    WsClient socket = WsClient.open(server.origin(), token);
    assertThat(socket.ask("{\"ref\":1}").get("code").textValue()).isEqualTo("unknown_type");
    assertThat(chat.send("POST", "/api/ws/token", null, null).status()).isEqualTo(401);
  }

  @Test
  void a_token_is_not_made_for_another_site() {
    assertThat(browser.post("/api/ws/token", "", "Sec-Fetch-Site", "cross-site").status())
        .isEqualTo(403);
  }

  private static String tokenOf(Browser user) {
    Answer minted = user.post("/api/ws/token", "");
    assertThat(minted.status()).as(minted.body()).isEqualTo(201);
    return minted.json().get("token").textValue();
  }

  private static void isClosedAsLoggedOut(WsClient socket) throws Exception {
    WsClient.End end = socket.awaitEnd();
    assertThat(end.code()).as(end.reason()).isEqualTo(4401);
    assertThat(end.reason()).startsWith("the login has ended");
  }

  @Test
  void a_logout_ends_the_sockets_of_its_login_and_no_others() throws Exception {
    Browser first = new Browser(server.origin());
    String email = first.signUp();
    Browser second = new Browser(server.origin());
    assertThat(second.logIn(email, Browser.PASSWORD).status()).isEqualTo(200);
    String token = tokenOf(first);
    WsClient gone = WsClient.open(server.origin(), token);
    WsClient stays = WsClient.open(server.origin(), tokenOf(second));
    assertThat(first.post("/api/auth/logout", "").status()).isEqualTo(200);
    isClosedAsLoggedOut(gone);
    // The token opens nothing any more, and does not make another socket last.
    isClosedAsLoggedOut(WsClient.open(server.origin(), token));
    assertThat(
            stays
                .ask("{\"type\":\"auth\",\"ref\":1,\"token\":\"" + token + "\"}")
                .get("code")
                .textValue())
        .isEqualTo("unauthorized");
    assertThat(stays.ask("{\"ref\":2}").get("code").textValue()).isEqualTo("unknown_type");
    assertThat(second.post("/api/auth/logout?everywhere=true", "").status()).isEqualTo(200);
    isClosedAsLoggedOut(stays);
  }

  @Test
  void a_socket_that_was_given_the_token_of_another_login_ends_with_that() throws Exception {
    Browser first = new Browser(server.origin());
    String email = first.signUp();
    Browser second = new Browser(server.origin());
    assertThat(second.logIn(email, Browser.PASSWORD).status()).isEqualTo(200);
    WsClient socket = WsClient.open(server.origin(), tokenOf(first));
    String fresh = "{\"type\":\"auth\",\"ref\":1,\"token\":\"" + tokenOf(second) + "\"}";
    assertThat(socket.ask(fresh).get("type").textValue()).isEqualTo("authenticated");
    assertThat(first.post("/api/auth/logout", "").status()).isEqualTo(200);
    assertThat(socket.ask("{\"ref\":2}").get("code").textValue()).isEqualTo("unknown_type");
    assertThat(second.post("/api/auth/logout", "").status()).isEqualTo(200);
    isClosedAsLoggedOut(socket);
  }

  @Test
  void where_nobody_is_told_there_is_no_feedback() {
    assertThat(browser.post("/api/feedback", "{\"text\":\"hello\"}").status()).isEqualTo(404);
  }

  @Test
  void a_member_gets_the_snippets_of_the_own_organization() throws Exception {
    chat.put("own-event", Chat.ECHO, organization, true);
    String path = "/api/webchat/snippet?eventId=";
    assertThat(browser.get(path + "own-event").body()).contains(chat.apiKey(organization));
    assertThat(browser.get(path + "demo").status()).isEqualTo(403);
    assertThat(chat.send("GET", path + "own-event", null, null).status()).isEqualTo(401);
  }
}
