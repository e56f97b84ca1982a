package dev.parley.http.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** eliza.md section 2: channels are random UUIDs of version 4. */
class ChannelIdTest {
  private static final long VERSION = 0xf000L;
  private static final long VARIANT = 0xc000_0000_0000_0000L;

  @Provide
  Arbitrary<UUID> sessionIds() {
    return Arbitraries.longs()
        .tuple2()
        .map(
            halves ->
                new UUID(
                    halves.get1() & ~VERSION | 0x4000L,
                    halves.get2() & ~VARIANT | 0x8000_0000_0000_0000L));
  }

  @Property
  void a_channel_is_a_random_uuid_and_leads_back_to_its_session(
      @ForAll("sessionIds") UUID sessionId) {
    UUID channel = ChannelId.ofSession(sessionId);
    assertThat(channel.version()).isEqualTo(4);
    assertThat(channel.variant()).isEqualTo(2);
    assertThat(channel).isNotEqualTo(sessionId);
    assertThat(ChannelId.sessionOf(channel.toString())).hasValue(sessionId.toString());
    assertThat(ChannelId.sessionOf(channel.toString().toUpperCase(Locale.ROOT)))
        .hasValue(sessionId.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1-1-1-1-1", "general", "0b6c96e1-c37b-4d58-9b6e-97a42fd1683", "é"})
  void what_is_no_uuid_is_no_channel(String text) {
    assertThat(ChannelId.sessionOf(text)).isEmpty();
  }
}
