package dev.parley.http.widget;

import static java.util.concurrent.CompletableFuture.completedStage;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import dev.parley.http.shared.Asset;
import dev.parley.http.shared.ControlPlaneErrors;
import dev.parley.http.shared.ErrorShape;
import dev.parley.http.shared.Exchanges;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/**
 * {@code /widget/alloy-webchat-widget.js}, the same under {@code /widget/:version/} for ever, and
 * {@code /demo} (web-runtime.md section 5).
 */
public final class WidgetFace {
  private static final String MODULE = "alloy-webchat-widget.js";

  /** A new version is on all pages after this at the latest. */
  private static final String FIVE_MINUTES = "public, max-age=300, must-revalidate";

  private static final String FOR_EVER = "public, max-age=31536000, immutable";
  private static final ErrorShape ERRORS = new ControlPlaneErrors();

  private final Exchanges exchanges;
  private final Asset module =
      Asset.of(
          MediaTypes.APPLICATION_JAVASCRIPT.toContentType(HttpCharsets.UTF_8),
          Asset.read("/widget/" + MODULE));
  private final Asset style =
      Asset.of(
          MediaTypes.TEXT_CSS.toContentType(HttpCharsets.UTF_8), Asset.read("/widget/demo.css"));
  private final DemoPage page = new DemoPage();
  private final @Nullable Supplier<CompletionStage<String>> demoKey;

  /**
   * @param demoKey the webchat key of the organization {@code demo}; null for no demo page
   */
  public WidgetFace(Exchanges exchanges, @Nullable Supplier<CompletionStage<String>> demoKey) {
    this.exchanges = exchanges;
    this.demoKey = demoKey;
  }

  public Route routes() {
    Route widget =
        concat(
            path(
                segment("widget").slash(MODULE),
                () -> get((request, body) -> completedStage(module.answer(request, FIVE_MINUTES)))),
            path(
                segment("widget").slash(module.version()).slash(MODULE),
                () -> get((request, body) -> completedStage(module.answer(request, FOR_EVER)))));
    return demoKey == null ? widget : concat(widget, demo(demoKey));
  }

  private Route demo(Supplier<CompletionStage<String>> key) {
    return concat(
        path(segment("demo"), () -> get((request, body) -> key.get().thenApply(page::with))),
        path(
            segment("demo").slash("demo.css"),
            () -> get((request, body) -> completedStage(style.answer(request, FIVE_MINUTES)))));
  }

  /** What answers a GET also answers a HEAD. */
  private Route get(Exchanges.Handler handler) {
    Map<String, Exchanges.Handler> byMethod = new LinkedHashMap<>();
    byMethod.put("GET", handler);
    byMethod.put("HEAD", handler);
    return exchanges.route(ERRORS, byMethod);
  }
}
