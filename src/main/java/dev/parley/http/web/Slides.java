package dev.parley.http.web;

import static org.apache.pekko.http.javadsl.server.Directives.extractRequest;
import static org.apache.pekko.http.javadsl.server.Directives.mapRequest;
import static org.apache.pekko.http.javadsl.server.Directives.mapResponse;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.AttributeKey;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.SetCookie;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * Lets cookie and store slide together (web-runtime.md section 1): only a request whose answer can
 * carry the new cookie makes its session longer.
 */
final class Slides {
  /** Where the new cookie waits for the answer. */
  static final class Slot {
    private final AtomicReference<SetCookie> cookie = new AtomicReference<>();

    void put(SetCookie slid) {
      cookie.set(slid);
    }
  }

  private static final AttributeKey<Slot> KEY = AttributeKey.create("slid-cookie", Slot.class);

  private Slides() {}

  /** Routes whose answers carry the cookie of a session that has slid on the way. */
  static Route over(Supplier<Route> routes) {
    return extractRequest(
        received -> {
          Slot slot = new Slot();
          return mapRequest(
              request -> request.addAttribute(KEY, slot),
              () ->
                  mapResponse(
                      response -> {
                        SetCookie slid = slot.cookie.get();
                        // A login or logout on the way has the last word.
                        return slid == null || response.getHeader(SetCookie.class).isPresent()
                            ? response
                            : response.addHeader(slid);
                      },
                      routes));
        });
  }

  /** Empty when the answer to the request can carry none. */
  static Optional<Slot> of(HttpRequest request) {
    return request.getAttribute(KEY);
  }
}
