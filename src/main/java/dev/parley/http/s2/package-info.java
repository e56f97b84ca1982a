/**
 * The S2 data plane behind {@code X-S2-Endpoint} (contract s2.md): unary appends and reads, and the
 * sessions of frames that writers and readers hold open over HTTP/2. The same streams as those of
 * the channels, on the same core.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.http.s2;
