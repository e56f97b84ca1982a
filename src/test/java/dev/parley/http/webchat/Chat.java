package dev.parley.http.webchat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.OwnServer;
import dev.parley.http.Answer;
import dev.parley.http.Described;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;

/** Requests about webchats to a server of one's own. */
public final class Chat {
  public static final String ECHO = "00000000-0000-4000-8000-0000000000ec";

  /** Without the offer to change to HTTP/2 that this client would else make with a body. */
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String origin;

  public Chat(String origin) {
    this.origin = origin;
  }

  /** What came back; headers are asked for by name. */
  public record Reply(int status, String body, HttpHeaders headers) {
    public JsonNode json() {
      return Answer.parse(body);
    }

    public String header(String name) {
      return headers.firstValue(name).orElse("");
    }
  }

  /**
   * @param bearer null for none
   * @param headers names and values
   */
  public Reply send(String method, String path, String bearer, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(origin + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("Content-Type", "application/json");
    if (bearer != null) {
      request.header("Authorization", "Bearer " + bearer);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    HttpResponse<String> response =
        Described.checked(HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()));
    return new Reply(response.statusCode(), response.body(), response.headers());
  }

  public Reply admin(String method, String path, String body) throws Exception {
    return send(method, "/api/admin/" + path, OwnServer.KEY, body);
  }

  /** The webchat of an organization, as the API shows it. */
  public JsonNode settings(String organization) throws Exception {
    Reply reply = admin("GET", "organizations/" + organization + "/webchat", null);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  public String apiKey(String organization) throws Exception {
    return settings(organization).get("apiKey").textValue();
  }

  /** An organization that nobody used. */
  public static String organization() {
    return "org-" + UUID.randomUUID();
  }

  public Reply put(String event, String agent, String organization, boolean published)
      throws Exception {
    return admin(
        "PUT",
        "events/" + event,
        "{\"agentId\":\"%s\",\"organizationId\":\"%s\",\"published\":%s}"
            .formatted(agent, organization, published));
  }

  public Reply open(String apiKey, String event, String... headers) throws Exception {
    return send(
        "POST",
        "/api/webchat/session",
        null,
        "{\"apiKey\":\"%s\",\"eventId\":\"%s\"}".formatted(apiKey, event),
        headers);
  }

  /** A session at the entry that is always there in development. */
  public JsonNode demo() throws Exception {
    Reply reply = open(apiKey("demo"), "demo");
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    return reply.json();
  }

  /** Moves the server's clock. */
  public void advance(Duration by) throws Exception {
    Reply reply =
        send("POST", "/test/clock/advance", OwnServer.KEY, "{\"ms\":" + by.toMillis() + "}");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
  }
}
