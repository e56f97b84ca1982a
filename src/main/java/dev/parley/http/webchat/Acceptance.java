package dev.parley.http.webchat;

import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.MediaRange;
import org.apache.pekko.http.javadsl.model.MediaType;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.Accept;

/** Which of two forms a client would rather have, by its {@code Accept}. */
final class Acceptance {
  private Acceptance() {}

  /** Whether JSON is wanted more than plain text; a client that does not care gets the text. */
  static boolean prefersJson(HttpRequest request) {
    List<MediaRange> ranges =
        request
            .getHeader(Accept.class)
            .map(accept -> StreamSupport.stream(accept.getMediaRanges().spliterator(), false))
            .map(found -> found.toList())
            .orElse(List.of());
    return quality(ranges, MediaTypes.APPLICATION_JSON) > quality(ranges, MediaTypes.TEXT_PLAIN);
  }

  /** The most exact range counts: one type before all of a kind before all. */
  private static float quality(List<MediaRange> ranges, MediaType type) {
    return ranges.stream()
        .filter(range -> range.matches(type))
        .max(Comparator.comparing(Acceptance::exactness))
        .map(MediaRange::qValue)
        .orElse(0f);
  }

  private static int exactness(MediaRange range) {
    if (range.mainType().equals("*")) {
      return 0;
    }
    return range.toString().contains("/*") ? 1 : 2;
  }
}
