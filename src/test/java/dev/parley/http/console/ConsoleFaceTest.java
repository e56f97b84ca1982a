package dev.parley.http.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.http.Wire.Version;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The console as it is served. */
class ConsoleFaceTest {
  private static final Pattern LOADED =
      Pattern.compile("(?:src|href)=\"(/console/[^\"]+)\"|from \"\\.(/[a-z]+\\.js)\"");

  private static Answer get(String path) {
    Answer answer = Wire.get(path).header("Accept-Encoding", "identity").send();
    assertThat(answer.status()).as(path).isEqualTo(200);
    return answer;
  }

  /** All that the page loads, and what that loads in turn. */
  private static Set<String> parts() {
    Set<String> found = new TreeSet<>();
    Deque<String> toRead = new ArrayDeque<>(Set.of("/console"));
    while (!toRead.isEmpty()) {
      Matcher names = LOADED.matcher(get(toRead.remove()).body());
      while (names.find()) {
        String path = names.group(1) != null ? names.group(1) : "/console" + names.group(2);
        if (found.add(path)) {
          toRead.add(path);
        }
      }
    }
    return found;
  }

  @ParameterizedTest
  @EnumSource
  void the_page_lets_nothing_in_but_its_own(Version version) {
    Answer answer = Wire.get("/console").over(version).send();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=UTF-8");
    assertThat(answer.header("Content-Security-Policy"))
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
    assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(answer.body()).doesNotContain("<style", "style=\"");
    assertThat(Wire.get("/console/").over(version).send().body()).isEqualTo(answer.body());
  }

  @Test
  void all_that_it_loads_is_there() {
    assertThat(parts())
        .contains("/console/app.js", "/console/uplot.js", "/console/uplot.css")
        .hasSizeGreaterThan(15);
  }

  @Test
  void no_part_names_another_server_or_writes_markup() {
    for (String part : parts()) {
      String text = get(part).body();
      assertThat(text).as(part).doesNotContain("eval(", "new Function(", "document.write");
      if (!part.contains("uplot")) {
        assertThat(text)
            .as(part)
            .doesNotContainPattern("https?://")
            .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "localStorage");
      }
    }
  }

  @Test
  void who_has_a_part_is_not_sent_it_again() {
    Answer first = get("/console/app.js");
    assertThat(first.header("Content-Type")).isEqualTo("application/javascript; charset=UTF-8");
    assertThat(first.header("Cache-Control")).isEqualTo("no-cache");
    Answer second =
        Wire.get("/console/app.js").header("If-None-Match", first.header("ETag")).send();
    assertThat(second.status()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
  }

  @Test
  void what_is_not_a_part_is_not_there() {
    assertThat(Wire.get("/console/console.html").send().status()).isEqualTo(404);
    assertThat(Wire.get("/console/../widget/demo.css").send().status()).isNotEqualTo(500);
    Answer answer = Wire.post("/console").send();
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
  }
}
