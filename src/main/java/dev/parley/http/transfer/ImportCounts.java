package dev.parley.http.transfer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What has come of an import. Used by one stream alone. */
final class ImportCounts {
  /** So many refusals are told in full. */
  private static final int MAX_TOLD = 100;

  private record Refusal(long line, @Nullable String session, String reason) {}

  private long restored;
  private long unchanged;
  private long gone;
  private long records;
  private long refused;
  private boolean complete;
  private final List<Refusal> told = new ArrayList<>();

  void arrived(Arrival.Outcome outcome, long newRecords) {
    if (outcome == Arrival.Outcome.RESTORED) {
      restored++;
    } else {
      unchanged++;
    }
    records += newRecords;
  }

  /** The session was purged while it was exported. */
  void gone() {
    gone++;
  }

  /**
   * @param session null when it is not known
   */
  void refuse(long line, @Nullable String session, String reason) {
    refused++;
    if (told.size() < MAX_TOLD) {
      told.add(new Refusal(line, session, reason));
    }
  }

  /** The last line has been read. */
  void complete() {
    complete = true;
  }

  boolean isComplete() {
    return complete;
  }

  ObjectNode document() {
    ObjectNode document =
        Json.object()
            .put("restored", restored)
            .put("unchanged", unchanged)
            .put("gone", gone)
            .put("refused", refused)
            .put("records", records)
            .put("complete", complete);
    ArrayNode list = document.putArray("refusals");
    for (Refusal refusal : told) {
      list.addObject()
          .put("line", refusal.line())
          .put("session", refusal.session())
          .put("reason", refusal.reason());
    }
    return document;
  }
}
