package dev.parley.ops.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.parley.ops.doctor.Check.Status;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WebExaminationTest {
  private static final String PUBLIC = "https://parley.example.com";

  static Stream<Arguments> settings() {
    return Stream.of(
        arguments("public-url", null, false, Map.of(), Status.OK),
        arguments("public-url", null, true, Map.of(), Status.WARN),
        arguments("public-url", "http://x.example", true, Map.of(), Status.WARN),
        arguments("public-url", "http://x.example", false, Map.of(), Status.OK),
        arguments("public-url", PUBLIC, true, Map.of(), Status.OK),
        arguments("cookie-ttl", null, false, Map.of(), Status.OK),
        arguments("cookie-ttl", null, false, Map.of("COOKIE_TTL", "604800000"), Status.OK),
        arguments("cookie-ttl", null, false, Map.of("COOKIE_TTL", "12h"), Status.OK),
        arguments("cookie-ttl", null, false, Map.of("COOKIE_TTL", "long"), Status.FAIL),
        arguments("cookie-ttl", null, false, Map.of("COOKIE_TTL", "0"), Status.FAIL),
        arguments("cookie-domain", PUBLIC, true, Map.of(), Status.OK),
        arguments("cookie-domain", PUBLIC, true, Map.of("COOKIE_DOMAIN", "example.com"), Status.OK),
        arguments(
            "cookie-domain", PUBLIC, true, Map.of("COOKIE_DOMAIN", ".Example.com"), Status.OK),
        arguments("cookie-domain", PUBLIC, true, Map.of("COOKIE_DOMAIN", "ample.com"), Status.FAIL),
        arguments("cookie-domain", PUBLIC, true, Map.of("COOKIE_DOMAIN", "other.org"), Status.FAIL),
        arguments("cookie-domain", null, true, Map.of("COOKIE_DOMAIN", "other.org"), Status.WARN),
        arguments("widget-domain", PUBLIC, true, Map.of(), Status.OK),
        arguments("widget-domain", null, true, Map.of(), Status.WARN),
        arguments("widget-domain", null, true, Map.of("API_DOMAIN", "api.example"), Status.OK),
        arguments(
            "widget-domain", null, true, Map.of("API_DOMAIN", "http://api.example:1"), Status.OK),
        arguments(
            "widget-domain", PUBLIC, true, Map.of("API_PROXY_DOMAIN", "a b/c?d"), Status.FAIL));
  }

  @ParameterizedTest(name = "{0} with {1} {3}: {4}")
  @MethodSource("settings")
  void each_setting_is_judged(
      String name,
      @Nullable String publicUrl,
      boolean production,
      Map<String, String> environment,
      Status status) {
    Check found =
        new WebExamination(publicUrl, production, environment::get)
            .call().stream().filter(check -> check.name().equals(name)).findFirst().orElseThrow();
    assertThat(found.status()).as(found.toString()).isEqualTo(status);
    assertThat(found.remedy() == null).isEqualTo(status == Status.OK);
  }
}
