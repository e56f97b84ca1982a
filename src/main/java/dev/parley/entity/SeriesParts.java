package dev.parley.entity;

import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.AppendSeries;
import java.util.ArrayList;
import java.util.List;

/**
 * A series as messages that fit between nodes, whatever it came to: a writer's batches may be as
 * many as they like, and messages of a conversation are longer than what was sent of them.
 */
final class SeriesParts {
  /**
   * A record takes up to 32 bytes beside what is metered of it, of which 8 are. So a part takes at
   * most 1 MiB and a half, with its appends' own fields.
   */
  static final int MAX_RECORDS = 16_384;

  static final int MAX_APPENDS = 1_000;

  private SeriesParts() {}

  /**
   * The parts in order. One that holds several appends fits; one append alone fits unless it is too
   * large for any session.
   */
  static List<AppendSeries> of(AppendSeries series) {
    if (fits(series.appends().size(), series.recordCount(), series.meteredSize())) {
      return List.of(series);
    }
    List<AppendSeries> parts = new ArrayList<>();
    List<Append> part = new ArrayList<>();
    int records = 0;
    long bytes = 0;
    for (Append append : series.appends()) {
      records += append.recordCount();
      bytes += append.meteredSize();
      if (!part.isEmpty() && !fits(part.size() + 1, records, bytes)) {
        parts.add(new AppendSeries(part));
        part.clear();
        records = append.recordCount();
        bytes = append.meteredSize();
      }
      part.add(append);
    }
    parts.add(new AppendSeries(part));
    return parts;
  }

  private static boolean fits(int appends, int records, long bytes) {
    return appends <= MAX_APPENDS && records <= MAX_RECORDS && bytes <= Append.MAX_METERED_SIZE;
  }
}
