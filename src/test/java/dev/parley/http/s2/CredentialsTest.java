package dev.parley.http.s2;

import static dev.parley.http.Fixtures.channel;
import static dev.parley.http.Fixtures.close;
import static dev.parley.http.Fixtures.create;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.fresh;
import static dev.parley.http.Fixtures.records;
import static dev.parley.http.Fixtures.token;
import static dev.parley.http.s2.S2Stream.assertError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Tokens;
import dev.parley.http.Wire;
import dev.parley.http.s2.S2Messages.Input;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what on the data plane (s2.md sections 1 and 6, trigger.md section 4.2). */
class CredentialsTest {
  private static final String ONE_RECORD = "{\"records\":[{\"body\":\"x\"}]}";

  @ParameterizedTest
  @ValueSource(strings = {"in", "out", "channels/side_1.x-/in", "channels/side_1.x-/out"})
  void an_initialised_channel_opens_its_stream(String io) {
    String key = fresh("öäü/% 😀");
    create(key);
    Answer put = Wire.put(channel(key, io)).asAcme().send();
    assertThat(put.header("X-S2-Basin")).matches("^[a-z0-9][a-z0-9-]{6,46}[a-z0-9]$");
    assertThat(put.header("X-S2-Stream-Name")).matches("[A-Za-z0-9._~-]{1,512}");
    assertThat(put.header("X-S2-Endpoint")).isEqualTo(TestServer.origin() + "/v1");
    assertThat(Integer.parseInt(put.header("X-S2-Flush-Interval-Ms"))).isBetween(0, 200);
    S2Stream stream = S2Stream.of(key, io);
    stream.write("{\\\"data\\\":1,\\\"id\\\":\\\"a\\\"}");
    assertThat(stream.recordsFrom(0)).hasSize(1);
    assertThat(stream.tail()).isEqualTo(1);
    assertThat(records(key, io).get(0).get("data").asInt()).isEqualTo(1);
  }

  @Test
  void both_addresses_of_a_session_and_every_token_open_the_same_stream() {
    JsonNode row = create(fresh("both"));
    S2Stream external = S2Stream.of(row.get("externalId").asText(), "out");
    S2Stream friendly = S2Stream.of(row.get("id").asText(), "out");
    assertThat(external.path()).isEqualTo(friendly.path());
    external.write("a");
    friendly.write("b");
    assertThat(external.tail()).isEqualTo(2);
  }

  @Test
  void every_channel_is_a_stream_of_its_own() {
    String key = created("streams");
    Set<String> paths = new HashSet<>();
    for (String io : List.of("in", "out", "channels/a/in", "channels/a/out", "channels/A/in")) {
      S2Stream stream = S2Stream.of(key, io);
      assertThat(stream.tail()).isZero();
      stream.write(io);
      paths.add(stream.path());
    }
    assertThat(paths).hasSize(5);
  }

  @Test
  void a_token_opens_no_other_stream() {
    String key = created("own");
    S2Stream out = S2Stream.of(key, "out");
    for (S2Stream other :
        List.of(
            S2Stream.of(key, "in"),
            S2Stream.of(key, "channels/a/out"),
            S2Stream.fresh("other"),
            ofGlobex())) {
      S2Stream opened = other.openedBy(out);
      assertError(opened.append(ONE_RECORD), 403, "permission_denied");
      assertError(opened.append(Input.of("x")), 403, "permission_denied");
      assertError(opened.read("?seq_num=0").send(), 403, "permission_denied");
      assertError(opened.request("GET", "/tail").send(), 403, "permission_denied");
      assertThat(other.tail()).isZero();
    }
    S2Stream nowhere = new S2Stream(out.path().replace(".out", ".nowhere"), "", "");
    assertThat(nowhere.path()).isNotEqualTo(out.path());
    assertError(nowhere.openedBy(out).append(ONE_RECORD), 403, "permission_denied");
  }

  private static S2Stream ofGlobex() {
    String key = fresh("globex");
    Answer put = Wire.put(channel(key, "out")).as(TestServer.GLOBEX_KEY).send();
    assertThat(put.status()).isEqualTo(202);
    return new S2Stream(
        "/v1/streams/" + put.header("X-S2-Stream-Name") + "/records",
        put.header("X-S2-Basin"),
        put.header("X-S2-Access-Token"));
  }

  static Stream<Arguments> badTokens() {
    S2Stream stream = S2Stream.fresh("tokens");
    String good = stream.token();
    String[] parts = good.split("\\.");
    String payload = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    return Stream.of(
        arguments("empty", stream, "Bearer "),
        arguments("no bearer", stream, "Basic dXNlcjpwYXNz"),
        arguments("garbage", stream, "Bearer garbage"),
        arguments("secret key", stream, "Bearer " + TestServer.ACME_KEY),
        arguments("public token", stream, "Bearer " + token("admin")),
        arguments("cut", stream, "Bearer " + good.substring(0, good.length() - 4)),
        arguments("no signature", stream, "Bearer " + parts[0] + "." + parts[1] + "."),
        arguments("expired", stream, "Bearer " + signed(payload, 1_700_000_000L)),
        arguments(
            "signed with another tenant's key",
            stream,
            "Bearer " + signed(payload, Long.MAX_VALUE / 1_000_000_000, TestServer.GLOBEX_KEY)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badTokens")
  void a_bad_token_opens_nothing(String name, S2Stream stream, String authorization) {
    for (Wire request :
        List.of(
            Wire.post(stream.path()).body(ONE_RECORD),
            Wire.get(stream.path() + "?seq_num=0"),
            Wire.get(stream.path() + "?seq_num=0").header("Accept", "text/event-stream"),
            Wire.get(stream.path() + "/tail"))) {
      request.header("Authorization", authorization).header("s2-basin", stream.basin());
      assertError(request.send(), 401, "authn");
    }
    assertThat(stream.tail()).isZero();
  }

  @Test
  void the_same_claims_signed_again_with_our_key_open_the_stream() {
    S2Stream stream = S2Stream.fresh("resigned");
    String payload =
        new String(
            Base64.getUrlDecoder().decode(stream.token().split("\\.")[1]), StandardCharsets.UTF_8);
    long later = Answer.parse(payload).get("exp").asLong() - 60;
    assertThat(stream.withToken(signed(payload, later)).tail()).isZero();
  }

  @Test
  void without_a_token_nothing_opens() {
    S2Stream stream = S2Stream.fresh("none");
    for (Wire request :
        List.of(
            Wire.post(stream.path()).body(ONE_RECORD),
            Wire.get(stream.path()),
            Wire.get(stream.path() + "/tail"))) {
      assertError(request.header("s2-basin", stream.basin()).send(), 401, "authn");
    }
  }

  private static String signed(String payload, long expires) {
    return signed(payload, expires, TestServer.ACME_KEY);
  }

  /** The claims of a real token with another end, signed with any key. */
  private static String signed(String payload, long expires, String key) {
    Tokens token = Tokens.of(TestServer.ACME);
    for (String claim : List.of("pub", "scopes", "iss", "aud", "iat", "sub")) {
      token.claim(claim, null);
    }
    Answer.parse(payload).properties().forEach(e -> token.claim(e.getKey(), e.getValue()));
    return token.claim("exp", expires).signedWith(key);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "short12",
        "Upper-Case-Basin",
        "-leading-dash",
        "trailing-dash-",
        "under_score_basin",
        "dotted.basin.name",
        "x123456789012345678901234567890123456789012345678"
      })
  void a_basin_that_is_no_name_is_a_bad_header(String basin) {
    S2Stream stream = S2Stream.fresh("basin");
    S2Stream misnamed = new S2Stream(stream.path(), basin, stream.token());
    assertError(misnamed.append(ONE_RECORD), 400, "bad_header");
    assertError(misnamed.read("?seq_num=0").send(), 400, "bad_header");
    assertError(misnamed.request("GET", "/tail").send(), 400, "bad_header");
    assertThat(stream.tail()).isZero();
  }

  @Test
  void a_missing_basin_is_a_bad_header() {
    S2Stream stream = S2Stream.fresh("basin");
    for (Wire request :
        List.of(
            Wire.post(stream.path()).body(ONE_RECORD),
            Wire.get(stream.path() + "?seq_num=0"),
            Wire.get(stream.path() + "/tail"))) {
      assertError(request.as(stream.token()).send(), 400, "bad_header");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"not-our-basin", "12345678", "x12345678901234567890123456789012345678901234567"})
  void another_basin_is_not_found(String basin) {
    S2Stream stream = S2Stream.fresh("basin");
    S2Stream elsewhere = new S2Stream(stream.path(), basin, stream.token());
    assertError(elsewhere.append(ONE_RECORD), 404, "basin_not_found");
    assertError(elsewhere.read("?seq_num=0").send(), 404, "basin_not_found");
    assertError(elsewhere.request("GET", "/tail").send(), 404, "basin_not_found");
    assertThat(stream.tail()).isZero();
  }

  @Test
  void the_token_is_looked_at_before_the_basin_and_the_basin_before_the_stream() {
    S2Stream one = S2Stream.fresh("one");
    S2Stream other = S2Stream.fresh("other");
    assertError(new S2Stream(one.path(), "Bad", "bad").append("{"), 401, "authn");
    assertError(new S2Stream(one.path(), "not-our-basin", "bad").append("{"), 401, "authn");
    assertError(new S2Stream(other.path(), "Bad", one.token()).append("{"), 400, "bad_header");
    Answer foreign = new S2Stream(other.path(), "not-our-basin", one.token()).append(ONE_RECORD);
    assertThat(foreign.status()).isIn(403, 404);
  }

  @ParameterizedTest
  @EnumSource
  void every_way_to_read_is_refused_alike(ReadFace face) {
    S2Stream one = S2Stream.fresh("one");
    S2Stream other = S2Stream.fresh("other");
    String query = "?seq_num=0";
    assertError(face.refusal(one.withToken("bad"), query), 401, "authn");
    assertError(face.refusal(other.openedBy(one), query), 403, "permission_denied");
    assertError(
        face.refusal(new S2Stream(one.path(), "Bad", one.token()), query), 400, "bad_header");
    assertError(
        face.refusal(new S2Stream(one.path(), "not-our-basin", one.token()), query),
        404,
        "basin_not_found");
  }

  @Test
  void a_closed_session_takes_no_append_with_older_credentials_but_is_read() {
    String key = created("closed");
    S2Stream out = S2Stream.of(key, "out");
    S2Stream in = S2Stream.of(key, "in");
    out.write("a", "b");
    assertThat(close(key, "{\"reason\":\"done\"}").status()).isEqualTo(200);
    assertError(out.append(ONE_RECORD), 403, "permission_denied");
    assertError(in.append(ONE_RECORD), 403, "permission_denied");
    assertError(out.append(Input.of("x")), 403, "permission_denied");
    assertThat(out.recordsFrom(0)).hasSize(2);
    assertThat(out.tail()).isEqualTo(2);
    Answer events = out.read("?seq_num=0&wait=0").header("Accept", "text/event-stream").send();
    assertThat(events.status()).isEqualTo(200);
    assertThat(events.body()).contains("\"b\"").endsWith("data: [DONE]\n\n");
    assertThat(ReadFace.SESSION.read(out, "?seq_num=0&wait=0")).hasSize(2);
  }

  @Test
  void the_lifecycle_of_a_session_is_not_for_clients_to_write() {
    String key = created("lifecycle");
    Answer put = Wire.put(channel(key, "channels/lifecycle/out")).asAcme().send();
    assertThat(put.status()).isEqualTo(403);
  }

  @Test
  void an_expired_session_takes_no_append_but_is_read() {
    String key = fresh("expired");
    create(key, ",\"expiresAt\":\"2020-01-01T00:00:00Z\"");
    S2Stream stream = S2Stream.of(key, "out");
    assertError(stream.append(ONE_RECORD), 403, "permission_denied");
    assertError(stream.append(Input.of("x")), 403, "permission_denied");
    assertThat(stream.tail()).isZero();
  }

  @Test
  void an_external_id_without_a_row_has_streams_which_the_row_adopts() {
    String key = fresh("early");
    S2Stream stream = S2Stream.of(key, "out");
    assertThat(stream.tail()).isZero();
    stream.write("{\\\"data\\\":{\\\"n\\\":1},\\\"id\\\":\\\"first\\\"}");
    assertThat(stream.recordsFrom(0)).hasSize(1);
    create(key);
    assertThat(records(key, "out").get(0).get("data").get("n").asInt()).isEqualTo(1);
    stream.write("{\\\"data\\\":2,\\\"id\\\":\\\"second\\\"}");
    assertThat(S2Stream.of(key, "out").recordsFrom(0)).hasSize(2);
    assertThat(records(key, "out")).hasSize(2);
  }
}
