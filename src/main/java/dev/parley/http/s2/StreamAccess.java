package dev.parley.http.s2;

import dev.parley.auth.StreamCredentials;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.StreamName;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** Who may reach which stream (s2.md section 1): a token opens the one it was made for. */
final class StreamAccess {
  private static final String SCHEME = "Bearer ";
  private static final Pattern BASIN = Pattern.compile("[a-z0-9][a-z0-9-]{6,46}[a-z0-9]");

  private final StreamCredentials credentials;

  StreamAccess(StreamCredentials credentials) {
    this.credentials = credentials;
  }

  /**
   * The stream that the URL names.
   *
   * @throws S2Refused 401 for the token, 400 or 404 for the basin, 403 for another stream
   */
  OpenStream open(HttpRequest request, String name) {
    StreamCredentials.Grant grant =
        token(request)
            .flatMap(credentials::verify)
            .orElseThrow(
                () ->
                    S2Error.of(401, "authn", "the access token is missing, invalid or expired")
                        .refused());
    requireBasin(request);
    if (request.getHeader("s2-encryption-key").isPresent()) {
      throw S2Error.of(400, "bad_header", "s2-encryption-key: streams are not encrypted by a key")
          .refused();
    }
    if (!grant.stream().equals(name)) {
      throw S2Error.of(403, "permission_denied", "the access token is for another stream")
          .refused();
    }
    return StreamName.parse(grant.environment().id(), name)
        .map(stream -> new OpenStream(stream, grant.generation()))
        .orElseThrow(
            () -> S2Error.of(404, "stream_not_found", "there is no such stream").refused());
  }

  private static Optional<String> token(HttpRequest request) {
    List<String> headers = Endpoints.authorizations(request);
    return headers.size() == 1 && headers.get(0).regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? Optional.of(headers.get(0).substring(SCHEME.length()).trim())
        : Optional.empty();
  }

  private static void requireBasin(HttpRequest request) {
    Optional<String> basin = request.getHeader("s2-basin").map(HttpHeader::value);
    if (basin.isEmpty() || !BASIN.matcher(basin.get()).matches()) {
      throw S2Error.of(
              400, "bad_header", "s2-basin must be the basin that came with the access token")
          .refused();
    }
    if (!basin.get().equals(StreamName.BASIN)) {
      throw S2Error.of(404, "basin_not_found", "there is no such basin").refused();
    }
  }
}
