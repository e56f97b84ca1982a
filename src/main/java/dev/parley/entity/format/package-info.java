/**
 * Objects as protobuf under one-letter manifests: the table of the kinds that one serializer knows,
 * and the serializer of those that are stored. What crosses nodes has one of its own in {@code
 * entity.remote}, over the same tables.
 */
@NullMarked
package dev.parley.entity.format;

import org.jspecify.annotations.NullMarked;
