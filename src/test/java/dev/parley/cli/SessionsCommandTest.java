package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.Eventually;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionsCommandTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Map<String, String> RUNNING =
      Map.of("PARLEY_URL", TestServer.origin(), "PARLEY_SECRET_KEY", TestServer.ACME_KEY);

  private static Called sessions(String... arguments) {
    return Called.with(
        RUNNING, Stream.concat(Stream.of("sessions"), Stream.of(arguments)).toArray(String[]::new));
  }

  private static List<String> lines(String... arguments) {
    Called called = sessions(arguments);
    assertThat(called.code()).as(called.err()).isZero();
    assertThat(called.err()).isEmpty();
    return called.out().lines().toList();
  }

  @Test
  void lists_sessions_as_a_table_and_as_a_line_of_json_each() {
    String tag = Fixtures.fresh("listed");
    String first = Fixtures.fresh("first");
    String second = Fixtures.fresh("second");
    Fixtures.create(first, ",\"tags\":[\"" + tag + "\",\"x\"],\"metadata\":{\"a\":{\"b\":\"c\"}}");
    Fixtures.create(second, ",\"tags\":[\"" + tag + "\"]");
    Fixtures.close(second, "{}");

    List<String> table = lines("list", "--tag", tag);
    assertThat(table).hasSize(3);
    assertThat(table.get(0)).matches("SESSION +TYPE +TASK +STATUS +CREATED +TAGS");
    assertThat(table.get(1)).matches(second + " +chat +my-agent +CLOSED +20\\S+Z +" + tag);
    assertThat(table.get(2)).matches(first + " +chat +my-agent +ACTIVE +20\\S+Z +" + tag + ",x");

    List<String> json = lines("list", "--tag", tag, "--json");
    assertThat(json).hasSize(2);
    assertThat(Answer.parse(json.get(1)).get("externalId").asText()).isEqualTo(first);

    for (String[] filter :
        List.of(
            new String[] {"--status", "ACTIVE"},
            new String[] {"--metadata", "a.b=c"},
            new String[] {"--external-id", first},
            new String[] {"--search", first.toUpperCase()})) {
      assertThat(lines("list", "--json", "--tag", tag, filter[0], filter[1]))
          .as(filter[0])
          .singleElement()
          .asString()
          .contains(first);
    }
    assertThat(
            lines(
                "list",
                "--json",
                "--tag",
                tag,
                "--status",
                "CLOSED",
                "--status",
                "ACTIVE",
                "--type",
                "chat",
                "--task",
                "my-agent",
                "--period",
                "1h",
                "--since",
                "2020-01-01T00:00:00Z"))
        .hasSize(2);
    assertThat(lines("list", "--json", "--tag", tag, "--until", "2020-01-01T00:00:00Z")).isEmpty();
  }

  @Test
  void a_list_that_is_cut_short_says_so_beside_the_output() {
    String tag = Fixtures.fresh("short");
    Fixtures.create(Fixtures.fresh("a"), ",\"tags\":[\"" + tag + "\"]");
    Fixtures.create(Fixtures.fresh("b"), ",\"tags\":[\"" + tag + "\"]");
    Called called = sessions("list", "--tag", tag, "--limit", "1", "--json");
    assertThat(called.code()).isZero();
    assertThat(called.out().lines()).hasSize(1);
    assertThat(called.err()).contains("There are more");
    assertThat(sessions("list", "--tag", tag, "--limit", "2", "--json").err()).isEmpty();
  }

  @Test
  void shows_and_closes_a_session() {
    String key = Fixtures.fresh("shown");
    Fixtures.create(key, ",\"tags\":[\"one\"],\"metadata\":{\"text\":\"\\u001b[2J\"}");
    assertThat(String.join("\n", lines("show", key)))
        .containsPattern("external id +" + key)
        .containsPattern("status +ACTIVE")
        .containsPattern("tags +one")
        .contains("\\u001B[2J")
        .doesNotContain("\u001b");
    JsonNode json = Answer.parse(lines("show", key, "--json").get(0));
    assertThat(json.get("externalId").asText()).isEqualTo(key);
    assertThat(json.at("/triggerConfig/basePayload").isObject()).isTrue();

    assertThat(lines("close", key, "--reason", "all said").get(0))
        .matches(key + " was closed at 20\\S+Z: all said");
    assertThat(Answer.parse(lines("close", key, "--json").get(0)).get("closedReason").asText())
        .isEqualTo("all said");
    assertThat(String.join("\n", lines("show", key)))
        .containsPattern("status +CLOSED")
        .containsPattern("reason +all said");
  }

  @Test
  void sends_words_and_standard_input() {
    String key = Fixtures.created("sent");
    assertThat(lines("send", key, "Hello you")).containsExactly("0");
    assertThat(lines("send", key, "--json", "--part-id", "p", "--", "-5"))
        .containsExactly("{\"seq\":1}");
    assertThat(lines("send", key, "--part-id", "p", "again")).containsExactly("1");
    assertThat(Called.reading("two\nlines", RUNNING, "sessions", "send", key, "-").out())
        .isEqualTo("2\n");
    assertThat(Called.reading("a\nb ä\n", RUNNING, "sessions", "send", key, "-", "--lines").out())
        .isEqualTo("3\n4\n");
    assertThat(Fixtures.records(key, "in").findValuesAsText("data"))
        .containsExactly("Hello you", "-5", "two\nlines", "a", "b ä");
    assertThat(lines("send", key, "--out", "answer")).containsExactly("0");
    assertThat(lines("send", key, "--channel", "side", "--out", "progress")).containsExactly("0");
    assertThat(Fixtures.records(key, "channels/side/out").findValuesAsText("data"))
        .containsExactly("progress");
  }

  @Test
  void shows_the_records_of_a_channel() {
    String key = Fixtures.created("tailed");
    for (String text : List.of("one", "two\nlines", "\u001b[31mred")) {
      Wire.post(Fixtures.channel(key, "out/append")).asAcme().body(text).send();
    }
    List<String> lines = lines("tail", key);
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).matches("0 +20\\S+Z  one");
    assertThat(lines.get(1)).endsWith("  two\\nlines");
    assertThat(lines.get(2)).endsWith("  \\u001b[31mred");
    assertThat(lines("tail", key, "--from", "2")).hasSize(1);
    assertThat(lines("tail", key, "--in")).isEmpty();

    List<String> json = lines("tail", key, "--from", "1", "--json");
    assertThat(json).hasSize(2);
    JsonNode read = Answer.parse(json.get(0));
    assertThat(read.get("seq").asLong()).isEqualTo(1);
    assertThat(read.get("data").asText()).isEqualTo("two\nlines");
    assertThat(read.get("timestamp").asText()).startsWith("20");
    assertThat(read.get("partId").asText()).isNotEmpty();
  }

  @Test
  void help_says_what_can_be_done() {
    for (String help : List.of("help", "--help", "-h")) {
      assertThat(lines(help)).anyMatch(line -> line.contains("sessions tail <id>"));
    }
  }

  @Test
  void follows_a_channel_until_it_is_interrupted() throws Exception {
    String key = Fixtures.created("followed");
    Fixtures.append(key, "one");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AtomicInteger code = new AtomicInteger();
    Thread command =
        new Thread(() -> code.set(run(out, "tail", key, "--in", "--follow", "--from", "0")));
    command.start();
    assertThat(Eventually.within(LIMIT, () -> out.toString(UTF_8).endsWith("  one\n"))).isTrue();
    Fixtures.append(key, "two");
    assertThat(Eventually.within(LIMIT, () -> out.toString(UTF_8).endsWith("  two\n"))).isTrue();
    command.interrupt();
    command.join(LIMIT.toMillis());
    assertThat(command.isAlive()).isFalse();
    assertThat(code).hasValue(CommandLine.FAILED);
  }

  @Test
  void following_ends_when_nobody_reads_the_lines_any_more() {
    String key = Fixtures.created("unread");
    Fixtures.append(key, "one");
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    assertThat(run(closed, "tail", key, "--in", "--follow")).isEqualTo(CommandLine.DONE);
  }

  private static int run(OutputStream out, String... arguments) {
    PrintStream printing = new PrintStream(out, true, UTF_8);
    return CommandLine.run(
        Stream.concat(Stream.of("sessions"), Stream.of(arguments)).toList(),
        new Console(RUNNING, InputStream.nullInputStream(), printing, printing),
        () -> {
          throw new AssertionError("a server was to be asked");
        });
  }

  @Test
  void shows_the_life_of_a_session() {
    String key = Fixtures.created("life");
    Fixtures.close(key, "{\"reason\":\"over\"}");
    assertThat(lines("tail", key, "--channel", "lifecycle", "--json"))
        .isNotEmpty()
        .last()
        .asString()
        .contains("over");
  }

  @Test
  void what_the_server_refuses_ends_with_1() {
    String nobody = Fixtures.fresh("nobody");
    for (String action : List.of("show", "tail", "close")) {
      Called called = sessions(action, nobody);
      assertThat(called.code()).as(action).isEqualTo(CommandLine.FAILED);
      assertThat(called.err()).as(action).contains("refuses (404)");
      assertThat(called.out()).as(action).isEmpty();
    }
    String closed = Fixtures.created("closed");
    Fixtures.close(closed, "{}");
    Called late = sessions("send", closed, "late");
    assertThat(late.code()).isEqualTo(CommandLine.FAILED);
    assertThat(late.err()).contains("refuses (409): Cannot append to a closed session");
  }

  @ParameterizedTest
  @CsvSource({
    "'',                              What to do with sessions is not said",
    "explode,                         Nobody can 'explode' sessions",
    "list --limit 0,                  --limit must be a number from 1 on",
    "list --status ASLEEP,            '--status must be ACTIVE, CLOSED or EXPIRED'",
    "list --since yesterday,          'yesterday' is no time such as",
    "list --metadata a,               --metadata must be path=value",
    "list --tag,                      What --tag is to be is not said",
    "list --limit 1 --limit 2,        --limit can be given once only",
    "list x,                          What 'x' is for is not clear",
    "list --colour,                   There is no option '--colour'",
    "show,                            The session is missing",
    "send s,                          The text is missing",
    "send s a b,                      What 'b' is for is not clear",
    "send s help b,                   What 'b' is for is not clear",
    "send s text --lines,             --lines is for standard input",
    "send s - --lines --part-id p,    --lines sends many records",
    "tail s --from x,                 --from must be the number of a record or 'end'",
    "tail s --from end,               Behind the end there is nothing",
    "tail s --in --out,               One stream at a time",
    "tail s --channel a/b,            'a/b' is no name of a channel",
  })
  void wrong_usage_ends_with_2(String line, String complaint) {
    Called called = sessions(line.isEmpty() ? new String[0] : line.split(" "));
    assertThat(called.code()).isEqualTo(CommandLine.WRONG_USAGE);
    assertThat(called.out()).isEmpty();
    assertThat(called.err()).contains(complaint, "Usage:", "sessions tail <id>");
  }
}
