package dev.parley.http.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.http.shared.Json;
import dev.parley.session.Activity;
import dev.parley.session.Callback;
import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.Clockwork;
import dev.parley.session.Direction;
import dev.parley.session.ExternalId;
import dev.parley.session.Lifetime;
import dev.parley.session.PartIdWindow;
import dev.parley.session.Session;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SparseIndex;
import dev.parley.session.Text;
import dev.parley.session.TimeoutPolicy;
import dev.parley.session.Turn;
import dev.parley.session.Turns;
import dev.parley.session.Waitpoint;
import dev.parley.session.Waitpoints;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the line of a session, as {@link StateJson} writes it. */
final class StateReader {
  /** What an id of a waitpoint begins with; the digits of its session follow. */
  private static final String WAITPOINT = "waitpoint_";

  private StateReader() {}

  /**
   * The session as it is to be in an environment. One with an external id has another id there than
   * in its own, and its waitpoints with it.
   *
   * @throws LineRefused when it is not what it must be
   */
  static Session read(JsonNode line, String environmentId) {
    Fields fields = Fields.of(line, "session");
    String written = fields.text("id");
    if (!written.startsWith(SessionId.PREFIX)) {
      throw new LineRefused("session.id must be like session_ and 32 hexadecimal digits");
    }
    SessionId named =
        SessionId.parse(environmentId, written)
            .orElseThrow(
                () ->
                    new LineRefused("session.id must be like session_ and 32 hexadecimal digits"));
    SessionInfo row = fields.object("row", StateReader::row);
    SessionId id =
        row == null || row.externalId() == null
            ? named
            : SessionId.ofExternal(environmentId, row.externalId());
    Map<Channel, ChannelState> streams = new LinkedHashMap<>();
    for (Map.Entry<Channel, ChannelState> stream :
        fields.objects("streams", each -> Map.entry(channel(each), stream(each)))) {
      if (streams.put(stream.getKey(), stream.getValue()) != null) {
        throw new LineRefused("session.streams names a stream twice");
      }
    }
    List<Waitpoint> waitpoints =
        fields.objects("waitpoints", each -> waitpoint(each, named, id)).stream().toList();
    return Session.restore(
        id,
        row,
        0,
        streams,
        Waitpoints.of(waitpoints),
        fields.object("timeout", StateReader::clockwork),
        fields.object("agent", StateReader::turns),
        fields.optionalTime("lastMessageAt") == null ? 0 : fields.number("lastMessageAt"));
  }

  private static SessionInfo row(Fields row) {
    SessionInfo info =
        new SessionInfo(
            row.optionalText("externalId"),
            row.text("type"),
            row.text("taskIdentifier"),
            row.text("triggerConfig"),
            row.texts("tags"),
            row.optionalText("metadata"),
            row.text("currentRunId"),
            row.time("createdAt"),
            row.time("updatedAt"),
            row.optionalTime("expiresAt"),
            row.optionalTime("closedAt"),
            row.optionalText("closedReason"),
            row.optionalTime("expiredAt"));
    if (info.externalId() != null) {
      refuse(ExternalId.problem(info.externalId()));
    }
    Stream.concat(
            Stream.of(info.type(), info.taskIdentifier(), info.currentRunId()),
            info.tags().stream())
        .forEach(text -> refuse(Text.problem(text).map(what -> "a text of the row " + what)));
    requireObject("triggerConfig", info.triggerConfig());
    if (info.metadata() != null) {
      requireObject("metadata", info.metadata());
    }
    return info;
  }

  private static void refuse(Optional<String> problem) {
    if (problem.isPresent()) {
      throw new LineRefused("session.row: " + problem.get());
    }
  }

  private static void requireObject(String name, String json) {
    boolean object =
        Json.parse(json.getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .filter(JsonNode::isObject)
            .isPresent();
    if (!object) {
      throw new LineRefused("session.row." + name + " must be the text of a JSON object");
    }
  }

  private static Clockwork clockwork(Fields timeout) {
    try {
      TimeoutPolicy policy =
          new TimeoutPolicy(
              timeout.decimal("timeoutMinutes"),
              timeout.truth("autoRenew"),
              timeout.decimal("maxDurationMinutes"),
              timeout.decimal("warningThresholdMinutes"));
      Lifetime lifetime =
          new Lifetime(
              timeout.time("createdAt"),
              timeout.time("renewedAt"),
              timeout.time("lastActivity"),
              timeout.number("renewalCount"),
              policy,
              timeout.truth("warned"),
              timeout.truth("expiryNoted"));
      return new Clockwork(
          lifetime,
          timeout.optionalTime("reportedAt"),
          timeout.optionalText("unreported") == null
              ? null
              : timeout.word("unreported", Activity.class));
    } catch (IllegalArgumentException e) {
      throw new LineRefused("session.timeout: " + e.getMessage());
    }
  }

  private static Turns turns(Fields agent) {
    return new Turns(
        agent.text("id"),
        agent.number("answeredTo"),
        agent.object(
            "turn",
            turn ->
                new Turn(
                    turn.number("seq"), (int) turn.number("attempt"), turn.time("startedAt"))));
  }

  /** The stream that an object names. */
  static Channel channel(Fields stream) {
    Direction direction = stream.word("direction", Direction.class);
    String name = stream.text("channel");
    if (name.isEmpty()) {
      return direction == Direction.IN ? Channel.IN : Channel.OUT;
    }
    return Channel.side(name, direction)
        .orElseThrow(() -> new LineRefused("a channel must match [A-Za-z0-9._-]{1,128}"));
  }

  private static ChannelState stream(Fields stream) {
    String fence = stream.optionalText("fencingToken");
    return new ChannelState(
        stream.number("nextSeq"),
        stream.number("trimPoint"),
        fence == null ? "" : fence,
        stream.number("lastTimestamp"),
        stream.truth("settled"),
        stream.number("newestSeq"),
        stream.number("bytes"),
        SparseIndex.EMPTY,
        PartIdWindow.EMPTY,
        PartIdWindow.NO_BATCHES);
  }

  private static Waitpoint waitpoint(Fields waitpoint, SessionId named, SessionId id) {
    String own = WAITPOINT + named.friendlyId().substring(SessionId.PREFIX.length());
    String text = waitpoint.text("id");
    String moved =
        text.startsWith(own)
            ? WAITPOINT
                + id.friendlyId().substring(SessionId.PREFIX.length())
                + text.substring(own.length())
            : text;
    Fields on = waitpoint.object("on", each -> each);
    return new Waitpoint(
        moved,
        on == null ? null : channel(on),
        on == null ? -1 : on.number("afterSeq"),
        waitpoint.time("createdAt"),
        waitpoint.optionalTime("timeoutAt"),
        waitpoint.texts("tags"),
        waitpoint.optionalText("idempotencyKey"),
        waitpoint.optionalTime("idempotencyKeyExpiresAt"),
        waitpoint.object("outcome", StateReader::outcome),
        waitpoint.object("callback", StateReader::callback));
  }

  private static Waitpoint.Outcome outcome(Fields outcome) {
    Waitpoint.@Nullable Output output =
        outcome.object(
            "output", each -> new Waitpoint.Output(channel(each), each.number("fromSeq")));
    return new Waitpoint.Outcome(outcome.truth("timedOut"), outcome.time("at"), output);
  }

  private static Callback callback(Fields callback) {
    return new Callback(
        callback.text("url"),
        callback.text("origin"),
        callback.optionalTime("owedSince"),
        (int) callback.number("tries"),
        callback.optionalTime("nextTry"));
  }
}
