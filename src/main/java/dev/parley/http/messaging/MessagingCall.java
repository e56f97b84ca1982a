package dev.parley.http.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.parley.http.shared.IncomingBody;
import dev.parley.http.shared.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.MediaType;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;

/** A request that has passed the checks of eliza.md section 1. */
public final class MessagingCall {
  private static final String JSON = "application/json";
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");
  private static final Set<String> ACCEPTED =
      Set.of(JSON, "multipart/form-data", "application/x-www-form-urlencoded");

  private final HttpRequest request;
  private final IncomingBody body;
  private final long maxBody;

  MessagingCall(HttpRequest request, IncomingBody body, long maxBody) {
    this.request = request;
    this.body = body;
    this.maxBody = maxBody;
  }

  public HttpRequest request() {
    return request;
  }

  /** The parameter's first value; empty text counts as absent, and so does what is no query. */
  public Optional<String> query(String name) {
    try {
      return request
          .getUri()
          .query(StandardCharsets.UTF_8, Uri.RELAXED)
          .get(name)
          .filter(value -> !value.isEmpty());
    } catch (IllegalUriException e) {
      return Optional.empty();
    }
  }

  /**
   * The object or array in the body; missing when there is no body, or none that holds JSON. To be
   * called once. Fails with {@link MessagingRefused} for anything else.
   */
  public CompletionStage<JsonNode> json() {
    return body.read(maxBody).thenApply(this::parse);
  }

  private JsonNode parse(byte[] bytes) {
    if (bytes.length == 0) {
      return MissingNode.getInstance();
    }
    String type = contentType();
    if (!ACCEPTED.contains(type)) {
      throw unacceptable(type).refused();
    }
    if (!type.equals(JSON)) {
      return MissingNode.getInstance();
    }
    return Json.parse(bytes)
        .filter(JsonNode::isContainerNode)
        .orElseThrow(() -> MessagingError.invalidJson().refused());
  }

  /** What the body may hold, in bytes. */
  long maxBody() {
    return maxBody;
  }

  /** Whether the declared length is over the limit; what declares none is counted as it comes. */
  boolean isTooLarge() {
    return body.isLongerThan(maxBody);
  }

  /** Refuses a declared body of another type than those that are taken; none needs no type. */
  void requireAcceptedType() {
    OptionalLong length = request.entity().getContentLengthOption();
    if (WITH_BODY.contains(request.method().name())
        && length.isPresent()
        && length.getAsLong() > 0
        && !ACCEPTED.contains(contentType())) {
      throw unacceptable(contentType()).refused();
    }
  }

  private static MessagingError unacceptable(String type) {
    return MessagingError.ofTransport(
        400,
        "INVALID_CONTENT_TYPE",
        "Content-Type must be application/json, multipart/form-data or"
            + " application/x-www-form-urlencoded, got "
            + type);
  }

  private String contentType() {
    MediaType type = request.entity().getContentType().mediaType();
    return type.mainType() + "/" + type.subType();
  }
}
