package dev.parley.http;

import static dev.parley.http.Fixtures.SESSIONS;
import static dev.parley.http.Fixtures.channel;
import static dev.parley.http.Fixtures.create;
import static dev.parley.http.Fixtures.createBody;
import static dev.parley.http.Fixtures.fresh;
import static dev.parley.http.Fixtures.session;
import static dev.parley.http.Fixtures.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import okhttp3.Response;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * trigger.md section 2.3, row by row on the real routes. In scopes and paths {@code EXT} stands for
 * the external id of one session and {@code FRI} for its friendly id; alternatives are separated by
 * blanks.
 */
class ScopeTableTest {
  private static final JsonNode ROW = create(fresh("scoped:with:colons"));
  private static final String EXT = ROW.get("externalId").asText();
  private static final String FRI = ROW.get("id").asText();

  static Stream<Arguments> table() {
    return Stream.of(
        row(
            "create",
            "admin write:sessions write:tasks:my-agent write:tasks write:all *:sessions *:all",
            "read:sessions write:tasks:other write:sessions:EXT admin:sessions write"),
        row(
            "list",
            "admin read:sessions read:tasks read:all *:tasks",
            "write:sessions read:sessions:EXT read:tasks:my-agent admin:sessions"),
        row(
            "list of a task",
            "admin read:sessions read:tasks read:tasks:my-agent",
            "read:tasks:other read:sessions:EXT"),
        row(
            "list of two tasks",
            "admin read:tasks read:tasks:my-agent,read:tasks:b",
            "read:tasks:my-agent read:tasks:b"),
        row(
            "retrieve EXT",
            "admin read:sessions read:sessions:EXT read:sessions:FRI read:all:x *:sessions:EXT",
            "write:sessions:EXT read:sessions:other read:tasks read:sessions:scoped admin:sessions:EXT"),
        row("retrieve FRI", "read:sessions:EXT read:sessions:FRI", "write:sessions:FRI"),
        row(
            "update EXT",
            "admin admin:sessions admin:sessions:EXT *:sessions:EXT",
            "write:sessions:EXT read:sessions admin:sessions:FRI"),
        row("update FRI", "admin:sessions:FRI", "admin:sessions:EXT write:sessions"),
        row(
            "close EXT",
            "admin admin:sessions:EXT admin:all",
            "write:sessions:EXT write:sessions admin:sessions:FRI"),
        row("close FRI", "admin:sessions:FRI", "admin:sessions:EXT"),
        row(
            "continue EXT",
            "admin write:sessions write:sessions:EXT write:sessions:FRI",
            "read:sessions:EXT admin:sessions:EXT"),
        row("continue FRI", "write:sessions:EXT write:sessions:FRI", "write:sessions:other"),
        row(
            "append EXT in",
            "admin write:sessions write:sessions:EXT write:sessions:FRI",
            "read:sessions:EXT write:sessions:EXT:channels:side write:sessions:EXT:channels:in write:tasks"),
        row("append FRI in", "write:sessions:EXT write:sessions:FRI", "write:sessions:other"),
        row("append EXT out", "", "admin write:sessions:EXT write:sessions"),
        row(
            "append EXT channels/side/in",
            "write:sessions:EXT write:sessions:FRI write:sessions:EXT:channels:side write:sessions:EXT:channels:side:in write:sessions:FRI:channels:side:in",
            "write:sessions:EXT:channels:side:out write:sessions:EXT:channels:sid read:sessions:EXT:channels:side write:sessions:EXT:channels"),
        row(
            "append FRI channels/side/in",
            "write:sessions:EXT:channels:side write:sessions:EXT:channels:side:in",
            "write:sessions:EXT:channels:other"),
        row("append EXT channels/side/out", "", "admin write:sessions:EXT:channels:side:out"),
        row(
            "init EXT in",
            "admin write:sessions write:sessions:EXT write:sessions:FRI",
            "read:sessions:EXT write:sessions:EXT:channels:side"),
        row("init EXT out", "", "admin write:sessions:EXT"),
        row(
            "init EXT channels/side/in",
            "write:sessions:EXT:channels:side",
            "write:sessions:EXT:channels:other"),
        row("init EXT channels/side/out", "", "admin write:sessions:EXT:channels:side"),
        row(
            "read EXT in",
            "admin read:sessions read:sessions:EXT read:sessions:FRI",
            "write:sessions:EXT read:sessions:EXT:channels:side"),
        row(
            "read FRI out",
            "read:sessions:EXT read:sessions:FRI",
            "write:sessions read:sessions:FRI:channels:side"),
        row(
            "read EXT channels/side/out",
            "read:sessions:EXT read:sessions:EXT:channels:side read:sessions:EXT:channels:side:out read:sessions:FRI:channels:side",
            "read:sessions:EXT:channels:side:in read:sessions:EXT:channels:other write:sessions:EXT:channels:side"),
        row("head EXT out", "read:sessions:EXT", "write:sessions:EXT"),
        row(
            "records EXT out",
            "read:sessions:EXT read:sessions:FRI",
            "write:sessions:EXT read:sessions:EXT:channels:side"),
        row(
            "records EXT channels/side/in",
            "read:sessions:EXT:channels:side:in",
            "read:sessions:EXT:channels:side:out read:sessions:EXT:channels:lifecycle"));
  }

  private static Arguments row(String operation, String granting, String refusing) {
    return arguments(operation, granting, refusing);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void an_operation_takes_its_scopes_and_no_others(
      String operation, String granting, String refusing) {
    for (String scopes : named(granting).split(" ")) {
      if (!scopes.isEmpty()) {
        assertThat(status(operation, scopes)).as(operation + " with " + scopes).isIn(200, 201, 202);
      }
    }
    for (String scopes : named(refusing).split(" ")) {
      assertThat(status(operation, scopes)).as(operation + " with " + scopes).isEqualTo(403);
    }
  }

  private static int status(String operation, String scopes) {
    String token = token(scopes.split(","));
    String[] words = operation.split(" ");
    String key = words.length > 1 ? named(words[1]) : "";
    String what = words[0];
    if (what.equals("close")) {
      return close(words[1], scopes);
    }
    Wire request =
        switch (what) {
          case "create" -> Wire.post(SESSIONS).body(createBody(EXT));
          case "list" ->
              Wire.get(
                  SESSIONS
                      + (operation.contains("two")
                          ? "?filter%5BtaskIdentifier%5D=my-agent,b"
                          : operation.contains("task")
                              ? "?filter%5BtaskIdentifier%5D=my-agent"
                              : ""));
          case "retrieve" -> Wire.get(session(key));
          case "update" -> Wire.patch(session(key)).body("{}");
          case "continue" ->
              Wire.post(session(key) + "/end-and-continue")
                  .body(
                      "{\"callingRunId\":\"" + ROW.get("runId").asText() + "\",\"reason\":\"r\"}");
          case "append" -> Wire.post(channel(key, words[2] + "/append")).body("x");
          case "init" -> Wire.put(channel(key, words[2]));
          case "read" -> Wire.get(channel(key, words[2]));
          case "head" -> Wire.request("HEAD", channel(key, words[2]));
          case "records" -> Wire.get(channel(key, words[2] + "/records"));
          default -> throw new IllegalArgumentException(operation);
        };
    try (Response response = request.as(token).open()) {
      return response.code();
    }
  }

  /** Closing works once, so each attempt has a session of its own. */
  private static int close(String address, String scope) {
    JsonNode row = create(fresh("to-close"));
    String external = row.get("externalId").asText();
    String friendly = row.get("id").asText();
    String key = address.equals("EXT") ? external : friendly;
    String own = scope.replace(EXT, external).replace(FRI, friendly);
    return Wire.post(session(key) + "/close").as(token(own)).body("{}").send().status();
  }

  private static String named(String text) {
    return text.replace("EXT", EXT).replace("FRI", FRI);
  }
}
