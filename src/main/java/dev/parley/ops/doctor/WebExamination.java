package dev.parley.ops.doctor;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What browsers depend on: the address they are told, cookies and the widget's domains
 * (web-runtime.md sections 1 and 5). Each setting for itself is as it must be, or no server starts.
 *
 * @param publicUrl null when clients are told the origin of their own request
 * @param cookieTtl of the cookie and of the session behind it
 * @param cookieDomain null when the cookie is for the host alone that sets it
 * @param apiDomain where pages load the widget; null for the public address
 * @param proxyDomain likewise for organizations that want the proxy; null when there is none
 */
public record WebExamination(
    @Nullable String publicUrl,
    boolean production,
    Duration cookieTtl,
    @Nullable String cookieDomain,
    @Nullable String apiDomain,
    @Nullable String proxyDomain)
    implements Callable<List<Check>> {
  public static final String NAME = "web";

  @Override
  public List<Check> call() {
    List<Check> checks = new ArrayList<>();
    checks.add(address());
    checks.add(lifeOfCookies());
    checks.add(domainOfCookies());
    checks.add(widgetDomains());
    return checks;
  }

  private Check address() {
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
  private Check lifeOfCookies() {
    return Check.ok("cookie-ttl", cookieTtl + " for the cookie and the store, one setting");
  }

  private Check domainOfCookies() {
    String name = "cookie-domain";
    if (cookieDomain == null) {
      return Check.ok(name, "not set: the cookie is for the one host that sets it");
    }
    String bare = folded(cookieDomain);
    if (publicUrl == null) {
      return Check.warn(
          name,
          bare + ", and PARLEY_PUBLIC_URL is not set",
          "Set PARLEY_PUBLIC_URL, so that it can be seen whether browsers take the cookie");
    }
    String host = String.valueOf(URI.create(publicUrl).getHost()).toLowerCase(Locale.ROOT);
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
    String proxy = proxyDomain == null ? "" : "; for organizations that want it " + proxyDomain;
    if (apiDomain != null) {
      return Check.ok(name, apiDomain + proxy);
    }
    return production && publicUrl == null
        ? Check.warn(
            name,
            "neither API_DOMAIN nor PARLEY_PUBLIC_URL is set" + proxy,
            "Snippets for other pages need an address: set one of them")
        : Check.ok(name, "API_DOMAIN not set: PARLEY_PUBLIC_URL takes its place" + proxy);
  }
}
