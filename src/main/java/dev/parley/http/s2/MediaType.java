package dev.parley.http.s2;

import java.util.Locale;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.MediaTypes;

/** The forms in which the data plane speaks (s2.md sections 2, 4 and 5). */
enum MediaType {
  JSON,
  PROTOBUF,
  EVENT_STREAM,
  /** Frames of protobuf messages. */
  S2S,
  OTHER;

  static final ContentType PROTOBUF_CONTENT =
      ContentTypes.create(MediaTypes.applicationBinary("protobuf", false));

  static final ContentType S2S_CONTENT =
      ContentTypes.create(MediaTypes.customBinary("s2s", "proto", false));

  /** What the body is. */
  static MediaType ofContent(HttpRequest request) {
    return of(request.entity().getContentType().toString());
  }

  /**
   * What the client wants: the first media type that it accepts; JSON where that is none of ours.
   */
  static MediaType accepted(HttpRequest request) {
    Optional<String> accept = request.getHeader("accept").map(HttpHeader::value);
    MediaType first = accept.map(MediaType::of).orElse(JSON);
    return first == PROTOBUF || first == EVENT_STREAM ? first : JSON;
  }

  private static MediaType of(String header) {
    String type = header.split("[,;]", 2)[0].trim().toLowerCase(Locale.ROOT);
    return switch (type) {
      case "application/json" -> JSON;
      case "application/protobuf", "application/x-protobuf" -> PROTOBUF;
      case "text/event-stream" -> EVENT_STREAM;
      case "s2s/proto" -> S2S;
      default -> OTHER;
    };
  }
}
