package dev.parley.http.channels;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Envelope ids for appends that bring none: readers tell records apart by them. */
final class RecordId {
  private RecordId() {}

  /** 128 random bits; unique, but no secret. */
  static String random() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }
}
