package dev.parley.http.webchat;

import dev.parley.entity.webchat.OrganizationSettings;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Refused;
import dev.parley.http.shared.WebOrigin;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Whether a request comes from a page that its organization allows (web-runtime.md section 5). What
 * has no {@code Origin} is no page: browsers send it, and others could send any.
 */
public final class AllowedOrigins {
  private AllowedOrigins() {}

  /** The origin that is not allowed; empty when the request may pass. */
  public static Optional<String> refused(HttpRequest request, OrganizationSettings settings) {
    return request
        .getHeader("Origin")
        .map(HttpHeader::value)
        .filter(origin -> !allows(settings.allowedOrigins(), origin));
  }

  private static boolean allows(List<String> origins, String origin) {
    return origins.isEmpty() || WebOrigin.isAmong(origins, origin);
  }

  /**
   * @throws Refused (403) when it comes from another page
   */
  static void require(HttpRequest request, OrganizationSettings settings) {
    refused(request, settings)
        .ifPresent(
            origin -> {
              throw new Refused(
                  Answers.error(
                      403,
                      "Pages of %s may not open this webchat; its organization does not allow that origin"
                          .formatted(origin)));
            });
  }
}
