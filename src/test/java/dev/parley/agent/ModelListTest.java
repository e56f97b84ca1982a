package dev.parley.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a model is still there (web-runtime.md section 9), as endpoints tell it or don't. */
@Timeout(60)
class ModelListTest {
  private static final String MODELS =
      "{\"object\":\"list\",\"data\":[{\"id\":\"m-0\",\"object\":\"model\"},{\"id\":\"m-1\"},{\"no\":1},7]}";

  @RegisterExtension private static final AgentFixture fixture = new AgentFixture();

  private static ModelState look(StandIn standIn, String model, List<Network> networks)
      throws Exception {
    return fixture
        .agents()
        .model(
            new AgentKind.OpenAi(
                HttpEndpoint.of(standIn.url("/v1/"), networks), model, "SECRET", "", 0))
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }

  private static ModelState look(StandIn.Script script, String model) throws Exception {
    try (StandIn standIn = new StandIn(script)) {
      return look(standIn, model, AgentFixture.LOOPBACK);
    }
  }

  @ParameterizedTest
  @CsvSource({"m-0, THERE", "m-1, THERE", "m, GONE", "M-1, GONE"})
  void a_model_is_there_when_the_list_names_it(String model, ModelState state) throws Exception {
    try (StandIn standIn =
        new StandIn(exchange -> exchange.answer(200, "application/json", MODELS))) {
      assertThat(look(standIn, model, AgentFixture.LOOPBACK)).isEqualTo(state);
      StandIn.Request request = standIn.requests().get(0);
      assertThat(request.line()).isEqualTo("GET /v1/models HTTP/1.1");
      assertThat(request.headers()).containsEntry("authorization", "Bearer " + AgentFixture.SECRET);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | {} | KEY_REFUSED",
        "403 | <html> | KEY_REFUSED",
        "404 | {\"error\":{}} | NOT_LISTED",
        "405 | '' | NOT_LISTED",
        "301 | '' | NOT_LISTED",
        "200 | <html> | NOT_LISTED",
        "200 | {\"models\":[]} | NOT_LISTED",
        "200 | {\"data\":{}} | NOT_LISTED",
        "200 | {\"data\":[]} | GONE",
        "429 | {} | AWAY",
        "503 | {} | AWAY"
      })
  void other_answers_mean_this(int status, String body, ModelState state) throws Exception {
    assertThat(look(exchange -> exchange.answer(status, "application/json", body), "m-1"))
        .isEqualTo(state);
  }

  @Test
  void what_does_not_answer_or_never_ends_is_away() throws Exception {
    assertThat(look(exchange -> exchange.awaitClose(new CompletableFuture<>()), "m-1"))
        .isEqualTo(ModelState.AWAY);
    assertThat(look(ModelListTest::withoutEnd, "m-1")).isEqualTo(ModelState.AWAY);
    StandIn gone = new StandIn(exchange -> exchange.answer(200, "application/json", MODELS));
    gone.close();
    assertThat(look(gone, "m-1", AgentFixture.LOOPBACK)).isEqualTo(ModelState.AWAY);
  }

  private static void withoutEnd(StandIn.Exchange exchange) throws IOException {
    exchange.stream("application/json").chunk("{\"data\":[");
    String many = "{\"id\":\"m-1\"},".repeat(10_000);
    while (true) {
      exchange.chunk(many);
    }
  }

  @Test
  void an_address_that_is_not_permitted_is_not_asked() throws Exception {
    try (StandIn standIn =
        new StandIn(exchange -> exchange.answer(200, "application/json", MODELS))) {
      assertThat(look(standIn, "m-1", List.of())).isEqualTo(ModelState.AWAY);
      assertThat(standIn.requests()).isEmpty();
    }
  }

  @Test
  void without_its_key_nothing_is_asked() throws Exception {
    try (StandIn standIn =
        new StandIn(exchange -> exchange.answer(200, "application/json", MODELS))) {
      HttpEndpoint base = HttpEndpoint.of(standIn.url("/v1"), AgentFixture.LOOPBACK);
      assertThat(fixture.agents().model(new AgentKind.OpenAi(base, "m-1", "UNSET", "", 0)))
          .isCompletedWithValue(ModelState.KEY_REFUSED);
      assertThat(standIn.requests()).isEmpty();
    }
  }
}
