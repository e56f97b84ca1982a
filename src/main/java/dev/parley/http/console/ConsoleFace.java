package dev.parley.http.console;

import static java.util.concurrent.CompletableFuture.completedStage;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.pathEndOrSingleSlash;
import static org.apache.pekko.http.javadsl.server.Directives.pathPrefix;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import dev.parley.http.shared.Asset;
import dev.parley.http.shared.ControlPlaneErrors;
import dev.parley.http.shared.ErrorShape;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.PageHeaders;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code /console} and what it loads from {@code /console/}. Nothing in it is secret: it knows no
 * more than what it is answered with the key of whoever uses it.
 */
public final class ConsoleFace {
  private static final ErrorShape ERRORS = new ControlPlaneErrors();

  /** A browser asks each time whether it has changed, so that parts always fit each other. */
  private static final String ASK_FIRST = "no-cache";

  private static final ContentType SCRIPT =
      MediaTypes.APPLICATION_JAVASCRIPT.toContentType(HttpCharsets.UTF_8);
  private static final ContentType STYLE = MediaTypes.TEXT_CSS.toContentType(HttpCharsets.UTF_8);

  private static final List<String> STYLES = List.of("console.css", "pages.css");

  private static final List<String> MODULES =
      List.of(
          "agents.js",
          "app.js",
          "channel.js",
          "cluster.js",
          "download.js",
          "elements.js",
          "facts.js",
          "format.js",
          "login.js",
          "overview.js",
          "plot.js",
          "rows.js",
          "server.js",
          "session.js",
          "sessions.js",
          "stream.js",
          "timeline.js");

  private final Exchanges exchanges;

  public ConsoleFace(Exchanges exchanges) {
    this.exchanges = exchanges;
  }

  public Route routes() {
    Route page = route(ContentTypes.TEXT_HTML_UTF8, "/console/console.html", PageHeaders::on);
    Map<String, Route> parts = parts();
    return pathPrefix(
        segment("console"),
        () ->
            concat(
                pathEndOrSingleSlash(() -> page),
                path(segment(), name -> parts.getOrDefault(name, Directives.reject()))));
  }

  private Map<String, Route> parts() {
    Map<String, Route> parts = new HashMap<>();
    STYLES.forEach(style -> parts.put(style, asset(STYLE, "/console/" + style)));
    parts.put("uplot.css", asset(STYLE, PlotLibrary.resource("uPlot.min.css")));
    parts.put("uplot.js", asset(SCRIPT, PlotLibrary.resource("uPlot.esm.js")));
    MODULES.forEach(module -> parts.put(module, asset(SCRIPT, "/console/" + module)));
    return parts;
  }

  private Route asset(ContentType type, String resource) {
    return route(type, resource, UnaryOperator.identity());
  }

  /** What answers a GET also answers a HEAD. */
  private Route route(ContentType type, String resource, UnaryOperator<HttpResponse> more) {
    Asset asset = Asset.of(type, Asset.read(resource));
    Exchanges.Handler handler =
        (request, body) -> completedStage(more.apply(asset.answer(request, ASK_FIRST)));
    Map<String, Exchanges.Handler> byMethod = new LinkedHashMap<>();
    byMethod.put("GET", handler);
    byMethod.put("HEAD", handler);
    return exchanges.route(ERRORS, byMethod);
  }
}
