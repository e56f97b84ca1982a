package dev.parley.http.shared;

import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * What browsers are told not to do with an answer: none may be taken for something else than it
 * says; a page gets no more than this server unless it says so itself; in production behind HTTPS
 * nothing is asked for without it.
 */
public final class SecurityHeaders {
  static final HttpHeader NOSNIFF = RawHeader.create("X-Content-Type-Options", "nosniff");

  private static final String POLICY = "Content-Security-Policy";

  /** A year. */
  private static final HttpHeader HTTPS_ONLY =
      RawHeader.create("Strict-Transport-Security", "max-age=31536000");

  private static final HttpHeader OWN_RESOURCES =
      RawHeader.create(
          POLICY,
          "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
              + " frame-ancestors 'self'");

  private static final List<HttpHeader> OF_PAGES =
      List.of(
          RawHeader.create("Referrer-Policy", "no-referrer"),
          RawHeader.create("X-Frame-Options", "SAMEORIGIN"));

  private final boolean httpsOnly;

  /**
   * @param httpsOnly whether clients reach this server by HTTPS alone
   */
  public SecurityHeaders(boolean httpsOnly) {
    this.httpsOnly = httpsOnly;
  }

  /**
   * The answer with the headers it needs. A page with a policy of its own, which may allow frames,
   * keeps it as it is.
   */
  HttpResponse on(HttpResponse response) {
    HttpResponse plain = response.addHeader(NOSNIFF);
    HttpResponse secure = httpsOnly ? plain.addHeader(HTTPS_ONLY) : plain;
    boolean page = response.entity().getContentType().mediaType().subType().equals("html");
    return page && response.getHeader(POLICY).isEmpty()
        ? secure.addHeader(OWN_RESOURCES).addHeaders(OF_PAGES)
        : secure;
  }
}
