package dev.parley.http.docs;

import static dev.parley.http.Fixtures.channel;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import dev.parley.http.docs.DescribedOperations.Body;
import dev.parley.http.docs.DescribedOperations.Operation;
import dev.parley.http.messaging.Messaging;
import dev.parley.http.web.Browser;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an example is about: the things that its path and body name are made before it is sent, and
 * stand there in the place of the names that the document uses.
 */
final class ExampleWorld {
  private static final String FORM = "multipart/form-data; boundary=x";

  private final Operation operation;
  private final Map<String, String> made = new HashMap<>();
  private final Browser browser = new Browser(TestServer.origin());
  private String streamToken = "";

  ExampleWorld(Operation operation) {
    this.operation = operation;
  }

  /** The value of a parameter of the path. */
  String value(String parameter) {
    String known = made.get(parameter);
    if (known == null) {
      known = make(parameter);
      made.put(parameter, known);
    }
    return known;
  }

  private String make(String parameter) {
    return switch (parameter) {
      case "session" -> session();
      case "run" ->
          ok(Wire.get(Fixtures.session(value("session")))).get("currentRunId").textValue();
      case "waitpoint" ->
          ok(Wire.post("/api/v1/waitpoints/tokens").body("{}")).get("id").textValue();
      case "stream" -> stream();
      case "sessionId" -> Messaging.created();
      case "agent" -> agent();
      case "worker" -> worker();
      case "organization" -> organization();
      case "event" -> event(Fixtures.fresh("event"));
      case "handOff" -> handOff();
      case "file" ->
          ok(upload(Wire.post("/api/storage/upload?session=" + value("session")), "file"))
              .at("/files/0/id")
              .textValue();
      case "version" -> operation.path().startsWith("/docs") ? docsVersion() : widgetVersion();
      default -> example(parameter);
    };
  }

  /** One whose end can be moved. */
  private static String session() {
    String externalId = Fixtures.fresh("described");
    Fixtures.create(externalId, ",\"timeoutConfig\":{\"timeoutMinutes\":30}");
    return externalId;
  }

  private String example(String parameter) {
    return operation.parameters().stream()
        .filter(one -> one.name().equals(parameter))
        .findFirst()
        .orElseThrow()
        .example()
        .asText();
  }

  private static JsonNode ok(Wire request) {
    Answer answer = request.asAcme().send();
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    return answer.json();
  }

  private String stream() {
    Answer put = Wire.put(channel(value("session"), "out")).asAcme().send();
    streamToken = put.header("X-S2-Access-Token");
    Wire records =
        Wire.post("/v1/streams/" + Wire.segment(put.header("X-S2-Stream-Name")) + "/records");
    Answer appended =
        records
            .as(streamToken)
            .header("s2-basin", put.header("X-S2-Basin"))
            .body("{\"records\":[{\"body\":\"first\"}]}")
            .send();
    assertThat(appended.status()).as(appended.body()).isEqualTo(200);
    return put.header("X-S2-Stream-Name");
  }

  private String agent() {
    String id = UUID.randomUUID().toString();
    if (!operation.id().equals("registerAgent")) {
      ok(Wire.put("/api/admin/agents/" + id).body("{\"name\":\"W\",\"kind\":\"attached\"}"));
    }
    return id;
  }

  private String worker() {
    if (!operation.id().equals("attachWorker")) {
      ok(Wire.put("/api/admin/agents/" + value("agent") + "/workers/worker-1").body("{}"));
    }
    return "worker-1";
  }

  private String organization() {
    return operation.scheme().equals(Optional.of("sessionCookie"))
        ? loggedIn().whoAmI().at("/currentOrganization/id").textValue()
        : Fixtures.fresh("org");
  }

  private Browser loggedIn() {
    if (browser.cookie() == null) {
      made.put("email", browser.signUp());
    }
    return browser;
  }

  private String event(String id) {
    if (!operation.id().equals("putEvent")) {
      ok(
          Wire.put("/api/admin/events/" + id)
              .body(
                  "{\"agentId\":\"%s\",\"organizationId\":\"acme\",\"published\":true}"
                      .formatted(Messaging.AGENT)));
    }
    return id;
  }

  private String handOff() {
    String organization = loggedIn().whoAmI().at("/currentOrganization/id").textValue();
    Answer offered = browser.post("/chat/realtime/ally/create-session/" + organization, "{}");
    assertThat(offered.status()).as(offered.body()).isEqualTo(201);
    return offered.json().get("sessionId").textValue();
  }

  private static String widgetVersion() {
    Answer module =
        Wire.get("/widget/alloy-webchat-widget.js").header("Accept-Encoding", "identity").send();
    return module.header("ETag").replace("\"", "");
  }

  private static String docsVersion() {
    Matcher version =
        Pattern.compile("docs/([^/]+)/docs\\.js").matcher(Wire.get("/docs").send().body());
    assertThat(version.find()).isTrue();
    return version.group(1);
  }

  /** The request with what its caller must show. */
  Wire authorized(Wire request) {
    return switch (operation.scheme().orElse("")) {
      case "secretKey", "publicToken", "workerKey" -> request.asAcme();
      case "s2Token" -> request.as(streamToken);
      case "visitorToken" -> request.as(visitorToken());
      case "sessionCookie" -> request.header("Cookie", "sessionId=" + loggedIn().cookie());
      default -> request;
    };
  }

  private String visitorToken() {
    event("support");
    String body = "{\"apiKey\":\"%s\",\"eventId\":\"support\"}".formatted(webchatKey());
    return ok(Wire.post("/api/webchat/session").contentType("application/json").body(body))
        .get("sessionToken")
        .textValue();
  }

  private String webchatKey() {
    return ok(Wire.get("/api/admin/organizations/acme/webchat")).get("apiKey").textValue();
  }

  /** The request with the body, in which what exists stands for what the document names. */
  Wire with(Wire request, Body body) {
    return request.contentType(body.contentType()).body(real(body.text()));
  }

  private String real(String text) {
    String real = text;
    if (real.contains("run_env_1")) {
      real = real.replace("run_env_1", value("run"));
    }
    if (operation.id().equals("waitOnStream")) {
      real = real.replace("chat-1", value("session"));
    }
    if (operation.id().equals("openWebchat")) {
      event("support");
      real = real.replace("wk_0123456789abcdef", webchatKey());
    }
    if (operation.id().equals("logIn")) {
      loggedIn();
    }
    return real.replace("ada@example.com", made.getOrDefault("email", Browser.newEmail()));
  }

  /** What the query names and must be there. */
  void prepareQuery() {
    if (operation.id().equals("webchatSnippet")) {
      event("support");
    }
    if (operation.path().startsWith("/api/storage/upload")
        || operation.path().startsWith("/api/chat/attachments")) {
      Wire.post(Fixtures.SESSIONS).asAcme().body(Fixtures.createBody("chat-1")).send();
    }
  }

  /** The request with a form that holds one file. */
  static Wire upload(Wire request, String field) {
    return request
        .contentType(FORM)
        .body(
            "--x\r\nContent-Disposition: form-data; name=\""
                + field
                + "\"; filename=\"a.txt\"\r\n\r\nHello\r\n--x--\r\n");
  }
}
