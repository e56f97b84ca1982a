package dev.parley.http.uploads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** web-runtime.md section 7: the type is decided from the bytes. */
class FileTypesTest {
  private static final FileTypes TYPES = new FileTypes();

  static Stream<Arguments> kept() {
    return Stream.of(
        arguments("PNG", Samples.image("png"), "image/png", true),
        arguments("JPEG", Samples.image("jpg"), "image/jpeg", true),
        arguments("GIF", Samples.image("gif"), "image/gif", true),
        arguments("BMP", Samples.image("bmp"), "image/bmp", true),
        arguments("WebP", Samples.text("RIFF\30\0\0\0WEBPVP8 \14\0\0\0"), "image/webp", true),
        arguments("SVG", Samples.SVG, "image/svg+xml", false),
        arguments(
            "SVG without a declaration",
            Samples.text("<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"),
            "image/svg+xml",
            false),
        arguments("PDF", Samples.PDF, "application/pdf", true),
        arguments("SQLite", Samples.SQLITE, "application/x-sqlite3", false),
        arguments("XML", Samples.XML, "application/xml", false),
        arguments(
            "Atom",
            Samples.text("<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'/>"),
            "application/xml",
            false),
        arguments("text", Samples.TEXT, "text/plain", true),
        arguments("JSON", Samples.text("{\"a\": [1, 2]}"), "text/plain", true),
        arguments("a script for a shell", Samples.text("#!/bin/sh\nls\n"), "text/plain", true),
        arguments("a mail", Samples.text("From: a@b.c\nSubject: x\n\nHello\n"), "text/plain", true),
        arguments("one character", Samples.text("x"), "text/plain", true));
  }

  @ParameterizedTest(name = "{0} is {2}")
  @MethodSource("kept")
  void allowed_families_are_known_by_their_bytes(
      String name, byte[] bytes, String type, boolean shown) {
    assertThat(TYPES.of(ByteString.fromArray(bytes))).contains(type);
    assertThat(FileTypes.isShown(type)).isEqualTo(shown);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("HTML", Samples.HTML),
        arguments("XHTML", Samples.XHTML),
        arguments("HTML without a doctype", Samples.text("<html><head></head></html>")),
        arguments("HTML behind white space", Samples.text("\n\n   <HTML><BODY onload=x()>")),
        arguments("HTML behind a comment", Samples.text("<!-- hi -->\n<html><body></body></html>")),
        arguments("a script of a page", Samples.text("<script>alert(1)</script>")),
        arguments("a frame", Samples.text("<iframe src='https://x.example'></iframe>")),
        arguments("a program", Samples.PROGRAM),
        arguments("an archive", Samples.ARCHIVE),
        arguments("noise", Samples.NOISE));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void everything_else_is_refused(String name, byte[] bytes) {
    assertThat(TYPES.of(ByteString.fromArray(bytes))).isEqualTo(Optional.empty());
  }
}
