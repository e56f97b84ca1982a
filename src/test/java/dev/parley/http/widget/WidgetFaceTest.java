package dev.parley.http.widget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.http.Wire.Version;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import okhttp3.Response;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The widget and its page as they are served (web-runtime.md section 5). */
class WidgetFaceTest {
  private static final String MODULE = "/widget/alloy-webchat-widget.js";
  private static final int MAX_COMPRESSED = 30_000;

  private static Wire plain(String path) {
    return Wire.get(path).header("Accept-Encoding", "identity");
  }

  private static String version() {
    Matcher tag =
        Pattern.compile("\"([0-9a-f]{16})\"").matcher(plain(MODULE).send().header("ETag"));
    assertThat(tag.matches()).isTrue();
    return tag.group(1);
  }

  @ParameterizedTest
  @EnumSource
  void the_module_may_be_loaded_by_any_page(Version version) {
    Answer answer = plain(MODULE).over(version).send();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("application/javascript; charset=UTF-8");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("cross-origin");
    assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
    assertThat(answer.header("Content-Encoding")).isNull();
    assertThat(answer.body()).contains("export function init(");
  }

  @Test
  void it_is_small_and_compressed_for_who_takes_that() throws IOException {
    String text = plain(MODULE).send().body();
    try (Response response = Wire.get(MODULE).header("Accept-Encoding", "br, gzip").open()) {
      assertThat(response.header("Content-Encoding")).isEqualTo("gzip");
      assertThat(response.header("ETag")).isEqualTo("\"" + version() + "-gzip\"");
      byte[] bytes = response.body().bytes();
      assertThat(bytes.length).isLessThan(MAX_COMPRESSED);
      try (GZIPInputStream zip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        assertThat(new String(zip.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(text);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"gzip;q=0, gzip", "identity, gzip", "br, gzip"})
  void nobody_gets_what_he_does_not_take(String accepted, String unwanted) {
    Answer answer = Wire.get(MODULE).header("Accept-Encoding", accepted).send();
    assertThat(answer.header("Content-Encoding")).isNotEqualTo(unwanted);
  }

  @Test
  void who_has_it_is_not_sent_it_again() {
    String version = version();
    for (String known :
        new String[] {
          "\"" + version + "\"", "\"other\", W/\"" + version + "\"", "\"" + version + "-gzip\"", "*"
        }) {
      Answer answer = plain(MODULE).header("If-None-Match", known).send();
      assertThat(answer.status()).as(known).isEqualTo(304);
      assertThat(answer.body()).isEmpty();
      assertThat(answer.header("ETag")).isEqualTo("\"" + version + "\"");
    }
    assertThat(plain(MODULE).header("If-None-Match", "\"other\"").send().status()).isEqualTo(200);
  }

  @Test
  void only_under_its_version_it_never_changes() {
    assertThat(plain(MODULE).send().header("Cache-Control"))
        .isEqualTo("public, max-age=300, must-revalidate");
    Answer versioned = plain("/widget/" + version() + "/alloy-webchat-widget.js").send();
    assertThat(versioned.status()).isEqualTo(200);
    assertThat(versioned.header("Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
    assertThat(plain("/widget/0123456789abcdef/alloy-webchat-widget.js").send().status())
        .isEqualTo(404);
  }

  @Test
  void it_names_no_other_server_and_writes_no_markup() {
    String text = plain(MODULE).send().body().replaceAll("(?s)/\\*\\*.*?\\*/", "");
    assertThat(text.replace("http://www.w3.org/2000/svg", ""))
        .doesNotContainPattern("https?://[a-z]")
        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")
        .doesNotContainPattern("\\bon[a-z]+=");
  }

  @Test
  void a_wrong_method_is_refused() {
    Answer answer = Wire.post(MODULE).send();
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
  }

  @ParameterizedTest
  @EnumSource
  void the_page_shows_the_widget_and_lets_nothing_else_in(Version version) {
    Answer answer = Wire.get("/demo").over(version).send();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=UTF-8");
    assertThat(answer.header("Content-Security-Policy"))
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe-inline");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
    assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(answer.header("Strict-Transport-Security")).isNull();
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.body())
        .contains("src=\"" + MODULE + "\" data-api-key=\"", "data-event-id=\"demo\"")
        .doesNotContain("{{", "<style", "style=\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/demo", "/demo/demo.css", MODULE})
  void what_answers_a_get_answers_a_head(String path) {
    for (Version version : Version.values()) {
      Answer answer = Wire.request("HEAD", path).over(version).send();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEmpty();
    }
  }

  @Test
  void a_key_stays_within_its_attribute() {
    HttpResponse page = new DemoPage().with("a\"><script>&amp;");
    assertThat(((HttpEntity.Strict) page.entity()).getData().utf8String())
        .contains("data-api-key=\"a&quot;>&lt;script>&amp;amp;\"");
  }
}
