/**
 * What crosses nodes: the questions to sessions and their answers as protobuf under one-letter
 * manifests (messages.proto). Two versions of the server run side by side while nodes are replaced,
 * so what one writes the other reads.
 */
@NullMarked
package dev.parley.entity.remote;

import org.jspecify.annotations.NullMarked;
