package dev.parley.http.uploads;

import static dev.parley.http.Fixtures.create;
import static dev.parley.http.Fixtures.fresh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.TestServer;
import dev.parley.http.Wire;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Refused;
import dev.parley.http.web.Browser;
import dev.parley.http.web.BrowserLogin;
import dev.parley.session.SessionId;
import dev.parley.storage.FileOwner;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;

/** What people who are logged in may upload and see. */
class BrowserAccessTest {
  private static final String ORGANIZATION = "org_1";

  /** Ann is logged in, and pages of this origin are ours. */
  private static final BrowserLogin ANN =
      new BrowserLogin() {
        @Override
        public CompletionStage<Optional<LoggedIn>> of(HttpRequest request) {
          return CompletableFuture.completedFuture(
              request
                  .getHeader("Cookie")
                  .map(
                      ignored ->
                          new LoggedIn(
                              "ann", "login", Set.of(ORGANIZATION, "org_2"), ORGANIZATION)));
        }

        @Override
        public CompletionStage<Optional<LoggedIn>> forChange(HttpRequest request) {
          return request.getHeader("Sec-Fetch-Site").isPresent()
              ? CompletableFuture.failedFuture(new Refused(Answers.error(403, "foreign page")))
              : of(request);
        }

        @Override
        public CompletionStage<Boolean> goesOn(String sessionKey, String userId) {
          return CompletableFuture.completedFuture(true);
        }

        @Override
        public void onEnd(Consumer<String> listener) {
          throw new UnsupportedOperationException("uploads do not outlive their request");
        }
      };

  private final UploadAccess access =
      new BrowserAccess(ANN, TestServer.sessions(), Clock.systemUTC(), TestServer.ACME);

  private static HttpRequest request(String method, String query) {
    HttpRequest request =
        method.equals("POST") ? HttpRequest.POST("/x" + query) : HttpRequest.GET("/x" + query);
    return request.addHeader(RawHeader.create("Cookie", "sessionId=s"));
  }

  private UploadAccess.Holder holder(HttpRequest request) {
    return await(access.holder(request)).orElseThrow();
  }

  private static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      if (e.getCause() instanceof Refused refused) {
        throw refused;
      }
      throw new IllegalStateException(e);
    }
  }

  private static String sessionOf(String user) {
    String session = fresh("browser");
    create(session, ",\"tags\":[\"user:" + user + "\"]");
    return session;
  }

  private static void assertRefused(int status, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.response().status().intValue()).isEqualTo(status));
  }

  @Test
  void uploads_go_to_the_current_organization_or_another_of_theirs() {
    assertThat(await(holder(request("POST", "")).newFiles()))
        .isEqualTo(new FileOwner.OfOrganization(TestServer.ACME, ORGANIZATION));
    assertThat(await(holder(request("POST", "?organization=org_2")).newFiles()))
        .isEqualTo(new FileOwner.OfOrganization(TestServer.ACME, "org_2"));
    assertRefused(403, () -> holder(request("POST", "?organization=org_3")).newFiles());
  }

  @Test
  void uploads_go_to_a_session_of_theirs_and_no_other() {
    String own = sessionOf("ann");
    assertThat(await(holder(request("POST", "?session=" + own)).newFiles()))
        .isEqualTo(new FileOwner.OfSession(SessionId.ofExternal(TestServer.ACME, own), 0));
    String foreign = sessionOf("bob");
    assertRefused(404, () -> await(holder(request("POST", "?session=" + foreign)).newFiles()));
  }

  @Test
  void files_of_others_are_not_seen() {
    UploadAccess.Holder ann = holder(request("GET", ""));
    assertThat(await(ann.sees(new FileOwner.OfOrganization(TestServer.ACME, "org_2")))).isTrue();
    assertThat(await(ann.sees(new FileOwner.OfOrganization(TestServer.ACME, "org_3")))).isFalse();
    assertThat(await(ann.sees(new FileOwner.OfOrganization(TestServer.GLOBEX, "org_2")))).isFalse();
    for (String user : List.of("ann", "bob")) {
      SessionId id = SessionId.ofExternal(TestServer.ACME, sessionOf(user));
      assertThat(await(ann.sees(new FileOwner.OfSession(id, 0)))).isEqualTo(user.equals("ann"));
      assertThat(await(ann.sees(new FileOwner.OfSession(id, 5)))).isFalse();
    }
  }

  @Test
  void a_foreign_page_can_not_upload_in_their_name() {
    HttpRequest foreign =
        request("POST", "").addHeader(RawHeader.create("Sec-Fetch-Site", "cross-site"));
    assertRefused(403, () -> await(access.holder(foreign)));
  }

  @Test
  void the_server_takes_files_from_its_own_pages_with_the_cookie() {
    Browser ann = new Browser(TestServer.origin());
    ann.signUp();
    ann.whoAmI();
    Wire own = upload(ann);
    assertThat(own.send().status()).isEqualTo(201);
    assertThat(upload(ann).header("Sec-Fetch-Site", "cross-site").send().status()).isEqualTo(403);
    assertThat(upload(ann).header("Origin", "https://evil.example").send().status()).isEqualTo(403);
    ann.post("/api/auth/logout", "");
    assertThat(own.send().status()).isEqualTo(401);
  }

  private static Wire upload(Browser browser) {
    return Wire.post("/api/storage/upload")
        .contentType(FormData.TYPE)
        .header("Cookie", "sessionId=" + browser.cookie())
        .body(new FormData().file("file", "a.txt", "text/plain", Samples.TEXT).end());
  }

  @Test
  void the_first_way_that_knows_the_request_decides() {
    UploadAccess none = request -> CompletableFuture.completedFuture(Optional.empty());
    UploadAccess both = UploadAccess.firstOf(List.of(none, access));
    assertThat(await(both.holder(request("GET", "")))).isPresent();
    assertThat(await(both.holder(HttpRequest.GET("/x")))).isEmpty();
  }
}
