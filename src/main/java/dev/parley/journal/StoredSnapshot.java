package dev.parley.journal;

/**
 * A session's state as bytes. The state is encoded on the actor's own thread and before anything
 * can follow it, so what is stored is exactly what was current.
 *
 * @param bytes a {@code Snapshot} message of {@code journal.proto}
 */
@SuppressWarnings("ArrayRecordComponent")
public record StoredSnapshot(byte[] bytes) {}
