package dev.parley.http.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.entity.SessionCopies;
import dev.parley.entity.Sessions;
import dev.parley.http.shared.Json;
import dev.parley.session.RestoredPiece;
import dev.parley.session.Session;
import dev.parley.session.SessionInfo;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/**
 * Takes the lines of an export one after the other. What is wrong with a session is noted and
 * leaves nothing of it; the sessions behind it are taken all the same.
 */
final class SessionImport {
  static final int VERSION = 1;

  private static final CompletionStage<Done> DONE = CompletableFuture.completedFuture(Done.done());

  private final ActorSystem<?> system;
  private final Sessions sessions;
  private final SessionCopies copies;
  private final String environmentId;
  private final ImportCounts counts = new ImportCounts();

  private boolean begun;
  private @Nullable String wrongFile;

  /** Why the server can't go on. */
  private @Nullable Throwable broken;

  /** The session whose lines come; null before its line, and when it was refused. */
  private @Nullable Arrival arrival;

  private @Nullable String arriving;

  SessionImport(
      ActorSystem<?> system, Sessions sessions, SessionCopies copies, String environmentId) {
    this.system = system;
    this.sessions = sessions;
    this.copies = copies;
    this.environmentId = environmentId;
  }

  /** Why the whole is none of our exports; null when it is one. */
  @Nullable String wrongFile() {
    return begun || wrongFile != null ? wrongFile : "there is no line in it";
  }

  /** What has come of all lines. Fails when the server could not go on. */
  CompletionStage<ObjectNode> outcome() {
    return broken == null
        ? CompletableFuture.completedFuture(counts.document())
        : CompletableFuture.failedFuture(broken);
  }

  /**
   * Takes a line. Never fails: a body has to be read to its end, so what comes when nothing more
   * can be done is passed by.
   */
  CompletionStage<Done> take(Lines.Line line) {
    if (wrongFile != null || broken != null) {
      return DONE;
    }
    CompletionStage<Done> taken;
    try {
      taken = take(parse(line), line.number());
    } catch (LineRefused e) {
      taken = CompletableFuture.failedFuture(e);
    }
    return taken
        .handle((done, failure) -> failure == null ? DONE : refused(line.number(), failure))
        .thenCompose(next -> next);
  }

  private Done stop(Throwable failure) {
    broken = failure;
    return Done.done();
  }

  private static JsonNode parse(Lines.Line line) {
    byte[] bytes = line.bytes();
    if (bytes == null) {
      throw new LineRefused("the line is longer than " + Lines.MAX_BYTES + " bytes");
    }
    return Json.parse(bytes)
        .filter(JsonNode::isObject)
        .orElseThrow(() -> new LineRefused("the line is no JSON object"));
  }

  private CompletionStage<Done> take(JsonNode line, long number) {
    if (!begun) {
      requireHeader(line);
      begun = true;
      return DONE;
    }
    if (counts.isComplete()) {
      throw new LineRefused("there is something behind the end");
    }
    if (line.has("session")) {
      return begin(line.get("session"), number);
    }
    if (line.has("end")) {
      return leave(number)
          .thenApply(
              done -> {
                counts.complete();
                return done;
              });
    }
    // What belongs to a session that was refused is passed by.
    if (arrival == null) {
      return DONE;
    }
    if (line.has(PieceJson.RECORDS)) {
      return take(arrival, PieceJson.records(line.get(PieceJson.RECORDS)));
    }
    if (line.has(PieceJson.PART_IDS)) {
      return take(arrival, PieceJson.partIds(line.get(PieceJson.PART_IDS)));
    }
    if (line.has("done")) {
      return finish(arrival, line.get("done"));
    }
    throw new LineRefused("a line must say session, records, partIds, done or end");
  }

  private static void requireHeader(JsonNode line) {
    if (!line.path("parley").asText().equals("export")) {
      throw new LineRefused("the first line must begin with {\"parley\":\"export\"");
    }
    if (line.path("version").asInt(-1) != VERSION) {
      throw new LineRefused(
          "version %s of the format is not known, only %d"
              .formatted(line.path("version").asText("?"), VERSION));
    }
  }

  private CompletionStage<Done> begin(JsonNode state, long number) {
    return leave(number)
        .thenCompose(
            left -> {
              arriving = state.path("id").asText(null);
              Session target = StateReader.read(state, environmentId);
              SessionInfo row = target.info();
              arriving =
                  row == null || row.externalId() == null
                      ? target.id().friendlyId()
                      : row.externalId();
              return copies
                  .portray(target.id())
                  .thenApply(
                      portrait -> {
                        Session there = portrait.session();
                        boolean blank =
                            there.info() == null
                                && there.channels().isEmpty()
                                && there.waitpoints().all().isEmpty();
                        arrival =
                            portrait.restoring() || blank
                                ? new Restoring(copies, target)
                                : Comparing.of(system, sessions, there, target);
                        return Done.done();
                      });
            });
  }

  /** Goes on to something else, for which the present session should have been at its end. */
  private CompletionStage<Done> leave(long number) {
    return arrival == null
        ? DONE
        : refused(number, new LineRefused("the session before it has no line that says done"));
  }

  private static CompletionStage<Done> take(Arrival arrival, RestoredPiece piece) {
    return arrival.take(piece);
  }

  private CompletionStage<Done> finish(Arrival whole, JsonNode done) {
    if (done.path("gone").asBoolean()) {
      arrival = null;
      counts.gone();
      return whole.abandon();
    }
    return whole
        .finish()
        .thenApply(
            outcome -> {
              arrival = null;
              counts.arrived(outcome, whole.records());
              return Done.done();
            });
  }

  private CompletionStage<Done> refused(long number, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (!(cause instanceof LineRefused)) {
      broken = cause;
      return DONE;
    }
    if (!begun) {
      wrongFile = "line %d: %s".formatted(number, cause.getMessage());
      return DONE;
    }
    counts.refuse(number, arriving, "" + cause.getMessage());
    Arrival refused = arrival;
    arrival = null;
    arriving = null;
    return refused == null ? DONE : refused.abandon().exceptionally(this::stop);
  }
}
