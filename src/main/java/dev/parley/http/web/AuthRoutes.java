package dev.parley.http.web;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.auth.EmailAddress;
import dev.parley.auth.PasswordWork;
import dev.parley.entity.account.AccountReply;
import dev.parley.entity.account.Accounts;
import dev.parley.entity.limit.Throttle;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.BodySchema;
import dev.parley.http.shared.ClientAddress;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.IncomingBody;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.OwnErrors;
import dev.parley.http.shared.Refused;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /api/auth}: signing up, in and out (web-runtime.md section 1, across.md section 7). */
final class AuthRoutes {
  private static final PathMatcher0 AUTH = segment("api").slash("auth");
  private static final int MAX_BODY = 8_192;
  private static final BodySchema SIGNUP = BodySchema.load("signup");
  private static final BodySchema LOGIN = BodySchema.load("login");

  private static final int SIGNUPS_OF_ADDRESS = 20;
  private static final Duration SIGNUP_WINDOW = Duration.ofHours(1);

  private final Exchanges exchanges;
  private final Accounts accounts;
  private final CookieLogin login;
  private final PasswordWork passwords;
  private final Throttle throttle;
  private final PasswordTries tries;
  private final ClientAddress address;

  AuthRoutes(
      Exchanges exchanges,
      Accounts accounts,
      CookieLogin login,
      PasswordWork passwords,
      Throttle throttle,
      ClientAddress address) {
    this.exchanges = exchanges;
    this.accounts = accounts;
    this.login = login;
    this.passwords = passwords;
    this.throttle = throttle;
    this.tries = new PasswordTries(throttle);
    this.address = address;
  }

  Route routes() {
    return concat(
        post("signup", this::signUp), post("login", this::logIn), post("logout", this::logOut));
  }

  private Route post(String name, Exchanges.Handler handler) {
    return path(
        AUTH.slash(name),
        () ->
            exchanges.route(
                new OwnErrors(),
                Map.of(
                    "POST",
                    (request, body) -> {
                      login.requireSameOrigin(request);
                      return handler.handle(request, body).thenApply(WebFace::notStored);
                    })));
  }

  private CompletionStage<HttpResponse> signUp(HttpRequest request, IncomingBody body) {
    return body.read(MAX_BODY)
        .thenApply(SIGNUP::read)
        .thenCompose(
            document -> {
              EmailAddress email = email(document);
              return throttle
                  .attempt("sign-up from " + address.of(request), SIGNUPS_OF_ADDRESS, SIGNUP_WINDOW)
                  .thenCompose(
                      tried ->
                          tried.isAllowed()
                              ? signUp(request, email, password(document))
                              : completed(WebErrors.tooMany("sign-ups", tried)));
            });
  }

  private CompletionStage<HttpResponse> signUp(
      HttpRequest request, EmailAddress email, String password) {
    String userId = email.userId();
    return working(passwords.hash(password))
        .thenCompose(hash -> accounts.signUp(userId, email.text(), hash))
        .thenCompose(
            reply ->
                reply instanceof AccountReply.User user
                    ? loggedIn(201, request, userId, user)
                    : completed(Answers.error(409, "The e-mail address has an account already")));
  }

  private CompletionStage<HttpResponse> logIn(HttpRequest request, IncomingBody body) {
    return body.read(MAX_BODY)
        .thenApply(LOGIN::read)
        .thenCompose(
            document -> {
              EmailAddress email = email(document);
              String password = password(document);
              PasswordTries.Try one = tries.of(email.userId(), address.of(request));
              return one.begin()
                  .thenCompose(
                      tried ->
                          tried.isAllowed()
                              ? logIn(request, email.userId(), password)
                                  .whenComplete((answer, failure) -> one.end(answer))
                              : completed(WebErrors.tooMany("wrong passwords", tried)));
            });
  }

  /** 401 for a wrong password, and for nothing else. */
  private CompletionStage<HttpResponse> logIn(HttpRequest request, String userId, String password) {
    return accounts
        .credentials(userId)
        .thenCompose(
            reply -> {
              AccountReply.UserCredentials known =
                  reply instanceof AccountReply.UserCredentials credentials ? credentials : null;
              return working(
                      passwords.matches(password, known == null ? null : known.passwordHash()))
                  .thenCompose(
                      right -> {
                        if (known == null || !right) {
                          return completed(Answers.error(401, "Wrong e-mail address or password"));
                        }
                        return accounts
                            .user(userId)
                            .thenCompose(
                                user ->
                                    loggedIn(
                                        200,
                                        request,
                                        userId,
                                        asOf(known.generation(), (AccountReply.User) user)));
                      });
            });
  }

  /** Who was logged out everywhere since the password was looked up stays so. */
  private static AccountReply.User asOf(long generation, AccountReply.User user) {
    return new AccountReply.User(
        user.email(),
        user.createdAt(),
        user.organizations(),
        user.currentOrganization(),
        generation);
  }

  private CompletionStage<HttpResponse> loggedIn(
      int status, HttpRequest request, String userId, AccountReply.User user) {
    return login
        .begin(request, userId, user.generation())
        .thenApply(
            cookie ->
                Answers.json(status, Json.object().set("user", AccountDocument.user(userId, user)))
                    .addHeader(cookie));
  }

  private CompletionStage<HttpResponse> logOut(HttpRequest request, IncomingBody body) {
    if (!request.getUri().query().get("everywhere").equals(Optional.of("true"))) {
      return ended(request);
    }
    return login
        .current(request)
        .thenCompose(
            current ->
                current.isEmpty()
                    ? completed(WebFace.notLoggedIn())
                    : accounts
                        .logOutEverywhere(current.get().userId())
                        .thenCompose(done -> ended(request)));
  }

  private CompletionStage<HttpResponse> ended(HttpRequest request) {
    return login
        .end(request)
        .thenApply(cookie -> Answers.json(200, Json.object().put("ok", true)).addHeader(cookie));
  }

  private static EmailAddress email(JsonNode document) {
    return EmailAddress.parse(document.get("email").textValue())
        .orElseThrow(() -> BodySchema.invalid("/email: must be an e-mail address"));
  }

  private static String password(JsonNode document) {
    return document.get("password").textValue();
  }

  private static <T> CompletionStage<T> working(Optional<CompletionStage<T>> work) {
    return work.orElseGet(() -> CompletableFuture.failedFuture(new Refused(WebErrors.busy())));
  }

  private static CompletionStage<HttpResponse> completed(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
