package dev.parley.http.shared;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** Answers of the control plane and the channels, errors included (trigger.md section 1.2). */
public final class Answers {
  private static final HttpHeader NO_RETRY = RawHeader.create("x-should-retry", "false");

  private Answers() {}

  public static HttpResponse json(int status, JsonNode body) {
    return json(status, Json.text(body));
  }

  /**
   * @param body a JSON document
   */
  public static HttpResponse json(int status, String body) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body));
  }

  public static HttpResponse text(int status, String body) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(HttpEntities.create(ContentTypes.TEXT_PLAIN_UTF8, body));
  }

  public static HttpResponse empty(int status) {
    return HttpResponse.create().withStatus(status).withEntity(HttpEntities.EMPTY);
  }

  /** {@code {"error": text}}; a 409 tells the client not to try again (section 1.1). */
  public static HttpResponse error(int status, String text) {
    return json(status, errorBody(text), status == 409);
  }

  /** An error of a GET whose 404 is final. */
  public static HttpResponse notFound(String text) {
    return json(404, errorBody(text), true);
  }

  /** An answer with a body of its own that the client must not try again for. */
  public static HttpResponse json(int status, JsonNode body, boolean noRetry) {
    HttpResponse response = json(status, body);
    return noRetry ? response.addHeader(NO_RETRY) : response;
  }

  /** {@code {"error": what, "details": […]}} for bad parameters and queries. */
  public static HttpResponse detailed(String what, List<String> details) {
    ObjectNode body = errorBody(what);
    ArrayNode list = body.putArray("details");
    details.forEach(detail -> list.addObject().put("message", detail));
    return json(400, body);
  }

  public static HttpResponse forbidden() {
    return json(
        403,
        errorBody("Unauthorized")
            .put("code", "unauthorized")
            .put("param", "access_token")
            .put("type", "authorization"));
  }

  /** A GET of an action has an empty body, every other wrong method a text. */
  public static HttpResponse methodNotAllowed(HttpMethod used, String allowed) {
    HttpResponse response =
        used.name().equals("GET") || used.name().equals("HEAD")
            ? empty(405)
            : error(405, "Method not allowed");
    return response.addHeader(RawHeader.create("Allow", allowed));
  }

  /** 503: nothing is known or nothing was done; the client may try again. */
  public static HttpResponse unavailable(String text, Duration retryAfter) {
    return retryLater(error(503, text), retryAfter);
  }

  public static HttpResponse retryLater(HttpResponse response, Duration retryAfter) {
    return response.addHeader(
        RawHeader.create("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds()))));
  }

  /**
   * A request whose target or head can't be read, so that nobody can say which face it was meant
   * for: the error of the control plane and of the data plane (s2.md section 6) in one.
   */
  public static HttpResponse malformed(int status, String detail) {
    String message = "Malformed request: " + detail;
    String code = detail.toLowerCase(Locale.ROOT).contains("query") ? "bad_query" : "bad_path";
    return json(
        status, Json.object().put("code", code).put("message", message).put("error", message));
  }

  private static ObjectNode errorBody(String text) {
    return Json.object().put("error", text);
  }
}
