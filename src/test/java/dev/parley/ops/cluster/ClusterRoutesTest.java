package dev.parley.ops.cluster;

import static dev.parley.http.Fixtures.append;
import static dev.parley.http.Fixtures.created;
import static dev.parley.http.Fixtures.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import org.junit.jupiter.api.Test;

/** The cluster over HTTP, as its only node sees it. */
class ClusterRoutesTest {
  private static final String CLUSTER = "/api/v1/cluster";

  @Test
  void the_node_shows_itself_and_the_sessions_that_are_awake() {
    append(created("awake"), "hello");
    Answer answer = Wire.get(CLUSTER).asAcme().send();
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    JsonNode members = answer.json().get("members");
    assertThat(members).hasSize(1);
    JsonNode member = members.get(0);
    assertThat(member.get("node")).isEqualTo(answer.json().get("self"));
    assertThat(member.get("node")).isEqualTo(answer.json().get("leader"));
    assertThat(member.get("node").asText()).matches("127\\.0\\.0\\.1:[0-9]+");
    assertThat(member.get("status").asText()).isEqualTo("up");
    assertThat(member.get("reachable").asBoolean()).isTrue();
    assertThat(member.get("shards").asInt()).isBetween(1, 100);
    assertThat(member.get("awakeSessions").asLong()).isPositive();
    assertThat(member.has("version")).isTrue();
    assertThat(member.get("age").asInt()).isEqualTo(1);
    assertThat(member.get("roles")).isEmpty();
  }

  @Test
  void only_a_secret_key_shows_it() {
    assertThat(Wire.get(CLUSTER).send().status()).isEqualTo(401);
    assertThat(Wire.get(CLUSTER).as(token("admin")).send().status()).isEqualTo(401);
  }
}
