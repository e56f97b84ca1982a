package dev.parley.session;

/**
 * A durable record at its place.
 *
 * @param seq its number in the stream, from 0 without gaps
 * @param timestamp Unix milliseconds, never below the timestamp of the record before it
 */
public record SequencedRecord(long seq, long timestamp, RecordContent content) {}
