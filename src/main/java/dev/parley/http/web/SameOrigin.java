package dev.parley.http.web;

import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Refused;
import dev.parley.http.shared.WebOrigin;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
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
    if (origin.isPresent() && !WebOrigin.isAmong(ours(request), origin.get())) {
      throw refused("its Origin " + shown(origin.get()) + " is not this server's");
    }
  }

  /** A proxy may speak https where this server hears http, so each scheme is ours. */
  private List<String> ours(HttpRequest request) {
    String asAddressed = request.getUri().asScala().authority().toString();
    return Stream.concat(
            Stream.of("http://" + asAddressed, "https://" + asAddressed),
            Stream.ofNullable(publicUrl).map(url -> URI.create(url).resolve("/").toString()))
        .flatMap(origin -> WebOrigin.parse(origin).stream())
        .toList();
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
