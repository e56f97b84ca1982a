package dev.parley.http.channels;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.auth.StreamCredentials;
import dev.parley.entity.Inspection;
import dev.parley.entity.ReadEvent;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Endpoints.Access;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.Refused;
import dev.parley.http.shared.Replies;
import dev.parley.http.shared.SessionAccess;
import dev.parley.http.shared.SseFormat;
import dev.parley.session.Bytes;
import dev.parley.session.PartId;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SessionReply;
import dev.parley.session.SessionStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.PathMatcher1;
import org.apache.pekko.http.javadsl.server.PathMatcher2;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** {@code /realtime/v1/sessions/:session[/channels/:name]/:io} (trigger.md section 4). */
public final class ChannelRoutes {
  private static final int MAX_APPEND = 1_048_576;
  private static final int MAX_METERED = 1_048_576;
  private static final Duration PING_EVERY = Duration.ofSeconds(10);

  private static final PathMatcher1<String> SESSION =
      segment("realtime").slash("v1").slash("sessions").slash(segment());
  private static final PathMatcher2<String, String> PAIR = SESSION.slash(segment());

  private static final ContentType EVENT_STREAM =
      ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM);

  private static final List<HttpHeader> STREAM_HEADERS =
      List.of(
          RawHeader.create("Cache-Control", "no-cache, no-transform"),
          RawHeader.create("X-Accel-Buffering", "no"),
          RawHeader.create("X-Stream-Version", "v2"));

  private final Endpoints endpoints;
  private final Sessions sessions;
  private final SessionAccess access;
  private final S2Endpoint s2;
  private final Clock clock;

  public ChannelRoutes(
      Endpoints endpoints,
      Sessions sessions,
      StreamCredentials credentials,
      @Nullable String publicUrl,
      Clock clock) {
    this.endpoints = endpoints;
    this.sessions = sessions;
    this.access = new SessionAccess(sessions);
    this.s2 = new S2Endpoint(credentials, publicUrl);
    this.clock = clock;
  }

  public Route routes() {
    return concat(
        path(PAIR, (key, io) -> stream(key, null, io)),
        path(PAIR.slash("append"), (key, io) -> appends(key, null, io)),
        path(PAIR.slash("records"), (key, io) -> drains(key, null, io)),
        path(side(), (key, channel) -> stream(key, channel.name(), channel.io())),
        path(side().slash("append"), (key, channel) -> appends(key, channel.name(), channel.io())),
        path(side().slash("records"), (key, channel) -> drains(key, channel.name(), channel.io())));
  }
}
