package dev.parley.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code parley export} and {@code parley import}. */
class TransferCommandTest {
  @TempDir Path directory;

  private final String tag = Fixtures.fresh("cli");

  private static Called parley(String... arguments) {
    return Called.with(
        Map.of("PARLEY_URL", TestServer.origin(), "PARLEY_SECRET_KEY", TestServer.ACME_KEY),
        arguments);
  }

  private static void purge(String key) {
    Answer answer = Wire.request("DELETE", Fixtures.session(key) + "?purge=true").asAcme().send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  private String session() {
    String key = Fixtures.fresh("cli");
    Fixtures.create(key, ",\"tags\":[\"" + tag + "\"]");
    Fixtures.append(key, "hello");
    return key;
  }

  private static String out(Called called) {
    assertThat(called.code()).as(called.err()).isZero();
    return called.out().strip();
  }

  @Test
  void an_export_to_a_compressed_file_is_imported_again() throws Exception {
    String key = session();
    Path file = directory.resolve("copy.ndjson.gz");
    assertThat(out(parley("export", "--tag", tag, "--output", file.toString())))
        .isEqualTo("1 sessions with 2 records");
    try (GZIPInputStream lines =
        new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
      assertThat(new String(lines.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
          .startsWith("{\"parley\":\"export\",\"version\":1,");
    }
    purge(key);
    assertThat(out(parley("import", file.toString())))
        .isEqualTo("1 sessions restored with 2 records, 0 were there, 0 refused");
    assertThat(Fixtures.records(key, "in").size()).isEqualTo(1);
    JsonNode again = Answer.parse(out(parley("import", "--json", file.toString())));
    assertThat(again.get("unchanged").asInt()).isEqualTo(1);
    assertThat(again.get("restored").asInt()).isZero();
  }

  @Test
  void without_a_file_the_lines_go_to_standard_output() {
    String key = session();
    List<String> lines = out(parley("export", "--id", key)).lines().toList();
    assertThat(Answer.parse(lines.get(1)).at("/session/row/externalId").asText()).isEqualTo(key);
    assertThat(lines.get(lines.size() - 1)).isEqualTo("{\"end\":{\"sessions\":1,\"records\":2}}");
  }

  @Test
  void json_tells_the_counts() {
    session();
    Path file = directory.resolve("copy.ndjson");
    assertThat(out(parley("export", "--json", "--tag", tag, "--output", file.toString())))
        .isEqualTo("{\"sessions\":1,\"records\":2}");
    assertThat(file).isRegularFile();
    assertThat(directory.resolve("copy.ndjson.part")).doesNotExist();
  }

  @Test
  void a_refused_session_or_a_file_that_is_not_whole_is_a_failure() throws IOException {
    String key = session();
    Path file = directory.resolve("copy.ndjson");
    out(parley("export", "--tag", tag, "--output", file.toString()));
    purge(key);
    session(key, "another");
    Called refused = parley("import", file.toString());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.out()).contains(", session " + key + ": the session exists with other");
    List<String> lines = Files.readAllLines(file);
    Files.write(file, lines.subList(0, lines.size() - 1));
    Called broken = parley("import", file.toString());
    assertThat(broken.code()).isEqualTo(1);
    assertThat(broken.err()).startsWith("The file ends before its last line");
    Files.writeString(file, "hello\n");
    Called wrong = parley("import", file.toString());
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.err())
        .contains("This is no export of Parley: line 1: the line is no JSON object");
  }

  private static void session(String key, String record) {
    Fixtures.create(key);
    Fixtures.append(key, record);
  }

  @Test
  void wrong_usage_is_told() {
    assertThat(parley("export", "--output").code()).isEqualTo(CommandLine.WRONG_USAGE);
    assertThat(parley("export", "--nothing").code()).isEqualTo(CommandLine.WRONG_USAGE);
    assertThat(parley("export", "--json").code()).isEqualTo(CommandLine.WRONG_USAGE);
    assertThat(parley("import").code()).isEqualTo(CommandLine.WRONG_USAGE);
    assertThat(parley("import", "a", "b").code()).isEqualTo(CommandLine.WRONG_USAGE);
    assertThat(parley("import", directory.resolve("none").toString()).code())
        .isEqualTo(CommandLine.FAILED);
    assertThat(parley("export", "--from", "yesterday").err()).contains("from must be");
  }
}
