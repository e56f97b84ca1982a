package dev.parley.http.sessions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.entity.Inspection;
import dev.parley.entity.Timeline;
import dev.parley.http.shared.Json;
import dev.parley.session.Channel;
import dev.parley.session.Direction;
import dev.parley.session.Lifetime;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionInfo;
import dev.parley.session.TimeoutPolicy;
import dev.parley.session.Waitpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The timeline of a session as JSON. Each moment has {@code version}, {@code type}, {@code at}. */
final class TimelineDocument {
  private TimelineDocument() {}

  static ObjectNode of(Timeline timeline, Inspection in, Inspection out) {
    ObjectNode document = Json.object();
    ArrayNode events = document.putArray("events");
    timeline.moments().forEach(moment -> put(events.addObject(), moment));
    document.put("next", timeline.next());
    ObjectNode channels = document.putObject("channels");
    put(channels.putObject("in"), in);
    put(channels.putObject("out"), out);
    if (in.clockwork() == null) {
      document.putNull("lifetime");
    } else {
      put(document.putObject("lifetime"), in.clockwork().lifetime());
    }
    return document;
  }

  private static void put(ObjectNode json, Inspection stream) {
    json.put("firstSeq", stream.trimPoint()).put("nextSeq", stream.tail().seq());
  }

  private static void put(ObjectNode json, Timeline.Moment moment) {
    json.put("version", moment.version());
    if (moment instanceof Timeline.Written written) {
      put(json, written);
    } else if (moment instanceof Timeline.Happened happened) {
      put(json, happened.event());
    }
  }

  private static void put(ObjectNode json, Timeline.Written written) {
    is(json, "records", written.to())
        .put("since", Json.date(written.from()))
        .put("commits", written.commits());
    ArrayNode streams = json.putArray("streams");
    for (Timeline.Stretch stretch : written.streams()) {
      put(streams.addObject(), stretch.channel())
          .put("firstSeq", stretch.firstSeq())
          .put("endSeq", stretch.endSeq())
          .put("records", stretch.records())
          .put("messages", stretch.messages())
          .put("bytes", stretch.bytes());
    }
  }

  /** The channel's name is null for the reserved pair. */
  private static ObjectNode put(ObjectNode json, Channel channel) {
    return json.put("channel", channel.name().isEmpty() ? null : channel.name())
        .put("direction", channel.direction() == Direction.OUT ? "out" : "in");
  }

  private static ObjectNode is(ObjectNode json, String type, @Nullable Instant at) {
    return json.put("type", type).put("at", Json.date(at));
  }

  private static void put(ObjectNode json, SessionEvent event) {
    if (event instanceof SessionEvent.Created created) {
      putCreated(json, created);
    } else if (event instanceof SessionEvent.Updated updated) {
      is(json, "updated", updated.at()).put("expiresAt", Json.date(updated.expiresAt()));
      texts(json.putArray("tags"), updated.tags());
    } else if (event instanceof SessionEvent.Closed closed) {
      is(json, "closed", closed.at()).put("reason", closed.reason());
    } else if (event instanceof SessionEvent.RunSwapped swapped) {
      is(json, "run", swapped.at()).put("runId", swapped.runId());
    } else if (event instanceof SessionEvent.Touched touched) {
      is(json, "renewed", touched.at()).put("cause", touched.cause().cause());
      putEnd(json, touched.lifetime());
    } else if (event instanceof SessionEvent.TimeoutChanged changed) {
      putEnd(is(json, "timeout", changed.at()), changed.lifetime());
    } else if (event instanceof SessionEvent.Warned warned) {
      is(json, "warned", warned.at());
    } else if (event instanceof SessionEvent.Expired expired) {
      is(json, "expired", expired.noticedAt()).put("expiresAt", Json.date(expired.expiresAt()));
    } else if (event instanceof SessionEvent.Purged purged) {
      is(json, "purged", purged.at());
    } else if (event instanceof SessionEvent.RestoreBegun begun) {
      is(json, "restore-begun", begun.at());
    } else if (event instanceof SessionEvent.Restored restored) {
      is(json, "restored", restored.at());
    } else {
      putWork(json, event);
    }
  }

  private static void putCreated(ObjectNode json, SessionEvent.Created created) {
    SessionInfo info = created.info();
    is(json, "created", info.createdAt())
        .put("taskIdentifier", info.taskIdentifier())
        .put("runId", info.currentRunId())
        .put("agentId", created.agentId())
        .put("expiresAt", Json.date(info.expiresAt()));
  }

  /** What agents do, and who waits. */
  private static void putWork(ObjectNode json, SessionEvent event) {
    if (event instanceof SessionEvent.TurnStarted started) {
      is(json, "turn-started", started.turn().startedAt())
          .put("seq", started.turn().seq())
          .put("attempt", started.turn().attempt());
    } else if (event instanceof SessionEvent.TurnEnded ended) {
      is(json, "turn-ended", ended.at())
          .put("seq", ended.seq())
          .put("outcome", ended.outcome().name().toLowerCase(Locale.ROOT))
          .put("tookMs", Duration.between(ended.startedAt(), ended.at()).toMillis());
    } else if (event instanceof SessionEvent.WaitpointCreated created) {
      putWaiting(json, created.waitpoint());
    } else if (event instanceof SessionEvent.WaitpointCompleted completed) {
      is(json, "waitpoint-completed", completed.outcome().at()).put("id", completed.id());
    } else if (event instanceof SessionEvent.WaitpointsTimedOut timedOut) {
      texts(is(json, "waitpoints-timed-out", timedOut.at()).putArray("ids"), timedOut.ids());
    } else if (event instanceof SessionEvent.CallbacksMoved moved) {
      is(json, "callbacks", moved.at())
          .put("tries", moved.tries())
          .put("nextTry", Json.date(moved.nextTry()));
      texts(json.putArray("ids"), moved.ids());
    } else {
      throw new IllegalStateException("no words for " + event.getClass().getName());
    }
  }

  private static void putWaiting(ObjectNode json, Waitpoint waitpoint) {
    is(json, "waitpoint", waitpoint.createdAt())
        .put("id", waitpoint.id())
        .put("timeoutAt", Json.date(waitpoint.timeoutAt()));
    texts(json.putArray("tags"), waitpoint.tags());
    if (waitpoint.channel() == null) {
      json.putNull("stream");
    } else {
      put(json.putObject("stream"), waitpoint.channel()).put("afterSeq", waitpoint.afterSeq());
    }
  }

  private static void putEnd(ObjectNode json, Lifetime lifetime) {
    json.put("expiresAt", Json.date(lifetime.expiresAt()))
        .put("renewalCount", lifetime.renewalCount());
  }

  /** What moves the end of a session. */
  static void put(ObjectNode json, Lifetime lifetime) {
    TimeoutPolicy policy = lifetime.policy();
    putEnd(json, lifetime);
    json.put("latestEnd", Json.date(lifetime.latestEnd()))
        .put("timeoutMinutes", policy.timeoutMinutes())
        .put("autoRenew", policy.autoRenew())
        .put("maxDurationMinutes", policy.maxDurationMinutes())
        .put("warningThresholdMinutes", policy.warningThresholdMinutes());
  }

  private static void texts(ArrayNode list, List<String> texts) {
    texts.forEach(list::add);
  }
}
