package dev.parley.http.shared;

import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * What the pages of this server tell browsers beside what every answer does: scripts, styles and
 * connections from here alone and nothing inline, no frames around them, no referrer.
 */
public final class PageHeaders {
  private static final String POLICY =
      String.join(
          "; ",
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "connect-src 'self'",
          "img-src 'self' blob: data:",
          "base-uri 'none'",
          "form-action 'self'",
          "frame-ancestors 'none'");

  private static final List<HttpHeader> HEADERS =
      List.of(
          RawHeader.create("Content-Security-Policy", POLICY),
          RawHeader.create("X-Frame-Options", "DENY"),
          RawHeader.create("Referrer-Policy", "no-referrer"));

  private PageHeaders() {}

  /** The page with these headers. */
  public static HttpResponse on(HttpResponse page) {
    return page.addHeaders(HEADERS);
  }
}
