package dev.parley.http.uploads;

import dev.parley.http.shared.Answers;
import dev.parley.storage.StoredFile;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** A file as it goes to a browser: as what it is and nothing else, and without any rights. */
final class ServedFile {
  /** Neither scripts, forms nor requests, and an origin of its own. */
  private static final String SANDBOX =
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:;"
          + " frame-ancestors 'self'";

  /** Viewers of PDF don't start in a sandbox; they run no script of the page. */
  private static final String PDF =
      "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'";

  private ServedFile() {}

  static HttpResponse answer(
      HttpRequest request, StoredFile file, Source<ByteString, NotUsed> bytes) {
    String tag = "\"" + file.id() + "\"";
    List<HttpHeader> headers =
        List.of(
            RawHeader.create(
                "Content-Security-Policy", FileTypes.isPdf(file.mimeType()) ? PDF : SANDBOX),
            RawHeader.create(
                "Content-Disposition",
                FileName.disposition(FileTypes.isShown(file.mimeType()), file.name())),
            RawHeader.create("Cache-Control", "private, max-age=300"),
            RawHeader.create("Vary", "Authorization, Cookie"),
            RawHeader.create("ETag", tag));
    boolean known =
        request.getHeader("If-None-Match").filter(one -> one.value().contains(tag)).isPresent();
    HttpResponse response =
        known
            ? Answers.empty(304)
            : HttpResponse.create()
                .withEntity(
                    HttpEntities.create(
                        ContentTypes.parse(contentType(file.mimeType())), file.size(), bytes));
    return response.addHeaders(headers);
  }

  private static String contentType(String mimeType) {
    return mimeType.equals("text/plain") ? "text/plain; charset=utf-8" : mimeType;
  }
}
