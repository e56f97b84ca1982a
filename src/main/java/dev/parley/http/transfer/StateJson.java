package dev.parley.http.transfer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Json;
import dev.parley.session.Callback;
import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.Clockwork;
import dev.parley.session.Lifetime;
import dev.parley.session.Session;
import dev.parley.session.SessionInfo;
import dev.parley.session.Turns;
import dev.parley.session.Waitpoint;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the line of a session; {@link StateReader} reads it. */
final class StateJson {
  /** The order in which the streams of a session are told. */
  static final Comparator<Channel> ORDER =
      Comparator.comparing(Channel::name).thenComparing(Channel::direction);

  private StateJson() {}

  static ObjectNode of(Session session) {
    ObjectNode line = Json.object().put("id", session.id().friendlyId());
    if (session.info() != null) {
      line.set("row", row(session.info()));
    }
    if (session.clockwork() != null) {
      line.set("timeout", timeout(session.clockwork()));
    }
    if (session.turns() != null) {
      line.set("agent", agent(session.turns()));
    }
    if (session.lastMessageAt() > 0) {
      line.put("lastMessageAt", session.lastMessageAt());
    }
    ArrayNode streams = line.putArray("streams");
    session.channels().entrySet().stream()
        .sorted(Map.Entry.comparingByKey(ORDER))
        .forEach(stream -> streams.add(stream(stream.getKey(), stream.getValue())));
    if (!session.waitpoints().all().isEmpty()) {
      ArrayNode waitpoints = line.putArray("waitpoints");
      session.waitpoints().all().forEach(waitpoint -> waitpoints.add(waitpoint(waitpoint)));
    }
    return line;
  }

  private static ObjectNode row(SessionInfo info) {
    ObjectNode row = Json.object();
    put(row, "externalId", info.externalId());
    row.put("type", info.type()).put("taskIdentifier", info.taskIdentifier());
    row.put("triggerConfig", info.triggerConfig());
    info.tags().forEach(row.putArray("tags")::add);
    put(row, "metadata", info.metadata());
    row.put("currentRunId", info.currentRunId());
    put(row, "createdAt", info.createdAt());
    put(row, "updatedAt", info.updatedAt());
    put(row, "expiresAt", info.expiresAt());
    put(row, "closedAt", info.closedAt());
    put(row, "closedReason", info.closedReason());
    put(row, "expiredAt", info.expiredAt());
    return row;
  }

  private static ObjectNode timeout(Clockwork clockwork) {
    Lifetime lifetime = clockwork.lifetime();
    ObjectNode timeout =
        Json.object()
            .put("timeoutMinutes", lifetime.policy().timeoutMinutes())
            .put("autoRenew", lifetime.policy().autoRenew())
            .put("maxDurationMinutes", lifetime.policy().maxDurationMinutes())
            .put("warningThresholdMinutes", lifetime.policy().warningThresholdMinutes());
    put(timeout, "createdAt", lifetime.createdAt());
    put(timeout, "renewedAt", lifetime.base());
    put(timeout, "lastActivity", lifetime.lastActivity());
    timeout.put("renewalCount", lifetime.renewalCount());
    timeout.put("warned", lifetime.warned()).put("expiryNoted", lifetime.expiryNoted());
    put(timeout, "reportedAt", clockwork.reportedAt());
    put(
        timeout,
        "unreported",
        clockwork.unreported() == null ? null : clockwork.unreported().cause());
    return timeout;
  }

  private static ObjectNode agent(Turns turns) {
    ObjectNode agent =
        Json.object().put("id", turns.agentId()).put("answeredTo", turns.answeredTo());
    if (turns.current() != null) {
      ObjectNode turn = agent.putObject("turn");
      turn.put("seq", turns.current().seq()).put("attempt", turns.current().attempt());
      put(turn, "startedAt", turns.current().startedAt());
    }
    return agent;
  }

  private static ObjectNode stream(Channel channel, ChannelState state) {
    ObjectNode stream = named(channel);
    stream.put("nextSeq", state.nextSeq()).put("trimPoint", state.trimPoint());
    put(stream, "fencingToken", state.fencingToken().isEmpty() ? null : state.fencingToken());
    stream.put("lastTimestamp", state.lastTimestamp()).put("settled", state.settled());
    return stream.put("newestSeq", state.newestSeq()).put("bytes", state.bytes());
  }

  /** An object that begins with the name of a stream. */
  static ObjectNode named(Channel channel) {
    return Json.object()
        .put("channel", channel.name())
        .put("direction", channel.direction().wireName());
  }

  private static ObjectNode waitpoint(Waitpoint waitpoint) {
    ObjectNode node = Json.object().put("id", waitpoint.id());
    if (waitpoint.channel() != null) {
      node.set("on", named(waitpoint.channel()).put("afterSeq", waitpoint.afterSeq()));
    }
    put(node, "createdAt", waitpoint.createdAt());
    put(node, "timeoutAt", waitpoint.timeoutAt());
    waitpoint.tags().forEach(node.putArray("tags")::add);
    put(node, "idempotencyKey", waitpoint.idempotencyKey());
    put(node, "idempotencyKeyExpiresAt", waitpoint.idempotencyKeyExpiresAt());
    Waitpoint.Outcome outcome = waitpoint.outcome();
    if (outcome != null) {
      ObjectNode ended = node.putObject("outcome").put("timedOut", outcome.timedOut());
      put(ended, "at", outcome.at());
      if (outcome.output() != null) {
        ended.set(
            "output", named(outcome.output().channel()).put("fromSeq", outcome.output().fromSeq()));
      }
    }
    Callback callback = waitpoint.callback();
    if (callback != null) {
      ObjectNode told = node.putObject("callback");
      told.put("url", callback.url()).put("origin", callback.origin());
      put(told, "owedSince", callback.owedSince());
      told.put("tries", callback.tries());
      put(told, "nextTry", callback.nextTry());
    }
    return node;
  }

  private static void put(ObjectNode node, String name, @Nullable Instant time) {
    if (time != null) {
      node.put(name, time.toEpochMilli());
    }
  }

  private static void put(ObjectNode node, String name, @Nullable String text) {
    if (text != null) {
      node.put(name, text);
    }
  }
}
