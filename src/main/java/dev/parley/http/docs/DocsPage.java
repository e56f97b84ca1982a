package dev.parley.http.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.http.shared.Asset;
import dev.parley.http.shared.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpCharsets;
import org.apache.pekko.http.javadsl.model.MediaTypes;

/**
 * The document, and the page that shows it: Swagger UI as its webjar brings it, with nothing from
 * any other host.
 */
final class DocsPage {
  private static final ContentType SCRIPT =
      MediaTypes.APPLICATION_JAVASCRIPT.toContentType(HttpCharsets.UTF_8);

  private static final ContentType STYLE = MediaTypes.TEXT_CSS.toContentType(HttpCharsets.UTF_8);

  private final Asset document =
      Asset.of(ContentTypes.APPLICATION_JSON, Json.text(OpenApiDocument.read()).getBytes(UTF_8));

  private final Map<String, Asset> parts = new LinkedHashMap<>();
  private final String version;
  private final Asset page;

  private DocsPage() {
    String library = library();
    parts.put("swagger-ui-bundle.js", part(SCRIPT, library + "swagger-ui-bundle.js"));
    parts.put("swagger-ui.css", part(STYLE, library + "swagger-ui.css"));
    parts.put("docs.js", part(SCRIPT, "/docs/docs.js"));
    parts.put("docs.css", part(STYLE, "/docs/docs.css"));
    version = parts.values().stream().map(Asset::version).collect(Collectors.joining("-"));
    String html = new String(Asset.read("/docs/docs.html"), UTF_8);
    page =
        Asset.of(ContentTypes.TEXT_HTML_UTF8, html.replace("{{version}}", version).getBytes(UTF_8));
  }

  /** Takes some hundred milliseconds. */
  static DocsPage load() {
    return new DocsPage();
  }

  private static Asset part(ContentType type, String resource) {
    return Asset.of(type, Asset.read(resource));
  }

  /** The directory of the library in its webjar, which is named after its version. */
  private static String library() {
    Properties properties = new Properties();
    try {
      properties.load(
          new ByteArrayInputStream(
              Asset.read("/META-INF/maven/org.webjars/swagger-ui/pom.properties")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "/META-INF/resources/webjars/swagger-ui/" + properties.getProperty("version") + "/";
  }

  Asset document() {
    return document;
  }

  Asset page() {
    return page;
  }

  /**
   * What the page loads.
   *
   * @param wanted version as the page names it; empty for another one
   */
  Optional<Asset> part(String wanted, String name) {
    return wanted.equals(version) ? Optional.ofNullable(parts.get(name)) : Optional.empty();
  }
}
