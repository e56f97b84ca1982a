package dev.parley.http.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.http.Wire.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The login page as it is served; LoginPageIT uses it in a browser. */
class LoginPageTest {
  private static Wire plain(String path) {
    return Wire.get(path).header("Accept-Encoding", "identity");
  }

  @ParameterizedTest
  @EnumSource
  void the_page_lets_nothing_else_in_and_is_in_nobodys_frame(Version version) {
    Answer answer = plain("/login?next=%2Fdemo").over(version).send();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=UTF-8");
    assertThat(answer.header("Content-Security-Policy"))
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
        .contains("frame-ancestors 'none'", "form-action 'self'")
        .doesNotContain("unsafe-inline");
    assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
    assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(answer.body())
        .contains("method=\"post\"", "src=\"/login/login.js\"")
        .doesNotContain("<style", "style=\"")
        .doesNotContainPattern("\\son[a-z]+=");
  }

  @ParameterizedTest
  @CsvSource({
    "/login, text/html; charset=UTF-8",
    "/login/login.css, text/css; charset=UTF-8",
    "/login/login.js, application/javascript; charset=UTF-8"
  })
  void each_part_is_asked_for_again_and_sent_when_it_has_changed(String path, String type) {
    Answer answer = plain(path).send();
    assertThat(answer.header("Content-Type")).isEqualTo(type);
    assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
    Answer known = plain(path).header("If-None-Match", answer.header("ETag")).send();
    assertThat(known.status()).isEqualTo(304);
    assertThat(Wire.request("HEAD", path).send().body()).isEmpty();
    assertThat(Wire.post(path).send().status()).isEqualTo(405);
  }

  @Test
  void the_script_writes_no_markup_and_asks_no_other_server() {
    assertThat(plain("/login/login.js").send().body())
        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")
        .doesNotContainPattern("https?://");
  }
}
