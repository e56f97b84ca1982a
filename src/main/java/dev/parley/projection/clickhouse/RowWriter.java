package dev.parley.projection.clickhouse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.parley.projection.CatalogRow;
import dev.parley.projection.activity.ActivityEvent;
import dev.parley.session.Channel;
import dev.parley.session.SessionInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows as ClickHouse takes them: a JSON object on each line. What it writes to is memory, so
 * it can fail only because of what a row holds.
 */
final class RowWriter {
  private static final JsonFactory JSON = new JsonFactory();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 14);
  private final JsonGenerator json;
  private int count;

  RowWriter() {
    try {
      json = JSON.createGenerator(bytes).setRootValueSeparator(null);
    } catch (IOException e) {
      throw new IllegalArgumentException("no row of ClickHouse", e);
    }
  }

  /** Adds a row of {@code sessions_v1}. */
  void session(CatalogRow row, Totals totals, long version) {
    SessionInfo info = row.info();
    try {
      json.writeStartObject();
      json.writeStringField("environment_id", row.id().environmentId());
      json.writeStringField("session_id", row.id().friendlyId());
      time("created_at", info.createdAt());
      time("updated_at", info.updatedAt());
      time("closed_at", info.closedAt());
      json.writeStringField("closed_reason", info.closedReason());
      millis("expires_ms", info.expiresAt());
      millis("expired_ms", info.expiredAt());
      json.writeBooleanField("sliding", row.sliding());
      json.writeStringField("external_id", info.externalId());
      json.writeStringField("type", info.type());
      json.writeStringField("task_identifier", info.taskIdentifier());
      json.writeStringField("agent_id", row.agentId());
      json.writeStringField("user_id", row.userId());
      json.writeStringField("current_run_id", info.currentRunId());
      json.writeStringField("trigger_config", info.triggerConfig());
      texts("tags", info.tags());
      json.writeStringField("metadata", info.metadata());
      texts("facets", row.facets());
      json.writeStringField("search_text", row.searchIds() + "\n" + row.searchTags());
      json.writeNumberField("records_in", totals.recordsIn());
      json.writeNumberField("bytes_in", totals.bytesIn());
      json.writeNumberField("records_out", totals.recordsOut());
      json.writeNumberField("bytes_out", totals.bytesOut());
      json.writeNumberField("_version", version);
      endRow();
    } catch (IOException e) {
      throw new IllegalArgumentException("no row of ClickHouse", e);
    }
  }

  /** Adds a row of {@code session_events_v1}. */
  void event(ActivityEvent event) {
    Channel channel = event.channel();
    try {
      json.writeStartObject();
      json.writeStringField("environment_id", event.session().environmentId());
      json.writeStringField("session_id", event.session().friendlyId());
      json.writeNumberField("version", event.version());
      json.writeNumberField("part", event.part());
      time("at", event.at());
      json.writeStringField("kind", event.kind().label());
      json.writeStringField("channel", channel == null ? "" : channel.name());
      json.writeStringField(
          "direction", channel == null ? "" : channel.direction().name().toLowerCase(Locale.ROOT));
      json.writeNumberField("count", event.count());
      json.writeNumberField("messages", event.messages());
      json.writeNumberField("bytes", event.bytes());
      json.writeStringField("outcome", event.outcome());
      if (event.took() != null) {
        json.writeNumberField("took_ms", event.took().toMillis());
      }
      endRow();
    } catch (IOException e) {
      throw new IllegalArgumentException("no row of ClickHouse", e);
    }
  }

  private void endRow() throws IOException {
    count++;
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private void texts(String name, List<String> texts) throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  private void time(String name, @Nullable Instant time) throws IOException {
    json.writeStringField(name, time == null ? null : TIME.format(time));
  }

  private void millis(String name, @Nullable Instant time) throws IOException {
    if (time == null) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, time.toEpochMilli());
    }
  }

  /** All rows so far. */
  byte[] rows() {
    try {
      json.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalArgumentException("no row of ClickHouse", e);
    }
  }

  boolean isEmpty() {
    return count == 0;
  }
}
