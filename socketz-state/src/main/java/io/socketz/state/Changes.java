package io.socketz.state;

import java.util.List;

/**
 * All changes of one revision.
 *
 * @param changes one or more, unmodifiable
 */
public record Changes(long revision, List<Change> changes) {}
