package dev.parley.http.transfer;

import static dev.parley.http.transfer.Copied.content;
import static dev.parley.http.transfer.Copied.export;
import static dev.parley.http.transfer.Copied.load;
import static dev.parley.http.transfer.Copied.loaded;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What an import refuses, and what it leaves. */
class RefusedCopiesTest {
  private final Random random = new Random();
  private final String tag = Fixtures.fresh("refused");

  private List<String> exported() {
    return export("tag=" + tag);
  }

  private static JsonNode json(String line) {
    return Answer.parse(line);
  }

  private static List<RecordContent> text(String text) {
    return List.of(RecordContent.of(Bytes.utf8(text)));
  }

  @Test
  void a_session_with_other_content_is_refused_and_the_rest_is_restored() {
    List<SessionId> sessions =
        IntStream.range(0, 3)
            .mapToObj(i -> SessionId.ofExternal(TestServer.ACME, tag + " " + i))
            .toList();
    for (int i = 0; i < 3; i++) {
      Fixtures.create(tag + " " + i, ",\"tags\":[\"" + tag + "\"]");
      Copied.append(sessions.get(i), new Channel("x", Channel.IN.direction()), text("1"), null);
    }
    List<String> lines = new ArrayList<>(exported());
    sessions.forEach(Copied::purge);
    loaded(lines);
    int changed =
        IntStream.range(0, lines.size())
            .filter(i -> lines.get(i).contains("\"channel\":\"x\",\"direction\":\"in\",\"from\""))
            .findFirst()
            .orElseThrow();
    String one = Base64.getEncoder().encodeToString(new byte[] {'1'});
    String two = Base64.getEncoder().encodeToString(new byte[] {'2'});
    lines.set(changed, lines.get(changed).replace(one, two));
    String lastId =
        lines.stream()
            .map(line -> json(line).at("/session/id").asText())
            .filter(id -> !id.isEmpty())
            .reduce((former, latter) -> latter)
            .orElseThrow();
    Copied.purge(new SessionId(TestServer.ACME, lastId));
    JsonNode outcome = loaded(lines);
    assertThat(outcome.get("restored").asInt()).as("%s", outcome).isEqualTo(1);
    assertThat(outcome.get("unchanged").asInt()).isEqualTo(1);
    assertThat(outcome.get("refused").asInt()).isEqualTo(1);
    JsonNode refusal = outcome.get("refusals").get(0);
    assertThat(refusal.get("line").asInt()).isEqualTo(changed + 1);
    assertThat(refusal.get("reason").asText())
        .isEqualTo("the session exists with other content: record 0 of x.in");
  }

  private JsonNode refusal(List<String> lines) {
    JsonNode outcome = loaded(lines);
    assertThat(outcome.get("refused").asInt()).as("%s", outcome).isEqualTo(1);
    return outcome.get("refusals").get(0);
  }

  /** A session with a thousand records in two lines, exported and purged. */
  private List<String> longSession(SessionId session) {
    Copied.create(session, tag);
    for (int i = 0; i < 2; i++) {
      Copied.append(
          session,
          Channel.OUT,
          IntStream.range(0, 500).mapToObj(n -> RecordContent.of(Bytes.utf8("r" + n))).toList(),
          null);
    }
    List<String> lines = new ArrayList<>(exported());
    Copied.purge(session);
    return lines;
  }

  private static int second(List<String> lines) {
    return IntStream.range(0, lines.size())
        .filter(i -> lines.get(i).contains("\"from\":500"))
        .findFirst()
        .orElseThrow();
  }

  private void assertNothingLeft(SessionId session) {
    assertThat(Copied.ask(session, new SessionCommand.Purge()))
        .isEqualTo(new SessionReply.NoSuchSession());
    assertThat(Wire.get(Fixtures.session(session.friendlyId())).asAcme().send().status())
        .isEqualTo(404);
  }

  @Test
  void broken_json_is_refused_with_its_line_and_nothing_is_left_of_the_session() {
    SessionId session = SessionId.random(TestServer.ACME);
    List<String> lines = longSession(session);
    int second = second(lines);
    lines.set(second, lines.get(second).substring(0, 1_000));
    JsonNode refusal = refusal(lines);
    assertThat(refusal.get("line").asInt()).isEqualTo(second + 1);
    assertThat(refusal.get("session").asText()).isEqualTo(session.friendlyId());
    assertThat(refusal.get("reason").asText()).isEqualTo("the line is no JSON object");
    assertNothingLeft(session);
  }

  @Test
  void a_gap_in_the_numbers_is_refused() {
    SessionId session = SessionId.random(TestServer.ACME);
    List<String> lines = longSession(session);
    int second = second(lines);
    lines.set(second, lines.get(second).replace("\"from\":500", "\"from\":501"));
    assertThat(refusal(lines).get("reason").asText())
        .isEqualTo("out: the next record is 500, not 501");
    assertNothingLeft(session);
  }

  @Test
  void a_line_that_is_missing_is_refused() {
    SessionId session = SessionId.random(TestServer.ACME);
    List<String> lines = longSession(session);
    lines.remove(second(lines));
    assertThat(refusal(lines).get("reason").asText())
        .isEqualTo("out: the records from 500 to 999 are missing");
    assertNothingLeft(session);
  }

  @Test
  void a_line_that_is_too_long_is_refused() {
    SessionId session = SessionId.random(TestServer.ACME);
    List<String> lines = longSession(session);
    int second = second(lines);
    lines.set(second, " ".repeat(Lines.MAX_BYTES) + lines.get(second));
    JsonNode refusal = refusal(lines);
    assertThat(refusal.get("line").asInt()).isEqualTo(second + 1);
    assertThat(refusal.get("reason").asText()).isEqualTo("the line is longer than 16777216 bytes");
    assertNothingLeft(session);
  }

  @Test
  void a_file_that_breaks_off_leaves_a_session_that_is_not_seen_and_the_whole_file_completes_it() {
    SessionId session = SessionId.random(TestServer.ACME);
    // So large that some of it is written before the end comes.
    Copied.create(session, tag);
    for (int i = 0; i < 3; i++) {
      byte[] body = new byte[700_000];
      random.nextBytes(body);
      Copied.append(session, Channel.OUT, List.of(RecordContent.of(Bytes.wrap(body))), null);
    }
    List<String> lines = exported();
    Copied.purge(session);
    // Without the lines that say done and end.
    JsonNode outcome = loaded(lines.subList(0, lines.size() - 2));
    assertThat(outcome.get("complete").asBoolean()).isFalse();
    assertThat(outcome.get("restored").asInt()).isZero();
    assertThat(Wire.get(Fixtures.session(session.friendlyId())).asAcme().send().status())
        .isEqualTo(404);
    assertThat(Copied.append(session, Channel.OUT, text("x"), null))
        .isInstanceOf(SessionReply.Overloaded.class);
    assertThat(export("id=" + session.friendlyId())).hasSize(2);
    assertThat(loaded(lines).get("restored").asInt()).isEqualTo(1);
    assertThat(content(exported())).isEqualTo(content(lines));
  }

  @Test
  void a_file_of_another_kind_or_version_is_refused_as_a_whole() {
    SessionId session = SessionId.random(TestServer.ACME);
    List<String> lines = longSession(session);
    ObjectNode header = (ObjectNode) json(lines.get(0));
    lines.set(0, header.put("version", 2).toString());
    Answer answer = load(lines, TestServer.ACME_KEY);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.error())
        .isEqualTo(
            "This is no export of Parley: line 1: version 2 of the format is not known, only 1");
    assertThat(load(List.of("{}"), TestServer.ACME_KEY).status()).isEqualTo(400);
    assertThat(load(List.of(), TestServer.ACME_KEY).status()).isEqualTo(400);
    assertNothingLeft(session);
  }
}
