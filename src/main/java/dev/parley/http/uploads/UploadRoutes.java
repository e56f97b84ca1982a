package dev.parley.http.uploads;

import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.http.shared.Answers;
import dev.parley.http.shared.ControlPlaneErrors;
import dev.parley.http.shared.Exchanges;
import dev.parley.http.shared.IncomingBody;
import dev.parley.http.shared.Json;
import dev.parley.http.shared.PublicOrigin;
import dev.parley.http.shared.Refused;
import dev.parley.storage.FileOwner;
import dev.parley.storage.FileStore;
import dev.parley.storage.StoredFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.PathMatcher0;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code POST /api/storage/upload}, {@code POST /api/chat/attachments} and {@code GET
 * /api/storage/files/:id} (across.md section 9).
 */
public final class UploadRoutes {
  private static final PathMatcher0 STORAGE = segment("api").slash("storage");
  private static final int MAX_ATTACHMENTS = 5;

  /** With a boundary as in RFC 2046, section 5.1.1. */
  private static final Pattern FORM =
      Pattern.compile(
          "multipart/form-data;.*\\bboundary=(\"?)"
              + "[A-Za-z0-9'()+_,./:=? -]{0,69}[A-Za-z0-9'()+_,./:=?-]\\1(;.*)?");

  private final ActorSystem<?> system;
  private final Exchanges exchanges;
  private final UploadAccess access;
  private final FileStore store;
  private final PublicOrigin origin;
  private final UploadLimits limits;
  private final FileTypes types = new FileTypes();
  private final AtomicInteger underWay = new AtomicInteger();

  public UploadRoutes(
      ActorSystem<?> system,
      Exchanges exchanges,
      UploadAccess access,
      FileStore store,
      PublicOrigin origin,
      UploadLimits limits) {
    this.system = system;
    this.exchanges = exchanges;
    this.access = access;
    this.store = store;
    this.origin = origin;
    this.limits = limits;
  }

  public Route routes() {
    return concat(
        path(STORAGE.slash("upload"), () -> upload("file", 1)),
        path(
            segment("api").slash("chat").slash("attachments"),
            () -> upload("files", MAX_ATTACHMENTS)),
        path(STORAGE.slash("files").slash(segment()), this::file));
  }

  private Route upload(String field, int maxFiles) {
    return exchanges.route(
        new ControlPlaneErrors(),
        Map.of("POST", (request, body) -> receive(request, body, field, maxFiles)));
  }

  private Route file(String id) {
    Exchanges.Handler serve = (request, body) -> serve(request, id);
    Map<String, Exchanges.Handler> byMethod = new LinkedHashMap<>();
    byMethod.put("GET", serve);
    byMethod.put("HEAD", serve);
    return exchanges.route(new ControlPlaneErrors(), byMethod);
  }

  private CompletionStage<HttpResponse> receive(
      HttpRequest request, IncomingBody body, String field, int maxFiles) {
    return holder(request)
        .thenCompose(
            holder -> {
              requireForm(request);
              requireSize(request, maxFiles);
              return holder.newFiles();
            })
        .thenCompose(owner -> receive(request, body, field, maxFiles, owner));
  }

  private CompletionStage<HttpResponse> receive(
      HttpRequest request, IncomingBody body, String field, int maxFiles, FileOwner owner) {
    if (underWay.incrementAndGet() > limits.maxUnderWay()) {
      underWay.decrementAndGet();
      throw UploadErrors.busy();
    }
    Upload upload = new Upload(system, store, types, owner, field, maxFiles, limits.maxFileBytes());
    FormBody form =
        new FormBody(
            system, request.entity().getContentType(), body, maxBytes(maxFiles), limits.within());
    return form.to(upload::receive)
        .handle(
            (files, failure) -> {
              underWay.decrementAndGet();
              if (failure != null) {
                throw new CompletionException(UploadErrors.explained(failure, maxBytes(maxFiles)));
              }
              return Answers.json(201, document(request, files));
            });
  }

  private long maxBytes(int maxFiles) {
    return maxFiles * limits.maxFileBytes() + UploadLimits.OVERHEAD;
  }

  private CompletionStage<UploadAccess.Holder> holder(HttpRequest request) {
    return access
        .holder(request)
        .thenApply(holder -> holder.orElseThrow(UploadErrors::notLoggedIn));
  }

  private static void requireForm(HttpRequest request) {
    if (!FORM.matcher(request.entity().getContentType().toString()).matches()) {
      throw UploadErrors.noMultipart();
    }
  }

  /** A sixth file is told by its number, so a body is too large only beyond one more. */
  private void requireSize(HttpRequest request, int maxFiles) {
    OptionalLong length = request.entity().getContentLengthOption();
    if (length.isPresent() && length.getAsLong() > maxBytes(maxFiles)) {
      throw maxFiles == 1
          ? UploadErrors.fileTooLarge(limits.maxFileBytes())
          : UploadErrors.bodyTooLarge(maxBytes(maxFiles));
    }
  }

  private ObjectNode document(HttpRequest request, List<StoredFile> files) {
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("files");
    for (StoredFile file : files) {
      list.addObject()
          .put("id", file.id().toString())
          .put("url", origin.of(request) + "/api/storage/files/" + file.id())
          .put("name", file.name())
          .put("size", file.size())
          .put("mimeType", file.mimeType());
    }
    return body;
  }

  private CompletionStage<HttpResponse> serve(HttpRequest request, String id) {
    return holder(request)
        .thenCompose(holder -> store.find(uuid(id)).thenCompose(file -> seen(holder, file)))
        .thenApply(file -> ServedFile.answer(request, file, store.bytes(file)));
  }

  /** One that may not be seen looks like one that is not there. */
  private static CompletionStage<StoredFile> seen(
      UploadAccess.Holder holder, Optional<StoredFile> found) {
    StoredFile file = found.orElseThrow(UploadRoutes::unknown);
    return holder
        .sees(file.owner())
        .thenApply(
            sees -> {
              if (!sees) {
                throw unknown();
              }
              return file;
            });
  }

  private static UUID uuid(String id) {
    try {
      UUID uuid = UUID.fromString(id);
      // The parser takes shorter forms, too.
      if (uuid.toString().equals(id)) {
        return uuid;
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw unknown();
  }

  private static Refused unknown() {
    return new Refused(Answers.notFound("File not found"));
  }
}
