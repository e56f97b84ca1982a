package dev.parley.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.parley.ops.doctor.Check.Status;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WebExaminationTest {
  private static final String PUBLIC = "https://parley.example.com";

  private static WebExamination with(@Nullable String publicUrl, boolean production) {
    return new WebExamination(publicUrl, production, Duration.ofDays(7), null, null, null);
  }

  private static WebExamination cookiesFor(@Nullable String publicUrl, String domain) {
    return new WebExamination(publicUrl, true, Duration.ofDays(7), domain, null, null);
  }

  private static WebExamination widgetFrom(@Nullable String api, @Nullable String proxy) {
    return new WebExamination(null, true, Duration.ofDays(7), null, api, proxy);
  }

  static Stream<Arguments> settings() {
    return Stream.of(
        arguments("public-url", with(null, false), Status.OK, "of their own request"),
        arguments("public-url", with(null, true), Status.WARN, "not set"),
        arguments("public-url", with("http://x.example", true), Status.WARN, "http://x.example"),
        arguments("public-url", with("http://x.example", false), Status.OK, "http://x.example"),
        arguments("public-url", with(PUBLIC, true), Status.OK, PUBLIC),
        arguments("cookie-ttl", with(null, false), Status.OK, "PT168H"),
        arguments("cookie-domain", with(PUBLIC, true), Status.OK, "not set"),
        arguments("cookie-domain", cookiesFor(PUBLIC, "example.com"), Status.OK, "example.com"),
        arguments("cookie-domain", cookiesFor(PUBLIC, ".Example.com"), Status.OK, "example.com"),
        arguments("cookie-domain", cookiesFor(PUBLIC, "ample.com"), Status.FAIL, "ample.com"),
        arguments("cookie-domain", cookiesFor(PUBLIC, "other.org"), Status.FAIL, "other.org"),
        arguments("cookie-domain", cookiesFor(null, "other.org"), Status.WARN, "other.org"),
        arguments("widget-domain", with(PUBLIC, true), Status.OK, "API_DOMAIN not set"),
        arguments("widget-domain", with(null, false), Status.OK, "API_DOMAIN not set"),
        arguments("widget-domain", with(null, true), Status.WARN, "neither API_DOMAIN"),
        arguments("widget-domain", widgetFrom("https://a.example", null), Status.OK, "a.example"),
        arguments("widget-domain", widgetFrom(null, "https://p.example"), Status.WARN, "p.example"),
        arguments(
            "widget-domain",
            widgetFrom("https://a.example", "https://p.example"),
            Status.OK,
            "https://a.example; for organizations that want it https://p.example"));
  }

  @ParameterizedTest(name = "{0} of {1}: {2}")
  @MethodSource("settings")
  void each_setting_is_judged(
      String name, WebExamination examination, Status status, String value) {
    Check found =
        examination.call().stream()
            .filter(check -> check.name().equals(name))
            .findFirst()
            .orElseThrow();
    assertThat(found.status()).as(found.toString()).isEqualTo(status);
    assertThat(found.value()).contains(value);
    assertThat(found.remedy() == null).isEqualTo(status == Status.OK);
  }
}
