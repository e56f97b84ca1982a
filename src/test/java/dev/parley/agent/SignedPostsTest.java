package dev.parley.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class SignedPostsTest {
  private static final byte[] BODY = "{\"a\":1}".getBytes(UTF_8);

  @RegisterExtension private static final AgentFixture fixture = new AgentFixture();

  private static SignedPosts posts(List<Network> allowed, Duration limit) {
    return new SignedPosts(
        fixture.system, allowed, limit, Clock.fixed(AgentFixture.NOW, ZoneOffset.UTC));
  }

  private static int post(SignedPosts posts, String url) throws Exception {
    return posts
        .post(url, "d-1", BODY, AgentFixture.SECRET)
        .toCompletableFuture()
        .get(AgentFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void the_status_is_the_answer_and_the_connection_ends_with_it() throws Exception {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    StandIn.Script endless =
        exchange -> {
          exchange.stream("text/plain").chunk("and so on").awaitClose(closed);
        };
    try (StandIn standIn = new StandIn(endless)) {
      SignedPosts posts = posts(AgentFixture.LOOPBACK, Duration.ofSeconds(10));
      assertThat(post(posts, standIn.url("/a%20b?c=d"))).isEqualTo(200);
      closed.get(10, TimeUnit.SECONDS);
      StandIn.Request request = standIn.requests().get(0);
      assertThat(request.line()).isEqualTo("POST /a%20b?c=d HTTP/1.1");
      assertThat(request.body()).isEqualTo(BODY);
      assertThat(request.headers())
          .containsEntry("x-parley-delivery", "d-1")
          .containsEntry("content-type", "application/json")
          .containsEntry(
              "x-parley-signature",
              WebhookSignature.of(BODY, AgentFixture.NOW, AgentFixture.SECRET));
    }
  }

  @Test
  void a_name_is_judged_by_its_address_and_nothing_is_connected_to_when_that_is_private()
      throws Exception {
    try (StandIn standIn = new StandIn(exchange -> exchange.answer(200, "text/plain", ""))) {
      SignedPosts posts = posts(List.of(), Duration.ofSeconds(10));
      String url = "http://localhost:" + standIn.port() + "/secret?secret=1";
      assertThat(posts.problem(url)).isEmpty();
      assertThatThrownBy(() -> post(posts, url))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(RefusedAddressException.class)
          .hasMessageContaining("localhost")
          .hasMessageNotContaining("secret");
      assertThat(standIn.requests()).isEmpty();
      assertThat(posts.problem(standIn.url("/")))
          .hasValueSatisfying(problem -> assertThat(problem).contains("loopback"));
      assertThat(posts(AgentFixture.LOOPBACK, Duration.ofSeconds(1)).problem(standIn.url("/")))
          .isEmpty();
    }
  }

  @Test
  void who_does_not_answer_in_time_is_left() throws Exception {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    try (StandIn standIn = new StandIn(exchange -> exchange.awaitClose(closed))) {
      SignedPosts posts = posts(AgentFixture.LOOPBACK, Duration.ofMillis(300));
      assertThatThrownBy(() -> post(posts, standIn.url("/")))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(TimeoutException.class);
      closed.get(10, TimeUnit.SECONDS);
    }
  }
}
