package dev.parley.http.web;

import dev.parley.auth.SignedIds;
import dev.parley.entity.account.AccountReply;
import dev.parley.entity.account.Accounts;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.SetCookie;

/**
 * Finds the browser session behind a cookie, and its user. A cookie that is forged, foreign or of a
 * session that is over makes an anonymous request (web-runtime.md section 1).
 */
final class CookieLogin implements BrowserLogin {
  private final Accounts accounts;
  private final SignedIds ids;
  private final SessionCookie cookie;
  private final SameOrigin sameOrigin;

  CookieLogin(Accounts accounts, SignedIds ids, SessionCookie cookie, SameOrigin sameOrigin) {
    this.accounts = accounts;
    this.ids = ids;
    this.cookie = cookie;
    this.sameOrigin = sameOrigin;
  }

  /** The user of a browser session that goes on. */
  record Current(String userId, String sessionKey, AccountReply.User user) {}

  @Override
  public CompletionStage<Optional<LoggedIn>> of(HttpRequest request) {
    return current(request)
        .thenApply(
            found ->
                found.map(
                    session ->
                        new LoggedIn(
                            session.userId(),
                            session.sessionKey(),
                            Set.copyOf(session.user().organizations()),
                            session.user().currentOrganization())));
  }

  @Override
  public CompletionStage<Optional<LoggedIn>> forChange(HttpRequest request) {
    try {
      sameOrigin.require(request);
    } catch (RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
    return of(request);
  }

  @Override
  public CompletionStage<Boolean> goesOn(String sessionKey, String userId) {
    return accounts.goesOn(sessionKey, userId);
  }

  @Override
  public void onEnd(Consumer<String> listener) {
    accounts.onEnd(listener);
  }

  /**
   * @throws dev.parley.http.shared.Refused (403) when another site's page has sent it
   */
  void requireSameOrigin(HttpRequest request) {
    sameOrigin.require(request);
  }

  /** The session of the request's cookie. */
  CompletionStage<Optional<Current>> current(HttpRequest request) {
    return first(
        request,
        cookie.values(request).stream().flatMap(value -> ids.verify(value).stream()).toList());
  }

  private CompletionStage<Optional<Current>> first(HttpRequest request, List<String> candidates) {
    if (candidates.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    String id = candidates.get(0);
    return session(request, id)
        .thenCompose(
            reply ->
                reply instanceof AccountReply.Session session
                    ? withUser(request, id, session)
                    : CompletableFuture.completedFuture(Optional.<Current>empty()))
        .thenCompose(
            found ->
                found.isPresent()
                    ? CompletableFuture.completedFuture(found)
                    : first(request, candidates.subList(1, candidates.size())));
  }

  private CompletionStage<AccountReply.OfSession> session(HttpRequest request, String id) {
    String name = SignedIds.nameOf(id);
    return Slides.of(request).isPresent()
        ? accounts.slidingSession(name, cookie.timeToLive())
        : accounts.session(name);
  }

  private CompletionStage<Optional<Current>> withUser(
      HttpRequest request, String id, AccountReply.Session session) {
    return accounts
        .user(session.userId())
        .thenCompose(
            reply ->
                reply instanceof AccountReply.User user && user.generation() == session.generation()
                    ? CompletableFuture.completedFuture(
                        Optional.of(good(request, id, session, user)))
                    : accounts.end(SignedIds.nameOf(id)).thenApply(ended -> Optional.empty()));
  }

  private Current good(
      HttpRequest request, String id, AccountReply.Session session, AccountReply.User user) {
    if (session.slid()) {
      Slides.of(request).ifPresent(slot -> slot.put(cookie.set(ids.sign(id))));
    }
    return new Current(session.userId(), SignedIds.nameOf(id), user);
  }

  /**
   * Begins a session for a user whose password was right, and ends the one of the request, so that
   * an id from before the login is worth nothing after it.
   *
   * @return the header with the new cookie
   */
  CompletionStage<SetCookie> begin(HttpRequest request, String userId, long generation) {
    String id = ids.newId();
    return endPresented(request)
        .thenCompose(
            ended -> accounts.begin(SignedIds.nameOf(id), userId, generation, cookie.timeToLive()))
        .thenApply(begun -> cookie.set(ids.sign(id)));
  }

  /**
   * Ends the session of the request, if it has one.
   *
   * @return the header that takes the cookie from the browser
   */
  CompletionStage<SetCookie> end(HttpRequest request) {
    return endPresented(request).thenApply(ended -> cookie.clear());
  }

  private CompletionStage<Void> endPresented(HttpRequest request) {
    CompletableFuture<?>[] ends =
        cookie.values(request).stream()
            .flatMap(value -> ids.verify(value).stream())
            .map(id -> accounts.end(SignedIds.nameOf(id)).toCompletableFuture())
            .toArray(CompletableFuture[]::new);
    return CompletableFuture.allOf(ends);
  }
}
