package dev.parley.http.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.StoredText;
import dev.parley.TestServer;
import dev.parley.http.Answer;
import dev.parley.http.Wire;
import dev.parley.http.Wire.Version;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code GET /api/init/whoami} (web-runtime.md section 2). */
class WhoAmITest {
  private final Browser browser = new Browser(TestServer.origin());

  @Test
  void nobody_is_401() {
    Answer answer = browser.get("/api/init/whoami");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.error()).isEqualTo("Not logged in");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
  }

  @Test
  void the_first_call_makes_an_organization_and_the_next_finds_it() {
    String email = browser.signUp();
    JsonNode first = browser.whoAmI();
    assertThat(first.at("/user/email").textValue()).isEqualTo(email);
    assertThat(first.get("organizations")).hasSize(1);
    JsonNode organization = first.at("/organizations/0");
    assertThat(organization.get("name").textValue()).isEqualTo("My Organization");
    assertThat(organization.get("credits").longValue()).isEqualTo(2_000);
    assertThat(organization.get("id").textValue()).isNotEmpty();
    assertThat(first.get("currentOrganization")).isEqualTo(organization);
    assertThat(browser.whoAmI()).isEqualTo(first);
  }

  @Test
  void first_calls_at_once_make_one_organization() {
    browser.signUp();
    List<CompletableFuture<JsonNode>> calls = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      Browser same = browser.at(TestServer.origin());
      calls.add(CompletableFuture.supplyAsync(same::whoAmI, task -> new Thread(task).start()));
    }
    Set<JsonNode> seen = new HashSet<>();
    calls.forEach(call -> seen.add(call.join().get("organizations")));
    assertThat(seen).hasSize(1);
    assertThat(seen.iterator().next()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(Version.class)
  void a_cookie_among_others_is_found_on_either_protocol(Version version) {
    browser.signUp();
    Answer answer =
        Wire.get("/api/init/whoami")
            .over(version)
            .header("Cookie", "a=1; sessionId=" + browser.cookie() + "; b={\"c\":[1,2]}")
            .send();
    assertThat(answer.status()).isEqualTo(200);
    Answer head =
        Wire.request("HEAD", "/api/init/whoami")
            .over(version)
            .header("Cookie", "sessionId=" + browser.cookie())
            .send();
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void users_do_not_see_each_others_organizations() {
    browser.signUp();
    Browser other = new Browser(TestServer.origin());
    other.signUp();
    assertThat(other.whoAmI().at("/organizations/0/id"))
        .isNotEqualTo(browser.whoAmI().at("/organizations/0/id"));
  }

  @Test
  void neither_the_password_nor_the_id_of_a_session_is_stored() {
    browser.signUp();
    StoredText stored = new StoredText(TestServer.database());
    assertThat(stored.find(Browser.PASSWORD)).isEmpty();
    assertThat(stored.find(browser.cookie().substring(0, 43))).isEmpty();
  }
}
