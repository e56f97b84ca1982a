package dev.parley.entity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.AppendSeries;
import dev.parley.session.SessionCommand.Draft;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SeriesPartsTest {
  private static final int MIB = Append.MAX_METERED_SIZE;

  private static Append append(int records, int meteredEach) {
    RecordContent record = RecordContent.of(Bytes.wrap(new byte[meteredEach - 8]));
    return new Append(
        Channel.OUT,
        Collections.nCopies(records, new Draft(null, record)),
        null,
        null,
        null,
        false);
  }

  @Test
  void what_fits_stays_one_and_the_same() {
    AppendSeries series = new AppendSeries(Collections.nCopies(16, append(1_000, 64)));
    assertThat(SeriesParts.of(series)).singleElement().isSameAs(series);
  }

  static Stream<Arguments> large() {
    return Stream.of(
        Arguments.of("two batches of 1 MiB", Collections.nCopies(2, append(1, MIB)), 2),
        Arguments.of("just over 1 MiB", List.of(append(1, MIB), append(1, 8)), 2),
        Arguments.of("empty records", Collections.nCopies(40, append(1_000, 8)), 3),
        Arguments.of("many appends", Collections.nCopies(2_500, append(1, 8)), 3),
        Arguments.of(
            "one that fits nowhere", List.of(append(1, 8), append(2, MIB), append(1, 8)), 3));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("large")
  void what_does_not_fit_is_taken_apart_in_order(String what, List<Append> appends, int parts) {
    List<AppendSeries> all = SeriesParts.of(new AppendSeries(appends));
    assertThat(all).hasSize(parts);
    List<Append> joined = new ArrayList<>();
    for (AppendSeries part : all) {
      joined.addAll(part.appends());
      if (part.appends().size() > 1) {
        assertThat(part.meteredSize()).isLessThanOrEqualTo(MIB);
        assertThat(part.recordCount()).isLessThanOrEqualTo(SeriesParts.MAX_RECORDS);
        assertThat(part.appends()).hasSizeLessThanOrEqualTo(SeriesParts.MAX_APPENDS);
      }
    }
    assertThat(joined).containsExactlyElementsOf(appends);
  }
}
