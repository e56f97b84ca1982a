package dev.parley.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import java.util.UUID;

/** Sessions and paths that many tests begin with. */
public final class Fixtures {
  public static final String SESSIONS = "/api/v1/sessions";

  private Fixtures() {}

  /** An external id that nobody used. */
  public static String fresh(String hint) {
    return hint + "-" + UUID.randomUUID();
  }

  /** {@code /api/v1/sessions/:key}. */
  public static String session(String key) {
    return SESSIONS + "/" + Wire.segment(key);
  }

  /** {@code /realtime/v1/sessions/:key/:rest}. */
  public static String channel(String key, String rest) {
    return "/realtime/v1/sessions/" + Wire.segment(key) + "/" + rest;
  }

  /** The smallest body that creates a session. */
  public static String createBody(String externalId) {
    return createBody(externalId, "");
  }

  /**
   * @param more fields, each with a comma before it
   */
  public static String createBody(String externalId, String more) {
    return "{\"type\":\"chat\",\"taskIdentifier\":\"my-agent\",\"externalId\":\""
        + externalId
        + "\",\"triggerConfig\":{\"basePayload\":{}}"
        + more
        + "}";
  }

  /** Creates a session of the first tenant. */
  public static JsonNode create(String externalId) {
    return create(externalId, "");
  }

  /** Creates a session of the first tenant with more fields, each with a comma before it. */
  public static JsonNode create(String externalId, String more) {
    Answer answer = Wire.post(SESSIONS).asAcme().body(createBody(externalId, more)).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json();
  }

  /** Creates a session that nobody used, and says its external id. */
  public static String created(String hint) {
    String externalId = fresh(hint);
    create(externalId);
    return externalId;
  }

  public static Answer close(String key, String body) {
    return Wire.post(session(key) + "/close").asAcme().body(body).send();
  }

  /** Appends to {@code .in} of a session of the first tenant. */
  public static Answer append(String key, String body) {
    return Wire.post(channel(key, "in/append")).asAcme().body(body).send();
  }

  /** All records of a stream of the first tenant. */
  public static JsonNode records(String key, String io) {
    Answer answer = Wire.get(channel(key, io + "/records")).asAcme().send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().get("records");
  }

  /** A public token of the first tenant. */
  public static String token(String... scopes) {
    return Tokens.of(TestServer.ACME).scopes(scopes).signedWith(TestServer.ACME_KEY);
  }
}
