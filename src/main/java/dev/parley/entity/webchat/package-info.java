/**
 * What organizations and the server's owner decide about webchats: one persistent actor for each
 * organization's settings and one for each event that visitors enter by. A key names its
 * organization, so both are found without a look-up table.
 */
@NullMarked
package dev.parley.entity.webchat;

import org.jspecify.annotations.NullMarked;
