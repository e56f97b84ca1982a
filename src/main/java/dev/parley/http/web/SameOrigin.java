package dev.parley.http.web;

import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Refused;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.Uri;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what a page of another site makes a browser send (across.md section 7). A request with
 * neither header does not come from a browser.
 *
 * @param publicUrl where this server is for its clients; null when only their requests tell
 */
record SameOrigin(@Nullable String publicUrl) {
  /**
   * @throws Refused (403) when {@code Sec-Fetch-Site} is neither {@code same-origin} nor {@code
   *     none}, or {@code Origin} is not ours
   */
  void require(HttpRequest request) {
    Optional<String> site = header(request, "Sec-Fetch-Site");
    if (site.isPresent() && !site.get().equals("same-origin") && !site.get().equals("none")) {
      throw refused("Sec-Fetch-Site is " + shown(site.get()) + "; it must be same-origin");
    }
    Optional<String> origin = header(request, "Origin");
    if (origin.isPresent() && !isOurs(origin.get(), request)) {
      throw refused("its Origin " + shown(origin.get()) + " is not this server's");
    }
  }

  private boolean isOurs(String origin, HttpRequest request) {
    Optional<URI> sender = parse(origin);
    if (sender.isEmpty()) {
      return false;
    }
    // A proxy may speak https where this server hears http, so the host and the port decide.
    Uri own = request.getUri();
    String address = own.getHost().address();
    String host = own.getHost().isIPv6() ? "[" + address + "]" : address;
    boolean asAddressed = place(sender.get()).equals(place(host, own.getPort(), own.getScheme()));
    return asAddressed
        || publicUrl != null
            && parse(publicUrl)
                .filter(
                    known ->
                        known.getScheme().equals(sender.get().getScheme())
                            && place(known).equals(place(sender.get())))
                .isPresent();
  }

  private static Optional<URI> parse(String origin) {
    try {
      URI uri = new URI(origin);
      return Optional.of(uri).filter(known -> known.getScheme() != null && known.getHost() != null);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static String place(URI uri) {
    return place(uri.getHost(), uri.getPort(), uri.getScheme());
  }

  /** Host and port, without the port that the scheme has by itself. */
  private static String place(String host, int port, String scheme) {
    boolean usual = port < 0 || port == (scheme.equals("https") ? 443 : 80);
    return host.toLowerCase(Locale.ROOT) + (usual ? "" : ":" + port);
  }

  private static Optional<String> header(HttpRequest request, String name) {
    return request.getHeader(name).map(HttpHeader::value);
  }

  private static String shown(String value) {
    return "'" + (value.length() > 100 ? value.substring(0, 100) + "…" : value) + "'";
  }

  private static Refused refused(String why) {
    return new Refused(
        Answers.error(403, "The request was sent by a page of another site: " + why));
  }
}
