package dev.parley.http.sessions;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.entity.Inspection;
import dev.parley.entity.Sessions;
import dev.parley.entity.Timelines;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.Call;
import dev.parley.http.shared.Endpoints;
import dev.parley.http.shared.Endpoints.Access;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.Refused;
import dev.parley.http.shared.Replies;
import dev.parley.http.shared.SessionAccess;
import dev.parley.http.shared.SessionKeys;
import dev.parley.session.Activity;
import dev.parley.session.Channel;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatcher1;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * What operators ask of any session, with the secret key: {@code GET
 * /api/v1/sessions/:session/timeline} and {@code POST /api/v1/sessions/:session/renew}, extensions
 * of ours.
 */
public final class OperatorRoutes {
  private static final PathMatcher1<String> SESSION =
      segment("api").slash("v1").slash("sessions").slash(segment());

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 500;

  /** Bodies are not read. */
  private static final int MAX_BODY = 1_024;

  private final Endpoints endpoints;
  private final Sessions sessions;
  private final SessionAccess access;
  private final Timelines timelines;

  public OperatorRoutes(Endpoints endpoints, Sessions sessions, Timelines timelines) {
    this.endpoints = endpoints;
    this.sessions = sessions;
    this.access = new SessionAccess(sessions);
    this.timelines = timelines;
  }

  public Route routes() {
    return concat(
        path(
            SESSION.slash("timeline"),
            key ->
                endpoints
                    .own()
                    .loader("GET", Access.SECRET_KEY, call -> timeline(call, key))
                    .route()),
        path(
            SESSION.slash("renew"),
            key ->
                endpoints
                    .own()
                    .action("POST", Access.SECRET_KEY, MAX_BODY, call -> renew(call, key))
                    .route()));
  }

  private CompletionStage<HttpResponse> timeline(Call call, String key) {
    List<String> problems = new ArrayList<>();
    long before = number(call, "before", Long.MAX_VALUE, Long.MAX_VALUE, problems);
    int limit = (int) number(call, "limit", DEFAULT_LIMIT, MAX_LIMIT, problems);
    if (!problems.isEmpty()) {
      throw new Refused(Answers.detailed("Query Error", problems));
    }
    return access
        .forLoader(
            call,
            Channel.IN,
            key,
            (id, info) -> SessionKeys.of(key, id, info),
            false,
            Answers.notFound("Not found"))
        .thenCompose(session -> timeline(session.id(), session.inspection(), before, limit));
  }

  private CompletionStage<HttpResponse> timeline(
      SessionId id, Inspection in, long before, int limit) {
    return sessions
        .inspect(id, Channel.OUT)
        .thenCombine(
            timelines.read(id, in.generation(), before, limit),
            (out, timeline) -> Answers.json(200, TimelineDocument.of(timeline, in, out)));
  }

  private static long number(
      Call call, String name, long absent, long largest, List<String> problems) {
    Optional<String> text = call.query(name);
    if (text.isEmpty()) {
      return absent;
    }
    long number = text.get().matches("[0-9]{1,18}") ? Long.parseLong(text.get()) : 0;
    if (number < 1 || number > largest) {
      problems.add(
          largest == Long.MAX_VALUE
              ? name + " must be the version of an event"
              : name + " must be an integer from 1 to " + largest);
    }
    return number;
  }

  private CompletionStage<HttpResponse> renew(Call call, String key) {
    SessionId id =
        SessionId.parse(call.credential().environment().id(), key)
            .orElseThrow(() -> new Refused(Answers.error(404, "Session not found")));
    return sessions
        .ask(id, new SessionCommand.Touch(Activity.MANUAL))
        .thenApply(OperatorRoutes::renewed);
  }

  private static HttpResponse renewed(SessionReply reply) {
    if (reply instanceof SessionReply.Alive alive) {
      ObjectNode lifetime = Json.object();
      TimelineDocument.put(lifetime, alive.lifetime());
      return Answers.json(200, lifetime);
    }
    if (reply instanceof SessionReply.NoTimeout) {
      return Answers.error(409, "The session has no timeout that could be renewed");
    }
    if (reply instanceof SessionReply.Closed) {
      return Answers.error(409, "Cannot renew a closed session");
    }
    if (reply instanceof SessionReply.Expired) {
      return Answers.error(409, "Cannot renew an expired session");
    }
    if (reply instanceof SessionReply.AtMaximum maximum) {
      return Answers.error(
          422,
          "The session has reached its maximum duration and ends at "
              + Json.date(maximum.lifetime().latestEnd()));
    }
    return Replies.of(reply);
  }
}
