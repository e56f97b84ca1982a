package dev.parley.http.web;

import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.Cookie;
import org.apache.pekko.http.javadsl.model.headers.HttpCookie;
import org.apache.pekko.http.javadsl.model.headers.HttpCookiePair;
import org.apache.pekko.http.javadsl.model.headers.SameSite;
import org.apache.pekko.http.javadsl.model.headers.SetCookie;
import org.jspecify.annotations.Nullable;

/**
 * The cookie of a browser session, with the attributes of web-runtime.md section 1.
 *
 * @param domain null leaves the cookie to the host that has set it
 * @param secure whether it is sent over https only
 * @param timeToLive of the cookie and of the session behind it
 */
public record SessionCookie(
    String name, @Nullable String domain, boolean secure, Duration timeToLive) {
  /** A browser sends one for each domain and path that has set one; more are made up. */
  private static final int MAX_VALUES = 4;

  /** The header that gives a browser this value, for the whole time to live from now on. */
  SetCookie set(String value) {
    return SetCookie.create(cookie(value).withMaxAge(timeToLive.toSeconds()));
  }

  /** The header that takes it from a browser. */
  SetCookie clear() {
    return SetCookie.create(cookie("").withMaxAge(0));
  }

  private HttpCookie cookie(String value) {
    HttpCookie cookie =
        HttpCookie.create(name, value)
            .withPath("/")
            .withHttpOnly(true)
            .withSecure(secure)
            .withSameSite(SameSite.Lax);
    return domain == null ? cookie : cookie.withDomain(domain);
  }

  /** What a request brings under this name, in its order. */
  List<String> values(HttpRequest request) {
    return StreamSupport.stream(request.getHeaders().spliterator(), false)
        .filter(Cookie.class::isInstance)
        .flatMap(
            header -> StreamSupport.stream(((Cookie) header).getCookies().spliterator(), false))
        .filter(pair -> pair.name().equals(name))
        .map(HttpCookiePair::value)
        .limit(MAX_VALUES)
        .toList();
  }
}
