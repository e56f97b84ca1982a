package dev.parley.http.sessions;

import static dev.parley.http.Fixtures.SESSIONS;
import static dev.parley.http.Fixtures.createBody;
import static dev.parley.http.Fixtures.fresh;
import static dev.parley.http.Fixtures.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.parley.http.Answer;
import dev.parley.http.Wire;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies made to break a parser: an answer of the contract, never a failure of the server. */
class HostileBodiesTest {
  private static final String BODY =
      createBody("fuzz", ",\"tags\":[\"a\"],\"metadata\":{\"m\":[1,\"x\"]}");

  static Stream<Arguments> bodies() {
    String deep = "[".repeat(10_000) + "]".repeat(10_000);
    return Stream.of(
        arguments("depth 10 000", with("metadata", "{\"a\":" + deep + "}"), 400),
        arguments("only depth", deep, 400),
        arguments(
            "number of 10 000 digits", with("metadata", "{\"n\":" + "9".repeat(10_000) + "}"), 400),
        arguments(
            "number of 1 000 digits", with("metadata", "{\"n\":" + "9".repeat(1_000) + "}"), 201),
        arguments("huge exponent", with("metadata", "{\"n\":1e999999999}"), 201),
        arguments("huge negative exponent", with("metadata", "{\"n\":1e-999999999}"), 201),
        arguments("half a surrogate pair as a key", with("metadata", "{\"\\ud800\":1}"), 400),
        arguments("NaN", with("metadata", "{\"n\":NaN}"), 400),
        arguments("comment", "/* */" + createBody(fresh("c")), 400),
        arguments("single quotes", createBody(fresh("q")).replace('"', '\''), 400),
        arguments("trailing comma", with("tags", "[\"a\",]"), 400),
        arguments("duplicate keys", with("metadata", "{\"a\":1,\"a\":2}"), 201),
        arguments(
            "prototype", with("metadata", "{\"__proto__\":{\"x\":1},\"constructor\":1}"), 201),
        arguments("control character", createBody(fresh("c") + "\u0001"), 400),
        arguments(
            "NUL in a value of metadata", with("metadata", "{\"a\\u0000\":\"\\u0000\"}"), 201),
        arguments("byte order mark", "\ufeff" + createBody(fresh("b")), 201));
  }

  private static String with(String field, String value) {
    return createBody(fresh("hostile"), ",\"" + field + "\":" + value);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void a_hostile_body_gets_an_answer_of_the_contract(String name, String body, int status) {
    Answer answer = Wire.post(SESSIONS).asAcme().body(body).send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.json().isObject()).isTrue();
  }

  @Test
  void text_in_another_encoding_is_no_500() {
    byte[] latin = createBody("caf\u00e9").getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThat(Wire.post(SESSIONS).asAcme().body(latin).send().status()).isEqualTo(400);
  }

  @Test
  void the_last_of_duplicate_keys_counts() {
    String key = fresh("last");
    Wire.post(SESSIONS)
        .asAcme()
        .body(createBody("first", ",\"externalId\":\"" + key + "\""))
        .send();
    assertThat(Wire.get(session(key)).asAcme().send().status()).isEqualTo(200);
  }

  @Test
  void metadata_of_any_depth_that_is_taken_can_be_listed() {
    int deepest = 0;
    for (int depth : new int[] {500, 900, 990, 995, 998, 999, 1000, 1001}) {
      String key = fresh("depth");
      String metadata = "{\"a\":" + "[".repeat(depth - 2) + "]".repeat(depth - 2) + "}";
      Answer made =
          Wire.post(SESSIONS).asAcme().body(createBody(key, ",\"metadata\":" + metadata)).send();
      assertThat(made.status()).as("depth " + depth).isIn(201, 400);
      if (made.status() == 201) {
        deepest = depth;
        assertThat(Wire.get(session(key)).asAcme().send().json().get("metadata").toString())
            .isEqualTo(metadata);
        assertThat(awaitListed(key).get("metadata").toString()).isEqualTo(metadata);
      }
    }
    assertThat(deepest).isGreaterThanOrEqualTo(500);
  }

  private static com.fasterxml.jackson.databind.JsonNode awaitListed(String key) {
    for (int i = 0; ; i++) {
      Answer list = Wire.get(SESSIONS + "?filter%5BexternalId%5D=" + key).asAcme().send();
      assertThat(list.status()).as(list.body()).isEqualTo(200);
      if (!list.json().get("data").isEmpty()) {
        return list.json().get("data").get(0);
      }
      assertThat(i).isLessThan(500);
    }
  }

  @Property(tries = 300)
  void a_mutated_body_never_fails_the_server(@ForAll("mutations") String body) {
    Answer created = Wire.post(SESSIONS).asAcme().body(body).send();
    assertThat(created.status()).as(body + " -> " + created.body()).isIn(200, 201, 400, 409, 413);
    Answer updated = Wire.patch(session("fuzz")).asAcme().body(body).send();
    assertThat(updated.status())
        .as(body + " -> " + updated.body())
        .isIn(200, 400, 404, 409, 413, 422);
  }

  @Provide
  Arbitrary<String> mutations() {
    Arbitrary<String> piece =
        Arbitraries.oneOf(
            Arbitraries.strings().all().ofMaxLength(6),
            Arbitraries.of(
                "\"",
                "\\",
                "\\u0000",
                "\\ud800",
                "null",
                "[]",
                "{}",
                "{",
                "]",
                ",",
                ":",
                "-",
                "1e999",
                "true",
                "\u0000",
                "\ufeff",
                "\"tags\":[",
                "\"metadata\":",
                "\"expiresAt\":1e16,",
                "'"));
    Arbitrary<Integer> place = Arbitraries.integers().between(0, BODY.length());
    return Combinators.combine(place, Arbitraries.integers().between(0, 12), piece)
        .as(
            (at, cut, text) ->
                BODY.substring(0, at) + text + BODY.substring(Math.min(BODY.length(), at + cut)));
  }
}
