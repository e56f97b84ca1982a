package dev.parley.http.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class WebOriginTest {
  @Provide
  Arbitrary<String> almostOrigins() {
    return Arbitraries.of(
            "http",
            "https",
            "://",
            "*.",
            "a",
            "é",
            ".",
            "example.com",
            ":",
            "80",
            "65536",
            "-",
            "[",
            "::1",
            "fe80::1%eth0",
            "]",
            "1.2.3.4",
            "@",
            "/",
            "?",
            "#",
            "%",
            "%41",
            " ",
            "_",
            "null")
        .list()
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }

  /** Whatever is taken can be looked for, and is found by a page that has it. */
  @Property(tries = 20_000)
  void what_is_taken_for_an_origin_is_one(@ForAll @From("almostOrigins") String text) {
    WebOrigin.parse(text)
        .ifPresent(
            origin -> {
              assertThat(WebOrigin.parse(origin)).contains(origin);
              assertThat(WebOrigin.isAmong(List.of(origin), origin.replace("*.", "x."))).isTrue();
            });
    assertThat(WebOrigin.isAmong(List.of("https://elsewhere.example"), text)).isFalse();
  }
}
