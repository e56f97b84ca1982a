package dev.parley.http.channels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.TestServer;
import dev.parley.http.AnotherOwner;
import dev.parley.http.Answer;
import dev.parley.http.Fixtures;
import dev.parley.http.Wire;
import dev.parley.session.Channel;
import dev.parley.session.Envelope;
import dev.parley.session.SessionId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Should a session ever have two owners, the journal decides between them. */
class SecondOwnerTest {
  @Test
  void an_owner_that_was_overtaken_acknowledges_nothing_and_then_shows_what_the_other_wrote()
      throws Exception {
    String key = Fixtures.created("two-owners");
    assertThat(append(key, "first", "part-1").json().get("seq").longValue()).isZero();
    AnotherOwner.write(
        SessionId.ofExternal(TestServer.ACME, key),
        Channel.IN,
        1,
        Envelope.ofText("theirs".getBytes(StandardCharsets.UTF_8), "theirs"));

    long begin = System.nanoTime();
    Answer overtaken = append(key, "mine", "part-2");
    assertThat(overtaken.status()).isEqualTo(503);
    assertThat(overtaken.header("Retry-After")).isNotNull();
    // Well below the five seconds after which the data plane's client sends again.
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));

    Answer again = append(key, "mine", "part-2");
    assertThat(again.status()).as(again.body()).isEqualTo(200);
    assertThat(again.json().get("seq").longValue()).isEqualTo(2);
    assertThat(
            Wire.get(Fixtures.channel(key, "in/records"))
                .asAcme()
                .send()
                .json()
                .get("records")
                .findValuesAsText("data"))
        .containsExactly("first", "theirs", "mine");
  }

  private static Answer append(String key, String body, String partId) {
    return Wire.post(Fixtures.channel(key, "in/append"))
        .asAcme()
        .header("X-Part-Id", partId)
        .body(body)
        .send();
  }
}
