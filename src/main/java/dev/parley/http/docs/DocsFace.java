package dev.parley.http.docs;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import dev.parley.http.shared.Answers;
import dev.parley.http.shared.ControlPlaneErrors;
import dev.parley.http.shared.ErrorShape;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.PageHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.Route;
import org.jspecify.annotations.Nullable;

/** {@code /openapi.json}, {@code /docs} and what that page loads. */
public final class DocsFace {
  /** Asked for again each time, and sent again when it has changed. */
  private static final String ASK = "no-cache";

  private static final String FOR_EVER = "public, max-age=31536000, immutable";
  private static final ErrorShape ERRORS = new ControlPlaneErrors();

  private final Exchanges exchanges;
  private final Executor executor;
  private @Nullable CompletionStage<DocsPage> page;

  /**
   * @param executor puts the document together
   */
  public DocsFace(Exchanges exchanges, Executor executor) {
    this.exchanges = exchanges;
    this.executor = executor;
  }

  public Route routes() {
    return concat(
        path(
            segment("openapi.json"),
            () -> get((page, request) -> page.document().answer(request, ASK))),
        path(
            segment("docs"),
            () -> get((page, request) -> PageHeaders.on(page.page().answer(request, ASK)))),
        path(
            segment("docs").slash(segment()).slash(segment()),
            (version, name) ->
                get(
                    (page, request) ->
                        page.part(version, name)
                            .map(part -> part.answer(request, FOR_EVER))
                            .orElseGet(() -> Answers.notFound("Not found")))));
  }

  /** What answers a GET also answers a HEAD. */
  private Route get(BiFunction<DocsPage, HttpRequest, HttpResponse> answer) {
    Exchanges.Handler handler =
        (request, body) -> page().thenApply(page -> answer.apply(page, request));
    Map<String, Exchanges.Handler> byMethod = new LinkedHashMap<>();
    byMethod.put("GET", handler);
    byMethod.put("HEAD", handler);
    return exchanges.route(ERRORS, byMethod);
  }

  /** Made when it is asked for the first time: most servers never are. */
  private synchronized CompletionStage<DocsPage> page() {
    if (page == null) {
      page = CompletableFuture.supplyAsync(DocsPage::load, executor);
    }
    return page;
  }
}
