package dev.parley.http.shared;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.AcceptEncoding;
import org.apache.pekko.http.javadsl.model.headers.HttpEncodings;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/**
 * Bytes that are the same for everybody, plain and compressed once. Each form has a strong ETag of
 * its own; both are the same on every node that serves the same version.
 */
public final class Asset {
  private static final HttpHeader VARY = RawHeader.create("Vary", "Accept-Encoding");

  /** Pages of any site may load it, those that isolate themselves included. */
  private static final HttpHeader FOR_ALL =
      RawHeader.create("Cross-Origin-Resource-Policy", "cross-origin");

  private final ContentType type;
  private final String version;
  private final Form plain;
  private final Form compressed;

  /** One form of the bytes. */
  private record Form(ByteString bytes, String tag, List<HttpHeader> headers) {
    HttpHeader etag() {
      return RawHeader.create("ETag", tag);
    }
  }

  private Asset(ContentType type, byte[] bytes) {
    this.type = type;
    this.version = digest(bytes);
    this.plain = new Form(ByteString.fromArray(bytes), "\"" + version + "\"", List.of());
    this.compressed =
        new Form(
            ByteString.fromArray(gzip(bytes)),
            "\"" + version + "-gzip\"",
            List.of(RawHeader.create("Content-Encoding", "gzip")));
  }

  /** The bytes in both forms. */
  public static Asset of(ContentType type, byte[] bytes) {
    return new Asset(type, bytes);
  }

  /**
   * @param name of a resource
   * @throws IllegalStateException when there is none; it is a part of the program
   */
  public static byte[] read(String name) {
    try (InputStream in = Asset.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names these bytes and no others. */
  public String version() {
    return version;
  }

  /** The size that browsers load, in bytes. */
  public int compressedSize() {
    return compressed.bytes().size();
  }

  /**
   * The form that the client takes, or 304 when it has one of them.
   *
   * @param cacheControl how long it may keep it without asking
   */
  public HttpResponse answer(HttpRequest request, String cacheControl) {
    Form form = takesGzip(request) ? compressed : plain;
    HttpResponse response =
        knows(request)
            ? HttpResponse.create().withStatus(304).withEntity(HttpEntities.EMPTY)
            : HttpResponse.create()
                .withEntity(HttpEntities.create(type, form.bytes()))
                .addHeaders(form.headers());
    return response.addHeaders(
        List.of(form.etag(), RawHeader.create("Cache-Control", cacheControl), VARY, FOR_ALL));
  }

  private boolean knows(HttpRequest request) {
    return request
        .getHeader("If-None-Match")
        .map(HttpHeader::value)
        .filter(
            tags ->
                Arrays.stream(tags.split(","))
                    .map(tag -> tag.strip().replaceFirst("^W/", ""))
                    .anyMatch(
                        tag ->
                            tag.equals("*")
                                || tag.equals(plain.tag())
                                || tag.equals(compressed.tag())))
        .isPresent();
  }

  private static boolean takesGzip(HttpRequest request) {
    return request
        .getHeader(AcceptEncoding.class)
        .filter(
            accepted -> {
              for (var range : accepted.getEncodings()) {
                if (range.matches(HttpEncodings.GZIP) && range.qValue() > 0) {
                  return true;
                }
              }
              return false;
            })
        .isPresent();
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2);
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
