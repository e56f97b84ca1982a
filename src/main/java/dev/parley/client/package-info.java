/**
 * A client for sessions and their channels, with the JDK's {@code HttpClient}, Jackson and nothing
 * of the server. What it stores, it stores once, also when answers get lost; what it follows, it
 * follows without a gap or a repetition, also when connections break and nodes leave.
 *
 * <pre>{@code
 * ParleyClient parley = ParleyClient.builder("http://127.0.0.1:8080", secretKey).build();
 * parley.create(NewSession.of("chat", "support").externalId("chat-1"));
 *
 * Channel in = Channel.in("chat-1");
 * long seq = parley.append(in, "Hello");
 * List<ChannelRecord> first = parley.read(in, 0, 100);
 *
 * // Calls onNext with every record from number seq on, as many at a time as it has asked for.
 * parley.tail(in, seq).subscribe(subscriber);
 * }</pre>
 */
@NullMarked
package dev.parley.client;

import org.jspecify.annotations.NullMarked;
