package dev.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class CursorTest {
  private static final long MAX_MILLIS = 253_402_300_799_999L;
  private static final String FRIENDLY = "session_0123456789abcdef0123456789abcdef";

  @Property
  void is_the_same_after_a_round_trip(
      @ForAll @LongRange(max = MAX_MILLIS) long millis, @ForAll @Size(16) byte[] hash) {
    Cursor cursor =
        new Cursor(Instant.ofEpochMilli(millis), "session_" + HexFormat.of().formatHex(hash));
    assertThat(cursor.encode()).matches("[A-Za-z0-9_-]{32}");
    assertThat(Cursor.parse(cursor.encode())).contains(cursor);
  }

  @Property
  void reads_any_text_without_failing(@ForAll String text) {
    Cursor.parse(text).ifPresent(cursor -> assertThat(cursor.encode()).isEqualTo(text));
  }

  @Property
  void has_one_text_for_each_cursor(@ForAll @Size(24) byte[] bytes, @ForAll boolean small) {
    if (small) {
      bytes[0] = 0;
      bytes[1] = 0;
    }
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Cursor.parse(text).ifPresent(cursor -> assertThat(cursor.encode()).isEqualTo(text));
  }

  @Property
  void refuses_what_was_changed_in_shape(
      @ForAll @StringLength(min = 1, max = 3) String added, @ForAll boolean front) {
    String text = new Cursor(Instant.EPOCH, FRIENDLY).encode();
    assertThat(Cursor.parse(front ? added + text : text + added)).isEmpty();
    assertThat(Cursor.parse(text.substring(1))).isEmpty();
    assertThat(Cursor.parse("-" + text.substring(1))).as("a negative time").isEmpty();
    assertThat(Cursor.parse("=" + text.substring(1))).isEmpty();
  }

  @Example
  void refuses_places_where_no_session_can_stand() {
    assertThatThrownBy(() -> new Cursor(Instant.ofEpochMilli(-1), FRIENDLY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Cursor(Instant.ofEpochMilli(MAX_MILLIS + 1), FRIENDLY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Cursor(Instant.ofEpochSecond(1, 1), FRIENDLY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Cursor(Instant.EPOCH, FRIENDLY + "0"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
