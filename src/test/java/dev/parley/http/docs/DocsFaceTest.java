package dev.parley.http.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.http.Wire.Version;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The document and its page as they are served. */
class DocsFaceTest {
  private static Wire plain(String path) {
    return Wire.get(path).header("Accept-Encoding", "identity");
  }

  /** What the page loads. */
  private static List<String> parts() {
    return Pattern.compile("(?:src|href)=\"(docs/[^\"]+)\"")
        .matcher(Wire.get("/docs").send().body())
        .results()
        .map((MatchResult match) -> "/" + match.group(1))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void the_document_is_served_as_it_is(Version version) {
    Answer answer = plain("/openapi.json").over(version).send();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(answer.json()).isEqualTo(OpenApiDocument.read());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/openapi.json", "/docs"})
  void who_has_it_asks_again_and_is_not_sent_it_again(String path) {
    Answer first = plain(path).send();
    assertThat(first.header("Cache-Control")).isEqualTo("no-cache");
    Answer again = plain(path).header("If-None-Match", first.header("ETag")).send();
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(plain(path).header("If-None-Match", "\"other\"").send().status()).isEqualTo(200);
  }

  @Test
  void the_page_lets_nothing_in_but_this_server() {
    Answer page = Wire.get("/docs").send();
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type")).isEqualToIgnoringCase("text/html; charset=utf-8");
    assertThat(page.headers().values("Content-Security-Policy"))
        .singleElement()
        .asString()
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self';");
    assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
    assertThat(page.body()).doesNotContain("://").doesNotContain("{{");
    assertThat(page.body()).doesNotContainPattern("<script(?![^>]* src=)");
  }

  @Test
  void what_the_page_loads_is_there_and_never_changes() {
    assertThat(parts()).hasSize(4);
    for (String part : parts()) {
      Answer answer = Wire.get(part).send();
      assertThat(answer.status()).as(part).isEqualTo(200);
      assertThat(answer.header("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
      assertThat(answer.header("Content-Type"))
          .startsWith(part.endsWith(".css") ? "text/css" : "application/javascript");
      assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }
    assertThat(parts()).anyMatch(part -> part.endsWith("/swagger-ui-bundle.js"));
  }

  @Test
  void another_version_or_another_part_is_not_there() {
    String script = parts().get(parts().size() - 1);
    assertThat(Wire.get("/docs/0123456789abcdef/docs.js").send().status()).isEqualTo(404);
    assertThat(Wire.get(script.replace("docs.js", "index.html")).send().status()).isEqualTo(404);
  }
}
