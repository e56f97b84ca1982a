package dev.parley.http.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class LinesTest {
  private static List<String> cut(String text, int pieces, int maxBytes) {
    Lines lines = new Lines(maxBytes);
    List<Lines.Line> found = new ArrayList<>();
    for (int from = 0; from < text.length(); from += pieces) {
      found.addAll(
          lines.add(
              ByteString.fromString(text.substring(from, Math.min(text.length(), from + pieces)))));
    }
    found.addAll(lines.end());
    return found.stream()
        .map(
            line ->
                line.number()
                    + " "
                    + (line.bytes() == null
                        ? "too long"
                        : new String(line.bytes(), StandardCharsets.UTF_8)))
        .toList();
  }

  @Property
  void lines_are_the_same_however_the_bytes_come(@ForAll @IntRange(min = 1, max = 30) int pieces) {
    assertThat(cut("one\n\nthree\nfour", pieces, 5)).containsExactly("1 one", "3 three", "4 four");
  }

  @Property
  void a_line_that_is_too_long_is_counted_and_forgotten(
      @ForAll @IntRange(min = 1, max = 30) int pieces) {
    assertThat(cut("one\nfar too long\nthree\n", pieces, 5))
        .containsExactly("1 one", "2 too long", "3 three");
  }

  @Test
  void the_last_line_may_be_too_long() {
    assertThat(cut("one\nfar too long", 3, 5)).containsExactly("1 one", "2 too long");
  }
}
