package dev.parley.http.web;

import static org.apache.pekko.http.javadsl.server.Directives.concat;

import dev.parley.auth.PasswordWork;
import dev.parley.auth.SignedIds;
import dev.parley.entity.account.Accounts;
import dev.parley.entity.limit.Throttle;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.ClientAddress;
import dev.parley.http.shared.Exchanges;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** All routes for accounts, browser sessions and hand-offs. */
public final class WebFace {
  private static final HttpHeader NOT_STORED = RawHeader.create("Cache-Control", "no-store");

  private final CookieLogin login;
  private final AuthRoutes auth;
  private final LoginPage page;
  private final WhoAmIRoutes whoAmI;
  private final HandOffRoutes handOffs;
  private final FeedbackRoutes feedback;
  private final RealtimeHealth health;

  /**
   * What this face is told.
   *
   * @param ids signs cookies
   * @param publicUrl where clients reach this server; null when only their requests tell
   * @param address tells senders apart
   * @param worker opens hand-offs
   * @param feedback is given the id of a user and what he has to say; false when nobody is told
   */
  public record Options(
      SignedIds ids,
      SessionCookie cookie,
      @Nullable String publicUrl,
      ClientAddress address,
      WorkerKey worker,
      BiPredicate<String, String> feedback) {}

  /**
   * @param failing names the parts of this node that don't work; none when all do
   */
  public WebFace(
      Exchanges exchanges,
      Accounts accounts,
      Throttle throttle,
      PasswordWork passwords,
      Options options,
      Supplier<CompletionStage<List<String>>> failing,
      Clock clock) {
    this.login =
        new CookieLogin(
            accounts, options.ids(), options.cookie(), new SameOrigin(options.publicUrl()));
    this.auth = new AuthRoutes(exchanges, accounts, login, passwords, throttle, options.address());
    this.page = new LoginPage(exchanges);
    this.whoAmI = new WhoAmIRoutes(exchanges, accounts, login);
    this.handOffs = new HandOffRoutes(exchanges, accounts, login, options.worker());
    this.feedback = new FeedbackRoutes(exchanges, login, throttle, options.feedback());
    this.health = new RealtimeHealth(exchanges, failing, clock);
  }

  /** Who sends a request, for the routes of others. */
  public BrowserLogin login() {
    return login;
  }

  /**
   * Routes of others that use {@link #login}, such that their answers keep a browser session alive:
   * cookie and store slide together.
   */
  public Route sliding(Supplier<Route> routes) {
    return Slides.over(routes);
  }

  public Route routes() {
    return concat(
        auth.routes(),
        page.routes(),
        sliding(() -> concat(whoAmI.routes(), handOffs.routes(), feedback.routes())),
        health.routes());
  }

  /** An answer about somebody, which no cache may keep. */
  static HttpResponse notStored(HttpResponse response) {
    return response.addHeader(NOT_STORED);
  }

  static HttpResponse notLoggedIn() {
    return Answers.error(401, "Not logged in");
  }
}
