package dev.parley.http.web;

import static java.util.concurrent.CompletableFuture.completedStage;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import dev.parley.http.shared.Asset;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.OwnErrors;
import dev.parley.http.shared.PageHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code /login}, where people log in, sign up and log out by {@link AuthRoutes}; {@code ?next=} is
 * a path of this server to go on to.
 */
final class LoginPage {
  private static final OwnErrors ERRORS = new OwnErrors();

  /** A browser asks each time whether it has changed, so that its parts always fit each other. */
  private static final String ASK_FIRST = "no-cache";

  private final Exchanges exchanges;
  private final Asset page = asset(ContentTypes.TEXT_HTML_UTF8, "login.html");
  private final Asset style =
      asset(MediaTypes.TEXT_CSS.toContentType(HttpCharsets.UTF_8), "login.css");
  private final Asset script =
      asset(MediaTypes.APPLICATION_JAVASCRIPT.toContentType(HttpCharsets.UTF_8), "login.js");

  LoginPage(Exchanges exchanges) {
    this.exchanges = exchanges;
  }

  private static Asset asset(ContentType type, String name) {
    return Asset.of(type, Asset.read("/login/" + name));
  }

  Route routes() {
    PathMatcher0 login = segment("login");
    return concat(
        get(
            login,
            (request, body) -> completedStage(PageHeaders.on(page.answer(request, ASK_FIRST)))),
        get(
            login.slash("login.css"),
            (request, body) -> completedStage(style.answer(request, ASK_FIRST))),
        get(
            login.slash("login.js"),
            (request, body) -> completedStage(script.answer(request, ASK_FIRST))));
  }

  /** What answers a GET also answers a HEAD. */
  private Route get(PathMatcher0 where, Exchanges.Handler handler) {
    Map<String, Exchanges.Handler> byMethod = new LinkedHashMap<>();
    byMethod.put("GET", handler);
    byMethod.put("HEAD", handler);
    return path(where, () -> exchanges.route(ERRORS, byMethod));
  }
}
