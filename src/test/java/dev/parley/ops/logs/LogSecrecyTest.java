package dev.parley.ops.logs;

import static dev.parley.http.Fixtures.append;
import static dev.parley.http.Fixtures.channel;
import static dev.parley.http.Fixtures.create;
import static dev.parley.http.Fixtures.createBody;
import static dev.parley.http.Fixtures.fresh;
import static dev.parley.http.Fixtures.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients send that opens something, and what they say, is never logged. */
class LogSecrecyTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Answers of requests that do what they should and of some that are refused, each once. */
  private static List<Answer> talk(String session, List<String> secrets) {
    String text = secrets.get(0);
    String token = secrets.get(1);
    String wrongKey = secrets.get(2);
    String cookie = secrets.get(3);
    String password = secrets.get(4);
    List<Answer> answers = new ArrayList<>();
    answers.add(append(session, text));
    answers.add(Wire.post(channel(session, "in/append")).as(token).body(text).send());
    answers.add(Wire.get(channel(session, "in/records") + "?token=" + token).as(token).send());
    answers.add(Wire.get(channel(session, "in/records")).as(wrongKey).send());
    answers.add(Wire.get(channel(session, "in/records") + "?token=" + wrongKey).send());
    answers.add(Wire.post("/api/v1/sessions").asAcme().body("{\"type\":" + text).send());
    answers.add(Wire.post("/api/v1/sessions").asAcme().body(createBody(session + text)).send());
    answers.add(Wire.get("/api/init/whoami").header("Cookie", "sessionId=" + cookie).send());
    answers.add(
        Wire.post("/api/auth/login")
            .body("{\"email\":\"a@b.example\",\"password\":\"" + password + "\"}")
            .send());
    answers.add(
        Wire.post("/api/messaging/sessions")
            .header("X-API-KEY", wrongKey)
            .body("{\"agentId\":\"" + text + "\"}")
            .send());
    answers.add(Wire.get("/chat/realtime/session/" + cookie).as(wrongKey).send());
    answers.add(Wire.get("/no/such/path/" + text + "?token=" + token).send());
    answers.add(Wire.request("PATCH", channel(session, "in/append")).as(token).body(text).send());
    return answers;
  }

  @Test
  void neither_format_shows_a_key_a_token_a_cookie_or_what_was_said() throws Exception {
    String session = fresh("logged");
    create(session);
    List<String> secrets =
        List.of(
            fresh("said"),
            token("read:sessions:" + session, "write:sessions:" + session),
            fresh("wrong-key"),
            fresh("cookie"),
            fresh("password"),
            TestServer.ACME_KEY);
    String text;
    String json;
    List<Answer> answers;
    try (RecordedLog log = new RecordedLog()) {
      answers = talk(session, secrets);
      text = log.text();
      json = log.json();
    }
    assertThat(answers).extracting(Answer::status).contains(200, 401, 404);
    assertThat(text.lines()).hasSizeGreaterThanOrEqualTo(answers.size());
    for (String secret : secrets) {
      assertThat(text).doesNotContain(secret);
      assertThat(json).doesNotContain(secret);
    }
    String request = answers.get(0).header("X-Request-Id");
    assertThat(text)
        .contains(
            "200 POST /realtime/v1/sessions/{session}/{io}/append request=\""
                + request
                + "\" session=\""
                + session
                + "\"\n");
    assertThat(json.lines())
        .allSatisfy(line -> assertThat(JSON.readTree(line).isObject()).isTrue())
        .map(JSON::readTree)
        .filteredOn(line -> line.path("request").asText().equals(request))
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.path("session").textValue()).isEqualTo(session);
              assertThat(line.path("level").textValue()).isEqualTo("DEBUG");
              assertThat(line.path("message").textValue()).startsWith("200 POST /realtime");
            });
  }
}
