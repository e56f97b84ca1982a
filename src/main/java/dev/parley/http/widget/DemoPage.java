package dev.parley.http.widget;

import dev.parley.http.shared.Asset;
import dev.parley.http.shared.PageHeaders;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** {@code /demo}: the widget as it stands on somebody's page, before the event {@code demo}. */
final class DemoPage {
  private static final String KEY = "{{apiKey}}";

  private final String document =
      new String(Asset.read("/widget/demo.html"), StandardCharsets.UTF_8);

  /**
   * @param apiKey of the organization that the event belongs to
   */
  HttpResponse with(String apiKey) {
    return PageHeaders.on(
        HttpResponse.create()
            .withEntity(
                HttpEntities.create(
                    ContentTypes.TEXT_HTML_UTF8, document.replace(KEY, attribute(apiKey))))
            .addHeader(RawHeader.create("Cache-Control", "no-store")));
  }

  /** Text as it stands between double quotes. */
  private static String attribute(String text) {
    return text.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
  }
}
