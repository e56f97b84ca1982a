package dev.parley.ops.doctor;

import dev.parley.auth.Spans;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What browsers depend on: the address they are told, cookies and the widget's domains, by the
 * variables of web-runtime.md sections 1 and 5.
 */
public final class WebExamination implements Callable<List<Check>> {
  public static final String NAME = "web";

  private static final Duration DEFAULT_TTL = Duration.ofDays(7);
  private static final Pattern DOMAIN = Pattern.compile("(https?://)?[A-Za-z0-9.-]+(:[0-9]+)?/?");

  private final @Nullable String publicUrl;
  private final boolean production;
  private final Function<String, @Nullable String> environment;

  /**
   * @param publicUrl null when clients are told the origin of their own request
   * @param environment the value of an environment variable, or null
   */
  public WebExamination(
      @Nullable String publicUrl,
      boolean production,
      Function<String, @Nullable String> environment) {
    this.publicUrl = publicUrl;
    this.production = production;
    this.environment = environment;
  }

  @Override
  public List<Check> call() {
    List<Check> checks = new ArrayList<>();
    checks.add(publicUrl());
    checks.add(cookieTtl());
    checks.add(cookieDomain());
    checks.add(widgetDomains());
    return checks;
  }

  private Check publicUrl() {
    String name = "public-url";
    if (publicUrl == null) {
      String value = "not set: clients are told the origin of their own request";
      return production
          ? Check.warn(name, value, "Set PARLEY_PUBLIC_URL, such as https://parley.example.com")
          : Check.ok(name, value);
    }
    return production && !publicUrl.startsWith("https:")
        ? Check.warn(
            name,
            publicUrl,
            "In production cookies are sent over HTTPS alone: put HTTPS in front, and set"
                + " PARLEY_PUBLIC_URL to it")
        : Check.ok(name, publicUrl);
  }

  /** The seed lets cookie and store be configured apart; here that can't be. */
  private Check cookieTtl() {
    String name = "cookie-ttl";
    Optional<String> ttl = variable("COOKIE_TTL");
    Optional<Duration> span =
        ttl.isEmpty() ? Optional.of(DEFAULT_TTL) : ttl.flatMap(WebExamination::span);
    return span.map(found -> Check.ok(name, found + " for the cookie and the store, one setting"))
        .orElseGet(
            () ->
                Check.fail(
                    name,
                    "COOKIE_TTL is '" + ttl.orElse("") + "'",
                    "Set it to milliseconds, or a span such as 12h or 7 days"));
  }

  private static Optional<Duration> span(String text) {
    return text.matches("[1-9][0-9]{0,14}")
        ? Optional.of(Duration.ofMillis(Long.parseLong(text)))
        : Spans.parse(text).filter(span -> !span.isZero());
  }

  private Check cookieDomain() {
    String name = "cookie-domain";
    Optional<String> domain = variable("COOKIE_DOMAIN").map(WebExamination::folded);
    if (domain.isEmpty()) {
      return Check.ok(name, "not set: the cookie is for the one host that sets it");
    }
    if (publicUrl == null) {
      return Check.warn(
          name,
          domain.get() + ", and PARLEY_PUBLIC_URL is not set",
          "Set PARLEY_PUBLIC_URL, so that it can be seen whether browsers take the cookie");
    }
    String host = String.valueOf(URI.create(publicUrl).getHost()).toLowerCase(Locale.ROOT);
    String bare = domain.get();
    return host.equals(bare) || host.endsWith("." + bare)
        ? Check.ok(name, bare + ", which " + host + " belongs to")
        : Check.fail(
            name,
            bare + ", which " + host + " does not belong to",
            "Browsers drop such a cookie, nobody can log in: set COOKIE_DOMAIN to the host or a"
                + " domain above it, or unset it");
  }

  private static String folded(String domain) {
    return (domain.startsWith(".") ? domain.substring(1) : domain).toLowerCase(Locale.ROOT);
  }

  private Check widgetDomains() {
    String name = "widget-domain";
    List<String> seen = new ArrayList<>();
    for (String variable : List.of("API_DOMAIN", "API_PROXY_DOMAIN")) {
      Optional<String> domain = variable(variable);
      if (domain.isPresent() && !DOMAIN.matcher(domain.get()).matches()) {
        return Check.fail(
            name,
            variable + " is no host",
            "Set it to a host such as api.example.com, with a scheme if it is not https");
      }
      domain.ifPresent(host -> seen.add(variable + " " + host));
    }
    if (variable("API_DOMAIN").isEmpty()) {
      seen.add("API_DOMAIN not set: PARLEY_PUBLIC_URL takes its place");
      if (production && publicUrl == null) {
        return Check.warn(
            name,
            "neither API_DOMAIN nor PARLEY_PUBLIC_URL is set",
            "Snippets for other pages need an address: set one of them");
      }
    }
    return Check.ok(name, String.join("; ", seen));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.apply(name))
        .map(String::trim)
        .filter(value -> !value.isEmpty());
  }
}
