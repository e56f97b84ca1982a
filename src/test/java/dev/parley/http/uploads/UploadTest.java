package dev.parley.http.uploads;

import static dev.parley.http.Fixtures.create;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import dev.parley.http.Wire.Version;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Uploads and files over HTTP (across.md section 9). */
class UploadTest {
  private static final int MAX = 10_485_760;

  private static Wire upload(String session) {
    return Wire.post("/api/storage/upload?session=" + Wire.segment(session))
        .contentType(FormData.TYPE);
  }

  private static Wire attach(String session) {
    return Wire.post("/api/chat/attachments?session=" + Wire.segment(session))
        .contentType(FormData.TYPE);
  }

  private static byte[] file(String name, byte[] content) {
    return new FormData().file("file", name, "application/octet-stream", content).end();
  }

  private static JsonNode stored(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    return answer.json().get("files");
  }

  private static String path(JsonNode file) {
    return "/api/storage/files/" + file.get("id").asText();
  }

  /** A text file in a new session. */
  private static JsonNode uploaded(String session) {
    return stored(upload(session).asAcme().body(file("a.txt", Samples.TEXT)).send()).get(0);
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void what_was_uploaded_comes_back(Version version) {
    String session = created("upload");
    Answer answer =
        upload(session).asAcme().over(version).body(file("Grüße.txt", Samples.TEXT)).send();
    JsonNode file = stored(answer).get(0);
    assertThat(answer.json().get("files")).hasSize(1);
    assertThat(file.get("name").asText()).isEqualTo("Grüße.txt");
    assertThat(file.get("size").asInt()).isEqualTo(Samples.TEXT.length);
    assertThat(file.get("mimeType").asText()).isEqualTo("text/plain");
    assertThat(file.get("url").asText()).isEqualTo(TestServer.origin() + path(file));
    Answer served = Wire.get(path(file)).asAcme().over(version).send();
    assertThat(served.status()).isEqualTo(200);
    assertThat(served.body()).isEqualTo(new String(Samples.TEXT, StandardCharsets.UTF_8));
    assertThat(served.header("Content-Length")).isEqualTo("" + Samples.TEXT.length);
  }

  static Stream<Arguments> served() {
    return Stream.of(
        arguments("a.png", Samples.image("png"), "image/png", "inline"),
        arguments("a.pdf", Samples.PDF, "application/pdf", "inline"),
        arguments("a.html", Samples.TEXT, "text/plain; charset=UTF-8", "inline"),
        arguments("a.png", Samples.SVG, "image/svg+xml", "attachment"),
        arguments("a.txt", Samples.XML, "application/xml", "attachment"),
        arguments("a.bin", Samples.SQLITE, "application/x-sqlite3", "attachment"));
  }

  @ParameterizedTest(name = "{2}: {3}")
  @MethodSource("served")
  void a_file_is_served_as_what_it_is_and_without_rights(
      String name, byte[] content, String type, String disposition) {
    String session = created("served");
    JsonNode file = stored(upload(session).asAcme().body(file(name, content)).send()).get(0);
    Answer answer = Wire.get(path(file)).asAcme().send();
    assertThat(answer.header("Content-Type")).isEqualToIgnoringCase(type);
    assertThat(answer.header("Content-Disposition"))
        .startsWith(disposition + "; filename=\"" + name + "\"");
    assertThat(answer.headers().values("X-Content-Type-Options")).containsExactly("nosniff");
    assertThat(answer.header("Cache-Control")).startsWith("private");
    assertThat(answer.header("Content-Security-Policy")).contains("default-src 'none'");
    if (!type.equals("application/pdf")) {
      assertThat(answer.header("Content-Security-Policy")).startsWith("sandbox;");
    }
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void a_file_of_10_mb_is_taken_and_one_byte_more_is_not(Version version) {
    String session = created("limit");
    byte[] whole = Samples.longText(MAX);
    JsonNode file =
        stored(upload(session).asAcme().over(version).body(file("a.txt", whole)).send()).get(0);
    assertThat(file.get("size").asInt()).isEqualTo(MAX);
    Answer served = Wire.get(path(file)).asAcme().over(version).send();
    assertThat(served.body()).hasSize(MAX);
    byte[] more = file("a.txt", Samples.longText(MAX + 1));
    Answer answer = upload(session).asAcme().over(version).body(more).send();
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.error()).contains("10485760");
  }

  @Test
  void an_upload_of_unknown_length_is_counted() throws Exception {
    String session = created("chunked");
    for (int size : new int[] {MAX, MAX + 1}) {
      byte[] body = file("a.txt", Samples.longText(size));
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(TestServer.origin() + "/api/storage/upload?session=" + session))
              .header("Authorization", "Bearer " + TestServer.ACME_KEY)
              .header("Content-Type", FormData.TYPE)
              .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
              .build();
      HttpResponse<String> response =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .build()
              .send(request, BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(size == MAX ? 201 : 413);
    }
    assertThat(StoredFiles.awaitCount(session, 1)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void a_much_larger_body_is_refused(Version version) {
    Answer answer =
        upload(created("large"))
            .asAcme()
            .over(version)
            .body(file("a.txt", Samples.longText(3 * MAX)))
            .send();
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.error()).contains("10485760");
  }

  @Test
  void five_files_can_be_attached_and_a_sixth_not() {
    String session = created("attach");
    FormData five = new FormData().field("note", "hello");
    for (int i = 0; i < 5; i++) {
      five.file("files", i + ".txt", "text/html", Samples.text("number " + i));
    }
    JsonNode files = stored(attach(session).asAcme().body(five.end()).send());
    assertThat(files).hasSize(5);
    assertThat(files.findValuesAsText("name"))
        .containsExactly("0.txt", "1.txt", "2.txt", "3.txt", "4.txt");
    assertThat(Wire.get(path(files.get(3))).asAcme().send().body()).isEqualTo("number 3");

    FormData six = new FormData();
    for (int i = 0; i < 6; i++) {
      six.file("files", i + ".txt", "text/plain", Samples.text("number " + i));
    }
    Answer answer = attach(session).asAcme().body(six.end()).send();
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.json().get("limit").asInt()).isEqualTo(5);
    assertThat(StoredFiles.awaitCount(session, 5)).isEqualTo(5);
  }

  @Test
  void one_bad_file_takes_the_others_with_it() {
    String session = created("together");
    byte[] body =
        new FormData()
            .file("files", "a.txt", "text/plain", Samples.TEXT)
            .file("files", "b.txt", "text/plain", Samples.HTML)
            .file("files", "c.txt", "text/plain", Samples.TEXT)
            .end();
    Answer answer = attach(session).asAcme().body(body).send();
    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.error()).contains("b.txt");
    assertThat(StoredFiles.awaitCount(session, 0)).isZero();
  }

  static Stream<Arguments> bad() {
    byte[] whole = file("a.txt", Samples.TEXT);
    byte[] cut = Arrays.copyOf(whole, whole.length - 20);
    return Stream.of(
        arguments("HTML by its bytes", FormData.TYPE, file("a.txt", Samples.HTML), 415),
        arguments("a program called text", FormData.TYPE, file("a.txt", Samples.PROGRAM), 415),
        arguments("no multipart", "application/json", Samples.text("{}"), 415),
        arguments("no boundary", "multipart/form-data", whole, 415),
        arguments("an empty file", FormData.TYPE, file("a.txt", new byte[0]), 400),
        arguments("no part of that name", FormData.TYPE, new FormData().field("x", "1").end(), 400),
        arguments("no body", FormData.TYPE, new byte[0], 400),
        arguments("no parts", FormData.TYPE, Samples.text("not multipart at all"), 400),
        arguments("a body that is cut off", FormData.TYPE, cut, 400));
  }

  @ParameterizedTest(name = "{0}: {3}")
  @MethodSource("bad")
  void what_is_no_upload_is_refused_and_leaves_nothing(
      String name, String type, byte[] body, int status) {
    String session = created("bad");
    for (Version version : Version.values()) {
      Answer answer = upload(session).asAcme().over(version).contentType(type).body(body).send();
      assertThat(answer.status()).as(version + answer.body()).isEqualTo(status);
      assertThat(answer.error()).isNotBlank();
    }
    assertThat(StoredFiles.awaitCount(session, 0)).isZero();
  }

  @Test
  void refused_uploads_do_not_use_up_the_places_of_others() {
    String session = created("places");
    byte[] body = file("a.txt", Samples.TEXT);
    for (int i = 0; i < 70; i++) {
      String boundary = i % 2 == 0 ? "\"\"" : "x".repeat(80);
      Answer answer =
          upload(session)
              .asAcme()
              .contentType("multipart/form-data; boundary=" + boundary)
              .body(body)
              .send();
      assertThat(answer.status()).as(boundary + answer.body()).isEqualTo(415);
    }
    stored(upload(session).asAcme().body(body).send());
  }

  @Test
  void what_files_belong_to_must_be_said_and_be_there() {
    byte[] body = file("a.txt", Samples.TEXT);
    Wire nowhere = Wire.post("/api/storage/upload").contentType(FormData.TYPE).asAcme().body(body);
    assertThat(nowhere.send().status()).isEqualTo(400);
    assertThat(upload("session-nobody-made").asAcme().body(body).send().status()).isEqualTo(404);
    String closed = created("closed");
    Fixtures.close(closed, "{}");
    assertThat(upload(closed).asAcme().body(body).send().status()).isEqualTo(409);
  }

  @Test
  void only_who_may_write_the_session_uploads_to_it() {
    String session = created("writer");
    byte[] body = file("a.txt", Samples.TEXT);
    assertThat(upload(session).body(body).send().status()).isEqualTo(401);
    assertThat(upload(session).as("wrong-key").body(body).send().status()).isEqualTo(401);
    assertThat(upload(session).as(token("read:sessions:" + session)).body(body).send().status())
        .isEqualTo(403);
    assertThat(upload(session).as(token("write:sessions:other")).body(body).send().status())
        .isEqualTo(403);
    assertThat(upload(session).as(TestServer.GLOBEX_KEY).body(body).send().status()).isEqualTo(404);
    stored(upload(session).as(token("write:sessions:" + session)).body(body).send());
    Wire organization =
        Wire.post("/api/storage/upload?organization=org_1").contentType(FormData.TYPE).body(body);
    assertThat(organization.as(token("write:sessions:" + session)).send().status()).isEqualTo(403);
  }

  @Test
  void only_who_may_read_the_session_sees_its_files() {
    String session = created("reader");
    String path = path(uploaded(session));
    assertThat(Wire.get(path).send().status()).isEqualTo(401);
    assertThat(Wire.get(path).as(TestServer.GLOBEX_KEY).send().status()).isEqualTo(404);
    assertThat(Wire.get(path).as(token("read:sessions:other")).send().status()).isEqualTo(404);
    assertThat(Wire.get(path).as(token("write:sessions:" + session)).send().status())
        .isEqualTo(404);
    String reading = token("read:sessions:" + session);
    assertThat(Wire.get(path).as(reading).send().status()).isEqualTo(200);
    assertThat(Wire.get(path + "?token=" + reading).send().status()).isEqualTo(200);
    assertThat(Wire.get(path + "?token=" + TestServer.ACME_KEY).send().status()).isEqualTo(401);
  }

  @Test
  void files_of_an_organization_are_its_environments() {
    Answer answer =
        Wire.post("/api/storage/upload?organization=org_1")
            .contentType(FormData.TYPE)
            .asAcme()
            .body(file("a.txt", Samples.TEXT))
            .send();
    String path = path(stored(answer).get(0));
    assertThat(Wire.get(path).asAcme().send().status()).isEqualTo(200);
    assertThat(Wire.get(path).as(TestServer.GLOBEX_KEY).send().status()).isEqualTo(404);
    assertThat(Wire.get(path).as(token("read:sessions", "admin")).send().status()).isEqualTo(404);
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void a_browser_need_not_fetch_what_it_has(Version version) {
    String path = path(uploaded(created("etag")));
    Answer first = Wire.get(path).asAcme().over(version).send();
    Answer again =
        Wire.get(path).asAcme().over(version).header("If-None-Match", first.header("ETag")).send();
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    Answer head = Wire.request("HEAD", path).asAcme().over(version).send();
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void other_ids_are_not_found() {
    for (String id : new String[] {"x", "1-1-1-1-1", "00000000-0000-0000-0000-000000000000"}) {
      assertThat(Wire.get("/api/storage/files/" + id).asAcme().send().status()).isEqualTo(404);
    }
  }

  @Test
  void files_go_with_their_session_and_not_with_the_one_before() {
    String session = created("purged");
    JsonNode file = uploaded(session);
    Answer purged =
        Wire.request("DELETE", Fixtures.session(session) + "?purge=true").asAcme().send();
    assertThat(purged.status()).as(purged.body()).isEqualTo(200);
    assertThat(purged.json().at("/removed/files").asInt()).isEqualTo(1);
    assertThat(purged.json().get("remaining").asInt()).isZero();
    assertThat(Wire.get(path(file)).asAcme().send().status()).isEqualTo(404);
    assertThat(StoredFiles.count(session)).isZero();

    create(session);
    JsonNode next = uploaded(session);
    assertThat(Wire.get(path(next)).asAcme().send().status()).isEqualTo(200);
    assertThat(Wire.get(path(file)).asAcme().send().status()).isEqualTo(404);
  }
}
