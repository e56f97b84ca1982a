package dev.parley.storage;

import java.util.UUID;

/**
 * A file that has been uploaded completely.
 *
 * @param name as its sender called it, without a path
 * @param mimeType as its bytes say
 * @param size in bytes
 * @param place where its bytes are, a {@link FileBytes#place()}
 */
public record StoredFile(
    UUID id, FileOwner owner, String name, String mimeType, long size, String place) {}
