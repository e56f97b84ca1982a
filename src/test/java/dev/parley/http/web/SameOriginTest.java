package dev.parley.http.web;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.http.shared.Refused;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SameOriginTest {
  private static HttpRequest request(String uri, String origin) {
    return HttpRequest.POST(uri).addHeader(RawHeader.create("Origin", origin));
  }

  @ParameterizedTest
  @CsvSource({
    "http://example.com/a, http://example.com",
    "http://example.com:80/a, http://example.com",
    "http://example.com/a, http://EXAMPLE.com:80",
    // Behind a proxy that speaks https.
    "http://example.com/a, https://example.com",
    "http://example.com:8080/a, http://example.com:8080",
    "http://[::1]:8080/a, http://[::1]:8080",
    "http://10.0.0.1:8080/a, https://parley.example.com",
    "http://10.0.0.1:8080/a, https://parley.example.com:443",
  })
  void our_own_pages_may_change_things(String uri, String origin) {
    assertThatCode(() -> new SameOrigin("https://parley.example.com").require(request(uri, origin)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "http://example.com/a, http://evil.example",
    "http://example.com/a, http://example.com:8080",
    "http://example.com:8080/a, http://example.com",
    "http://example.com/a, http://example.com.evil.example",
    "http://example.com/a, http://example.com@evil.example",
    "http://example.com/a, null",
    "http://example.com/a, ''",
    "http://example.com/a, example.com",
    "http://example.com/a, 'http://exa mple.com'",
    "http://example.com/a, http://[fe80::1%eth0]",
    "http://example.com/a, http://*.com",
    "http://example.com/a, 'http://example.com, http://evil.example'",
    "http://10.0.0.1:8080/a, http://parley.example.com",
  })
  void pages_of_others_may_not(String uri, String origin) {
    assertThatThrownBy(
            () -> new SameOrigin("https://parley.example.com").require(request(uri, origin)))
        .isInstanceOf(Refused.class);
  }
}
